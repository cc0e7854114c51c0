"""One line of the log for each request, without what people searched for."""

from django.http import HttpRequest
from django_structlog.middlewares.request import RequestMiddleware


class RequestLogMiddleware(RequestMiddleware):
    """django_structlog's, but a line holds no query: words that people search for are names of people, too."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Return method and address."""
        return f"{request.method} {request.path}"

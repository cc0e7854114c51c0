"""How Jejak is, for those who watch it: answered to any host name, before sessions and whatever else reads."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

LIVE_PATH = "/health/live/"
#: The beginning of every address that says how Jejak is.
PATHS = ("/health/",)


@never_cache
@require_safe
@login_not_required
def live(_request: HttpRequest) -> HttpResponse:
    """Answer 200 when this process answers; says nothing of the database, and never asks it."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


class HealthMiddleware:
    """Answers whether the process lives. Stands before what looks at host names."""

    answers: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {LIVE_PATH: live}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.answers.get(request.path_info, self.get_response)
        return answer(request)

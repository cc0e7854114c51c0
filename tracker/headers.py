"""Headers of every answer, of static files too, that Django does not send by itself."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

#: Where browsers send what a page's policy refused, and under which name the policy speaks of it.
REPORTS_PATH, REPORTS_NAME = "/csp-reports/", "csp"


class SiteHeadersMiddleware:
    """Say that no other site may embed an answer, and where reports go. Stands before all others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if "Content-Security-Policy" in response.headers:
            response.headers["Reporting-Endpoints"] = f'{REPORTS_NAME}="{REPORTS_PATH}"'
        return response

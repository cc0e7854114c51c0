"""Headers of every answer, of static files too, that Django does not send by itself, and what they say."""

from collections.abc import Callable, Sequence

from csp.constants import NONE, SELF
from django.http import HttpRequest
from django.http.response import HttpResponseBase

#: Where browsers send what a page's policy refused, and under which name the policy speaks of it.
REPORTS_PATH, REPORTS_NAME = "/csp-reports/", "csp"
#: What no page of ours asks a browser for.
PERMISSIONS: dict[str, list[str]] = {
    feature: []
    for feature in (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}


def content_policy(*, forms_to: Sequence[str]) -> dict[str, list[str] | str]:
    """Return the directives of the content security policy; `forms_to`: origins beside our own that forms lead to."""
    return {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Browsers hold this also against where a form's answer redirects: to sign in and out at the provider.
        "form-action": [SELF, *forms_to],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # Older browsers read the first of these, newer ones the second.
        "report-uri": [REPORTS_PATH],
        "report-to": REPORTS_NAME,
    }


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

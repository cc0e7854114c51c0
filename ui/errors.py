"""Error pages, each in both languages. None contains the address that was asked for, nor why it was refused."""

import secrets

import structlog
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string

logger = structlog.get_logger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 to a request that none of our pages sends."""
    return HttpResponse(render_to_string("400.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 to a refusal that is not about one of our objects (those answer 404)."""
    return HttpResponse(_render(request, "403.html"), status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 with the same page for every address, so that hidden looks like missing."""
    return HttpResponse(_render(request, "404.html"), status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 when a page was open too long; the browser keeps the typed text."""
    return HttpResponse(_render(request, "403_csrf.html"), status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a reference that the log also contains. Needs neither session nor database."""
    reference = _reference()
    logger.error("page_failed", reference=reference)
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)


def _render(request: HttpRequest, template: str) -> str:
    """Return an error page with the header of the person who asks.

    It is drawn as for no page at all: the address that they asked for, and what its view had found before it refused,
    leave no mark. Of two such pages only the tokens of their forms differ, and those differ each time.
    """
    get_token(request)  # The new page has the same secret, and the answer to this request sets its cookie.
    nowhere = HttpRequest()
    nowhere.method, nowhere.META = "GET", {**request.META, "QUERY_STRING": ""}
    if hasattr(request, "user"):
        nowhere.user = request.user
    return render_to_string(template, request=nowhere)


def _reference() -> str:
    """Return eight letters and digits, such as 7F3K-20QD."""
    alphabet = "ABCDEFGHJKLMNPQRSTVWXYZ0123456789"
    letters = "".join(secrets.choice(alphabet) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"

"""Error pages. Each shows both languages and contains neither address nor token."""

import secrets

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

logger = structlog.get_logger(__name__)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 to a request that none of our pages sends."""
    return HttpResponse(render_to_string("400.html"), status=400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 to a refusal that is not about one of our objects (those answer 404)."""
    return HttpResponse(render_to_string("403.html"), status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 with the same bytes for every address, so that hidden looks like missing.

    Signed-in people get their navigation. It is drawn as for no page at all: the address that they asked for, and what its
    view had found before it refused, leave no mark.
    """
    return HttpResponse(render_to_string("404.html", request=_nowhere(request)), status=404)


def _nowhere(request: HttpRequest) -> HttpRequest:
    """Return a request of the same person for no page."""
    nowhere = HttpRequest()
    nowhere.method, nowhere.path, nowhere.META = "GET", "/", {**request.META, "QUERY_STRING": ""}
    if hasattr(request, "user"):
        nowhere.user = request.user
    return nowhere


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a reference that the log also contains. Needs neither session nor database."""
    reference = _reference()
    logger.error("page_failed", reference=reference)
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)


@login_not_required
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 when a page was open too long; the browser keeps the typed text."""
    return HttpResponse(render_to_string("403_csrf.html"), status=403)


def _reference() -> str:
    """Return eight letters and digits, such as 7F3K-20QD."""
    alphabet = "ABCDEFGHJKLMNPQRSTVWXYZ0123456789"
    letters = "".join(secrets.choice(alphabet) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"

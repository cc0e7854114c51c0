"""The pages for what went wrong. Each shows both languages and holds neither address nor token."""

import secrets

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

logger = structlog.get_logger(__name__)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that no page of ours sends."""
    return HttpResponse(render_to_string("400.html"), status=400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A refusal that is not about a thing of ours (those answer 404)."""
    return HttpResponse(render_to_string("403.html"), status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same bytes for everybody and for every address, in each language: what is hidden looks like what is not there."""
    return HttpResponse(render_to_string("404.html"), status=404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Our own fault, with a reference that the log also carries. Renders without session or database."""
    reference = _reference()
    logger.error("page_failed", reference=reference)
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)


@login_not_required
@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long, or in two sessions: the typed text is kept in the browser."""
    return HttpResponse(render_to_string("403_csrf.html"), status=403)


def _reference() -> str:
    """Eight letters and figures, such as 7F3K-20QD."""
    alphabet = "ABCDEFGHJKLMNPQRSTVWXYZ0123456789"
    letters = "".join(secrets.choice(alphabet) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"

"""A refusal in the reader's words: what happened, what was kept, and the way on."""

from django.http import HttpRequest, HttpResponse

from accounts.acting import refused_page
from audit.errors import NotNow
from recommendations.services.checks import CYCLE_CLOSED


def closed_page(request: HttpRequest) -> HttpResponse:
    """The page in the place of a form that a closed cycle does not take."""
    return refused_page(request, NotNow(CYCLE_CLOSED))

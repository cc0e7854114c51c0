"""A refusal in the reader's words: what happened, what was kept, and the way on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.errors import DomainError, NotNow
from recommendations.services.checks import CYCLE_CLOSED


def refused_page(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """The page after an act that could not be done; the reader goes back from here."""
    return render(request, "recommendations/refused.html", {"refusal": str(refusal)}, status=409)


def closed_page(request: HttpRequest) -> HttpResponse:
    """The page in the place of a form that a closed cycle does not take."""
    return refused_page(request, NotNow(CYCLE_CLOSED))

"""A refusal in the reader's words: what happened, what was kept, and the way on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.errors import DomainError


def refused_page(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """The page after an act that could not be done; the reader goes back from here."""
    return render(request, "recommendations/refused.html", {"refusal": str(refusal)}, status=409)

"""The start page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.access import person_of
from recommendations.context import in_cycle


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Redirect agencies to their work, MAPO and observers to the overview."""
    page = "recommendations:my_work" if person_of(request).is_agency_actor else "overview:overview"
    return redirect(in_cycle(request, reverse(page)))

"""The contacts: who answers for what in each agency, and how to reach them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.acting import request_time
from accounts.clearance import Clearance
from recommendations.context import page_cycle
from recommendations.queries.contacts import ContactFilters, read_contacts


@require_safe
def contacts(request: HttpRequest) -> HttpResponse:
    """Show the people of MAPO and of every active agency; the filters are in the address."""
    cycle, filters = page_cycle(request), ContactFilters.read(request.GET)
    context = {
        "cycle": cycle,
        "filters": filters,
        "directory": read_contacts(cycle, filters=filters),
        "now": request_time(request),
        "classification": Clearance.OPEN.label,
    }
    return render(request, "recommendations/contacts/contacts.html", context)

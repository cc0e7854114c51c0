"""The page of one agency: for its coordinators and officers, and for MAPO."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import for_roles, person_of
from accounts.acting import request_time
from accounts.clearance import Clearance
from accounts.models import Agency
from accounts.permissions import may_name_mailbox, may_see_agency_people
from accounts.roles import AGENCY_ROLES, MAPO_ROLES
from audit.clock import local_date
from audit.refusals import refuse
from recommendations.context import page_cycle
from recommendations.forms.assignment_acts import ManyOfficersForm
from recommendations.permissions import may_name_officers_in
from recommendations.queries.agency_page import (
    AgencyFilters,
    WorkState,
    agencies_in_force,
    read_agency_page,
)
from recommendations.queries.my_work import read_agency_tasks
from recommendations.queries.steps import steps_of_agency
from recommendations.states import OfficersChange
from ui.query_state import read_numbers, read_text


@require_safe
@for_roles(*AGENCY_ROLES, *MAPO_ROLES)
def our_agency(request: HttpRequest) -> HttpResponse:
    """Show one agency's work, people and requests: one's own, or for MAPO the one that the address names."""
    return show_agency(request, shown_agency(request))


def shown_agency(request: HttpRequest) -> Agency | None:
    """Return the agency that `?agency=CODE` names, else the person's own; None where MAPO names none.

    Raises Http404 for a code that does not exist, or another agency's (which is recorded).
    """
    person, code = person_of(request), read_text(request.GET, "agency")
    if not code:
        return person.agency if person.is_agency_actor else None
    agency = get_object_or_404(Agency, code=code)
    if not (person.is_mapo or person.agency_id == agency.pk):
        refuse(request, agency, agency_id=agency.pk)
    return agency


def show_agency(
    request: HttpRequest,
    agency: Agency | None,
    *,
    chosen: Iterable[int] | None = None,
    form: ManyOfficersForm | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the page with the chosen assignments and officers ticked: those that the address names, unless given."""
    reader, cycle = person_of(request), page_cycle(request)
    now = request_time(request)
    today = local_date(now)
    context: dict[str, Any] = {
        "agency": agency,
        "code": agency.code if agency else "",
        "cycle": cycle,
        "today": today,
        "now": now,
        "refused": refused,
        "chosen": set(read_numbers(request.GET, "chosen") if chosen is None else chosen),
        "agencies": [(each.code, each.label) for each in agencies_in_force(cycle)] if reader.is_mapo else [],
        "classification": Clearance.RESTRICTED.label,
    }
    if agency is not None:
        filters = AgencyFilters.read(request.GET)
        asked = request.POST if form else request.GET
        tasks = read_agency_tasks(agency, cycle, reader=reader, today=today)
        context |= {
            "filters": filters,
            "states": WorkState.choices,
            "page": read_agency_page(agency, cycle, tasks=tasks, reader=reader, filters=filters, today=today),
            "steps": steps_of_agency(agency.pk, cycle, user=reader, today=today),
            "names_officers": may_name_officers_in(reader, agency.pk) and bool(cycle and not cycle.is_closed),
            "named": set(read_numbers(asked, "officers" if form else "named")),
            "changes": OfficersChange.choices,
            "change": asked.get("change", OfficersChange.ADD),
            "bulk_query": _kept_query(request),
            "names_mailbox": may_name_mailbox(reader, agency.pk),
            "keeps_people": may_see_agency_people(reader) and reader.agency_id == agency.pk,
        }
    return render(request, "recommendations/agency/our_agency.html", context, status=status)


def agency_url(request: HttpRequest) -> str:
    """Return the address of the page with its agency, filters and cycle."""
    query = _kept_query(request)
    return f"{reverse('recommendations:our_agency')}{'?' if query else ''}{query}"


def _kept_query(request: HttpRequest) -> str:
    """Return agency, filters and cycle as a query string, without what is ticked."""
    kept = request.GET.copy()
    for name in ("chosen", "named", "change"):
        kept.pop(name, None)
    return kept.urlencode()

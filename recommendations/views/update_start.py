"""Where a mail's link leads: to the very form, or to the page from which it is one press away."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from accounts.access import find_or_refuse, person_of, refuse
from accounts.acting import refused_page, request_time
from audit import clock
from audit.errors import NotAllowed
from recommendations.context import set_page_cycle
from recommendations.models import Assignment, Update
from recommendations.queries.start_page import read_start_page

#: Said when a colleague's open update is above this person's clearance.
ABOVE_CLEARANCE = NotAllowed(
    gettext_lazy(
        "A colleague has begun this update, and it is classified above your clearance. Nothing was changed."
    )
)


def start_or_resume_update(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Lead somebody of the agency to the open update, or offer to begin one; MAPO to the assignment.

    Writes nothing: a mail's link is opened by scanners and previews too.
    """
    person = person_of(request)
    if person.is_mapo:
        found = find_or_refuse(request, Assignment.objects.visible_to(person), pk=assignment_id)
        return redirect("recommendations:assignment", found.pk)
    if not person.is_agency_actor:
        refuse(request)
    own = Assignment.objects.visible_to(person).filter(agency_id=person.agency_id)
    found = find_or_refuse(request, own.select_related("item__cycle", "agency"), pk=assignment_id)
    if not found.is_confirmed or found.cycle.is_closed:
        return redirect("recommendations:item", found.item_id)
    set_page_cycle(request, found.cycle)
    update = found.open_update
    return _begin_page(request, found) if update is None else _way_on(request, update)


def _way_on(request: HttpRequest, update: Update) -> HttpResponseBase:
    if not Update.objects.visible_to(person_of(request)).filter(pk=update.pk).exists():
        return refused_page(request, ABOVE_CLEARANCE)
    if update.opening_id is not None:
        return redirect("imports:opening", update.opening_id)
    if update.is_editable:
        return redirect("recommendations:update_edit", update.pk)
    return redirect("recommendations:update", update.pk)


def _begin_page(request: HttpRequest, assignment: Assignment) -> HttpResponseBase:
    today = clock.local_date(request_time(request))
    page = read_start_page(assignment, user=person_of(request), today=today)
    context = {"assignment": assignment, "page": page, "today": today}
    return render(request, "recommendations/update_start.html", context)

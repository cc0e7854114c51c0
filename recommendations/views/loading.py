"""Fetching is the access check: what a person may not see or touch is not found."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.access import find_or_refuse, person_of
from recommendations.context import set_page_cycle
from recommendations.models import Assignment, Update


def answered_assignment(request: HttpRequest, assignment_id: int) -> Assignment:
    """An assignment in force that the person's own agency answers for, or 404."""
    mine = Assignment.objects.answered_by(person_of(request)).select_related("item__cycle", "agency")
    found = find_or_refuse(request, mine, pk=assignment_id)
    set_page_cycle(request, found.cycle)
    return found


def own_update(request: HttpRequest, update_id: int) -> Update:
    """An update of the person's own agency, or 404."""
    mine = Update.objects.visible_to(person_of(request)).select_related(
        "assignment__item__cycle", "assignment__agency", "saved_by"
    )
    found = find_or_refuse(request, mine, pk=update_id)
    set_page_cycle(request, found.assignment.cycle)
    return found

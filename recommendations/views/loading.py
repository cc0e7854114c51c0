"""Fetching is the access check: what a person may not see or touch is not found."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from accounts.access import person_of, refuse
from recommendations.context import speak_of
from recommendations.models import Assignment, Update

Row = TypeVar("Row", bound=Model)


def find_or_refuse(request: HttpRequest, allowed: QuerySet[Row, Any], *, pk: int) -> Row:
    """Return the row among those allowed; otherwise answer 404, and record it where the thing exists."""
    found = allowed.filter(pk=pk).first()
    if found is not None:
        return found
    existing = allowed.model._default_manager.filter(pk=pk).first()
    if existing is None:
        raise Http404
    refuse(request, existing)


def answered_assignment(request: HttpRequest, assignment_id: int) -> Assignment:
    """An assignment in force that the person's own agency answers for, or 404."""
    mine = Assignment.objects.answered_by(person_of(request)).select_related("item__cycle", "agency")
    found = find_or_refuse(request, mine, pk=assignment_id)
    speak_of(request, found.cycle)
    return found


def own_update(request: HttpRequest, update_id: int) -> Update:
    """An update of the person's own agency, or 404."""
    mine = Update.objects.visible_to(person_of(request)).select_related(
        "assignment__item__cycle", "assignment__agency", "saved_by"
    )
    found = find_or_refuse(request, mine, pk=update_id)
    speak_of(request, found.assignment.cycle)
    return found

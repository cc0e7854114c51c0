"""Planned steps as pages show them: of an item, of a person, of MAPO. One query each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy

from accounts.models import User
from recommendations.deadlines import is_overdue
from recommendations.models import Action, ActionVersion, Cycle
from recommendations.models.action import ActionQuerySet
from recommendations.permissions import (
    may_cancel_step,
    may_change_step,
    may_edit_decision,
    may_work_on_step,
)


@dataclass(frozen=True)
class StepLine:
    """A planned step, and what the reader, who may see it, may do with it. `first_due_on` is its first due date."""

    action: Action
    first_due_on: date | None
    reader: User
    today: date
    has_several_cycles: bool

    @property
    def item_label(self) -> str:
        """Recommendation 4; with the year while several cycles are open."""
        item = self.action.item
        return item.label_with_year if self.has_several_cycles else str(item)

    @property
    def whose(self) -> str:
        """The agency's code, or MAPO."""
        return "MAPO" if self.action.is_mapo else self.action.agency.code

    @property
    def is_open(self) -> bool:
        return self.action.is_planned

    @property
    def is_overdue(self) -> bool:
        return self.is_open and is_overdue(self.action.due_on, today=self.today)

    @property
    def is_due_soon(self) -> bool:
        """Whether it is late, or due within the days that count as soon."""
        soon = self.today + timedelta(days=self.action.item.cycle.due_soon_days)
        return self.is_open and self.action.due_on <= soon

    @property
    def moved_from(self) -> date | None:
        """The first due date, where that is not the one that stands."""
        return self.first_due_on if self.first_due_on != self.action.due_on else None

    @property
    def _is_changeable(self) -> bool:
        return self.is_open and not self.action.item.cycle.is_closed

    @property
    def may_finish(self) -> bool:
        return self._is_changeable and may_work_on_step(self.reader, self.action)

    @property
    def may_edit_decision(self) -> bool:
        return self._is_changeable and may_edit_decision(self.reader, self.action)

    @property
    def may_change(self) -> bool:
        return self._is_changeable and may_change_step(self.reader, self.action)

    @property
    def may_cancel(self) -> bool:
        return self._is_changeable and may_cancel_step(self.reader, self.action)

    @property
    def may_ask_later(self) -> bool:
        """Whether the reader's agency may ask MAPO for a later date of the council's decision."""
        return self.may_finish and self.action.is_decision and not self.action.is_mapo


def _lines(
    steps: ActionQuerySet, *, user: User, today: date, has_several_cycles: bool = False
) -> list[StepLine]:
    """Return those of these steps that the person may see: planned first, soonest first. One query."""
    versions = ActionVersion.objects.filter(action=OuterRef("pk")).order_by("began_at", "pk")
    rows = steps.visible_to(user).annotate(first_due_on=Subquery(versions.values("due_on")[:1]))
    found: Any = rows.select_related("item__cycle", "agency", "assignment", "owner")
    return [
        StepLine(row, row.first_due_on, user, today, has_several_cycles)
        for row in found.order_by("-done_on", "due_on", "pk")
    ]


def steps_of_item(item_id: int, *, user: User, today: date) -> list[StepLine]:
    """Return the steps of an item, without cancelled ones."""
    return _lines(Action.objects.filter(item=item_id, cancelled_at=None), user=user, today=today)


def steps_of_assignment(assignment_id: int, *, user: User, today: date) -> list[StepLine]:
    """Return the steps under an assignment, without cancelled ones."""
    return _lines(Action.objects.filter(assignment=assignment_id, cancelled_at=None), user=user, today=today)


def steps_of_agency(agency_id: int, cycle: Cycle | None, *, user: User, today: date) -> list[StepLine]:
    """Return the open steps of an agency in a cycle, without those of MAPO itself."""
    planned = Action.objects.planned().filter(agency=agency_id, is_mapo=False, item__cycle=cycle)
    return _lines(planned, user=user, today=today)


def own_steps(user: User, *, today: date, has_several_cycles: bool = False) -> list[StepLine]:
    """Return the person's own steps that are late or due soon, and what the council decided without naming an owner.

    The latter concern the agency's coordinators, or all of MAPO.
    """
    own = Q(owner=user)
    if user.is_mapo or user.is_coordinator or user.is_acting:
        own |= Q(owner=None, is_mapo=user.is_mapo)
    planned = Action.objects.planned().filter(own)
    found = _lines(planned, user=user, today=today, has_several_cycles=has_several_cycles)
    return [line for line in found if line.may_finish and (line.is_due_soon or line.action.owner is None)]


def steps_for_mapo(cycle: Cycle, *, user: User, today: date) -> list[StepLine]:
    """Return MAPO's own steps and the council's decisions in a cycle, whatever became of them."""
    of_mapo = Action.objects.filter(Q(is_mapo=True) | Q(is_decision=True), item__cycle=cycle)
    return _lines(of_mapo, user=user, today=today)


#: The headings of MAPO's page, in their order.
_MAPO_GROUPS = {
    "asked": gettext_lazy("Later dates asked"),
    "mapo": gettext_lazy("Steps of MAPO"),
    "agencies": gettext_lazy("Decisions of the council for agencies"),
    "over": gettext_lazy("Done or cancelled"),
}


@dataclass(frozen=True, slots=True)
class StepGroup:
    """Steps under one heading of MAPO's page."""

    title: str
    steps: list[StepLine]


def group_for_mapo(steps: Iterable[StepLine]) -> list[StepGroup]:
    """Return the steps by what MAPO has to do about them; groups without any are left out."""
    grouped: dict[str, list[StepLine]] = {title: [] for title in _MAPO_GROUPS}
    for step in steps:
        grouped[_mapo_group(step)].append(step)
    return [StepGroup(str(_MAPO_GROUPS[name]), found) for name, found in grouped.items() if found]


def _mapo_group(step: StepLine) -> str:
    if not step.is_open:
        return "over"
    if step.action.proposed_on:
        return "asked"
    return "mapo" if step.action.is_mapo else "agencies"

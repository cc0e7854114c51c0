"""Planned steps as pages show them: of an item, of a person, of MAPO. One query each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy

from accounts.models import User
from recommendations.deadlines import is_overdue
from recommendations.models import Action, Cycle
from recommendations.models.cycle import in_reading_language
from recommendations.queries.sql import fetch_rows, seen_candidate
from recommendations.states import Stage, item_label


@dataclass(frozen=True, slots=True)
class StepLine:
    """A planned step, and what the reader may do with it. `due_days` are its due dates so far, oldest first."""

    reader: User
    today: date
    has_several_cycles: bool
    id: int
    item_id: int
    kind: str
    number: int
    year: int
    due_soon_days: int
    is_cycle_open: bool
    agency_code: str
    is_in_force: bool
    is_mapo: bool
    is_decision: bool
    text: str
    owner_id: int | None
    owner_name: str | None
    due_on: date
    done_on: date | None
    cancelled_at: datetime | None
    cancelled_reason: str
    changed_reason: str
    proposed_on: date | None
    proposed_reason: str
    due_days: list[date]
    title_ms: str
    title_en: str

    @property
    def item_label(self) -> str:
        """Recommendation 4; with the year while several cycles are open."""
        label = item_label(self.kind, self.number)
        return f"{label} · {self.year}" if self.has_several_cycles else label

    @property
    def item_title(self) -> str:
        """The short title of the item; empty where it has none."""
        return in_reading_language(self, "title")

    @property
    def whose(self) -> str:
        """The agency's code, or MAPO."""
        return "MAPO" if self.is_mapo else self.agency_code

    @property
    def is_open(self) -> bool:
        return self.done_on is None and self.cancelled_at is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and is_overdue(self.due_on, today=self.today)

    @property
    def is_due_soon(self) -> bool:
        """Whether it is late, or due within the days that count as soon."""
        return self.is_open and self.due_on <= self.today + timedelta(days=self.due_soon_days)

    @property
    def moved_from(self) -> date | None:
        """The first due date, where that is not the one that stands."""
        first = self.due_days[0] if self.due_days else self.due_on
        return first if first != self.due_on else None

    @property
    def may_finish(self) -> bool:
        """The queries' form of `may_work_on_step`, for a reader who may see the step."""
        is_own = self.reader.is_mapo if self.is_mapo else self.reader.is_agency_actor
        return self.is_open and self.is_cycle_open and is_own and (self.is_mapo or self.is_in_force)

    @property
    def may_edit_decision(self) -> bool:
        return self.is_open and self.is_cycle_open and self.is_decision and self.reader.is_mapo

    @property
    def may_change(self) -> bool:
        return self.may_finish or self.may_edit_decision

    @property
    def may_cancel(self) -> bool:
        return self.may_edit_decision or (self.may_finish and not self.is_decision)

    @property
    def may_ask_later(self) -> bool:
        """Whether the reader's agency may ask MAPO for a later date of the council's decision."""
        return self.may_finish and self.is_decision and not self.is_mapo


#: The steps are found first (OFFSET 0): planning all joins at once took longer than everything else about the query.
_STEPS = """
SELECT candidate.id, candidate.item_id, item.kind, item.number, cycle.year, cycle.due_soon_days,
       cycle.closed_at IS NULL, agency.code, candidate.is_decision OR coalesce(part.stage = %s, false),
       candidate.is_mapo, candidate.is_decision, candidate.text, candidate.owner_id, owner.name, candidate.due_on,
       candidate.done_on, candidate.cancelled_at, candidate.cancelled_reason, candidate.changed_reason,
       candidate.proposed_on, candidate.proposed_reason,
       ARRAY(SELECT version.due_on FROM recommendations_actionversion version
             WHERE version.action_id = candidate.id ORDER BY version.began_at, version.id),
       item.title_ms, item.title_en
FROM (SELECT candidate.* FROM recommendations_action candidate WHERE {condition} AND EXISTS ({seen}) OFFSET 0) candidate
JOIN recommendations_item item ON item.id = candidate.item_id
JOIN recommendations_cycle cycle ON cycle.id = item.cycle_id
JOIN accounts_agency agency ON agency.id = candidate.agency_id
LEFT JOIN recommendations_assignment part ON part.id = candidate.assignment_id
LEFT JOIN accounts_user owner ON owner.id = candidate.owner_id
ORDER BY candidate.done_on DESC, candidate.due_on, candidate.id
"""

_OPEN = "candidate.done_on IS NULL AND candidate.cancelled_at IS NULL"
_IN_CYCLE = "candidate.item_id IN (SELECT id FROM recommendations_item WHERE cycle_id = %s)"


def _steps(
    condition: str,
    values: Iterable[Any],
    *,
    user: User,
    today: date,
    has_several_cycles: bool = False,
) -> list[StepLine]:
    """Return the steps that the person may see and that fit a condition on `candidate`: planned first, soonest first."""
    seen, of_seen = seen_candidate(Action, user)
    statement = _STEPS.format(condition=condition, seen=seen)
    rows = fetch_rows(statement, (Stage.CONFIRMED.value, *values, *of_seen))
    return [StepLine(user, today, has_several_cycles, *row) for row in rows]


def steps_of_item(item_id: int, *, user: User, today: date) -> list[StepLine]:
    """Return the steps of an item, without cancelled ones."""
    return _steps(
        "candidate.item_id = %s AND candidate.cancelled_at IS NULL", [item_id], user=user, today=today
    )


def steps_of_assignment(assignment_id: int, *, user: User, today: date) -> list[StepLine]:
    """Return the steps under an assignment, without cancelled ones."""
    condition = "candidate.assignment_id = %s AND candidate.cancelled_at IS NULL"
    return _steps(condition, [assignment_id], user=user, today=today)


def steps_of_agency(agency_id: int, cycle: Cycle | None, *, user: User, today: date) -> list[StepLine]:
    """Return the open steps of an agency in a cycle, without those of MAPO itself."""
    condition = f"{_OPEN} AND candidate.agency_id = %s AND NOT candidate.is_mapo AND {_IN_CYCLE}"
    return _steps(condition, [agency_id, cycle.pk if cycle else None], user=user, today=today)


def own_steps(user: User, *, today: date, has_several_cycles: bool = False) -> list[StepLine]:
    """Return the person's own steps that are late or due soon, and what the council decided without naming an owner.

    The latter concern the agency's coordinators, or all of MAPO.
    """
    unowned = user.is_mapo or user.is_coordinator or user.is_acting
    condition = f"{_OPEN} AND (candidate.owner_id = %s OR (%s AND candidate.owner_id IS NULL AND candidate.is_mapo = %s))"
    values = [user.pk, unowned, user.is_mapo]
    found = _steps(condition, values, user=user, today=today, has_several_cycles=has_several_cycles)
    return [step for step in found if step.may_finish and (step.is_due_soon or step.owner_id is None)]


def steps_for_mapo(cycle: Cycle, *, user: User, today: date) -> list[StepLine]:
    """Return MAPO's own steps and the council's decisions in a cycle, whatever became of them."""
    condition = f"{_IN_CYCLE} AND (candidate.is_mapo OR candidate.is_decision)"
    return _steps(condition, [cycle.pk], user=user, today=today)


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
    if step.proposed_on:
        return "asked"
    return "mapo" if step.is_mapo else "agencies"

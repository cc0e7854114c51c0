"""What a reminder is about, read for many at once: numbers, codes, dates and official titles, never a report's text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Max, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest

from accounts.models import Agency, User
from accounts.roles import AGENCY_ROLES, MAPO_ROLES
from recommendations.models import Assignment, AssignmentOfficer, Cycle, Update
from recommendations.states import EDITABLE_STATES
from reminders.models import Nudge, ReminderRule
from reminders.states import OF_MAPO, Step, What


class Owed(Protocol):
    """What is owed to one recipient: a kept reminder, or a row that the planning would keep.

    A kept one may also have a `nudge_id`, and its `pk`.
    """

    @property
    def user_id(self) -> int | None: ...
    @property
    def agency_id(self) -> int | None: ...
    @property
    def what(self) -> str: ...
    @property
    def due_on(self) -> date: ...
    @property
    def step(self) -> str: ...
    @property
    def is_escalation(self) -> bool: ...
    @property
    def in_place_of_id(self) -> int | None: ...
    @property
    def cycle_id(self) -> int: ...
    @property
    def about_id(self) -> int | None: ...
    @property
    def assignment_id(self) -> int | None: ...
    @property
    def update_id(self) -> int | None: ...
    @property
    def rule_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One reminder without words: what a line is made of in any language.

    `audience` is the step at which its rule begins, `step` the one that the reader stands on. `update_id` is the
    update that the reader may open to mend the matter: None where there is none, it is above their clearance, or the
    agency is no longer theirs: an address would tell that it is there. `is_unnamed`: nobody is named for the
    assignment; `is_passed_on`: others are, none of whom can act. Either way it comes to the reader all the same.
    """

    id: int | None = None
    what: str
    due_on: date
    step: str
    audience: str
    is_escalation: bool = False
    in_place_of: str = ""
    is_for_mapo: bool = False
    is_for_mailbox: bool = False
    is_own_agency: bool = True
    agency_code: str = ""
    year: int = 0
    assignment_id: int | None = None
    item_id: int | None = None
    kind: str = ""
    number: int = 0
    text_ms: str = ""
    text_en: str = ""
    update_id: int | None = None
    is_update_editable: bool = False
    opening_id: int | None = None
    nudge_line: str = ""
    is_unnamed: bool = False
    is_passed_on: bool = False


class _Reader(NamedTuple):
    name: str
    role: str
    clearance: int
    agency_id: int


class _Point(NamedTuple):
    item_id: int
    kind: str
    number: int
    text_ms: str
    text_en: str
    officers: list[int]


class _Open(NamedTuple):
    id: int
    assignment_id: int
    is_editable: bool
    opening_id: int | None
    classification: int


def facts_of(rows: Iterable[Owed]) -> list[Facts]:
    """Return the facts of all rows, in their order; at most seven queries, however many there are."""
    owed = list(rows)
    return _Read(owed).all() if owed else []


class _Read:
    """Everything that the rows point at, read once."""

    def __init__(self, rows: Sequence[Owed]) -> None:
        self._rows = rows
        self._people = _people(_ids(rows, "user_id") | _ids(rows, "in_place_of_id"))
        self._points = _points(_ids(rows, "assignment_id"))
        self._codes = _table(Agency, "code", _ids(rows, "about_id"))
        self._years = _table(Cycle, "year", _ids(rows, "cycle_id"))
        self._audiences = _table(ReminderRule, "audience", _ids(rows, "rule_id"))
        self._lines = _table(Nudge, "line", _ids(rows, "nudge_id"))
        updates = _updates(_ids(rows, "update_id"), self._points)
        self._updates = {update.id: update for update in updates}
        self._editable = {update.assignment_id: update for update in updates if update.is_editable}

    def all(self) -> list[Facts]:
        return [self._facts(row) for row in self._rows]

    def _facts(self, row: Owed) -> Facts:
        reader = self._people.get(row.user_id or 0)
        absent = self._people.get(row.in_place_of_id or 0)
        return Facts(
            id=getattr(row, "pk", None),
            what=row.what,
            due_on=row.due_on,
            step=row.step,
            audience=self._audience(row),
            is_escalation=row.is_escalation,
            in_place_of=absent.name if absent else "",
            is_for_mapo=reader is not None and reader.role in MAPO_ROLES,
            is_for_mailbox=reader is None,
            is_own_agency=row.about_id == (reader.agency_id if reader else row.agency_id),
            agency_code=self._codes.get(row.about_id or 0, ""),
            year=self._years[row.cycle_id],
            assignment_id=row.assignment_id,
            nudge_line=self._lines.get(getattr(row, "nudge_id", None) or 0, ""),
            **self._item(row),
            **self._update(row, reader),
        )

    def _audience(self, row: Owed) -> str:
        if row.what in OF_MAPO:
            return Step.MAPO
        return self._audiences.get(row.rule_id or 0, Step.RESPONSIBLE)

    def _item(self, row: Owed) -> dict[str, Any]:
        point = self._points.get(row.assignment_id or 0)
        if point is None:
            return {}
        item_id, kind, number, text_ms, text_en, officers = point
        is_by_name = row.user_id is not None and row.step != Step.MAPO and row.what != What.ACTION_DUE
        is_named = (row.in_place_of_id or row.user_id) in officers
        return {
            "item_id": item_id,
            "kind": kind,
            "number": number,
            "text_ms": text_ms,
            "text_en": text_en,
            "is_unnamed": is_by_name and not officers,
            "is_passed_on": is_by_name and bool(officers) and not is_named and row.step == Step.RESPONSIBLE,
        }

    def _update(self, row: Owed, reader: _Reader | None) -> dict[str, Any]:
        named = self._updates.get(row.update_id or 0)
        update = named or self._editable.get(row.assignment_id or 0)
        if update is None or (reader and not _may_open(update, row, reader)):
            return {}
        return {
            "update_id": update.id,
            "is_update_editable": update.is_editable,
            "opening_id": update.opening_id,
        }


def _may_open(update: _Open, row: Owed, reader: _Reader) -> bool:
    is_own = reader.role in AGENCY_ROLES and reader.agency_id == row.about_id
    return (is_own or reader.role in MAPO_ROLES) and update.classification <= reader.clearance


def _ids(rows: Sequence[Owed], name: str) -> set[int]:
    return {number for row in rows if (number := getattr(row, name, None)) is not None}


def _table(model: Any, field: str, ids: set[int]) -> dict[int, Any]:
    return dict(model.objects.order_by().filter(pk__in=ids).values_list("pk", field))


def _people(ids: set[int]) -> dict[int, _Reader]:
    rows = User.objects.order_by().filter(pk__in=ids)
    found = rows.values_list("pk", "name", "role", "clearance", "agency_id")
    return {pk: _Reader(*facts) for pk, *facts in found}


def _points(ids: set[int]) -> dict[int, _Point]:
    named = AssignmentOfficer.objects.order_by().filter(assignment=OuterRef("pk")).values("user_id")
    rows = Assignment.objects.order_by().filter(pk__in=ids).annotate(named=ArraySubquery(named))
    found = rows.values_list(
        "pk", "item_id", "item__kind", "item__number", "item__text_ms", "item__text_en", "named"
    )
    return {
        pk: _Point(item_id, kind, number, ms, en, officers)
        for pk, item_id, kind, number, ms, en, officers in found
    }


def _updates(ids: set[int], assignments: Iterable[int]) -> list[_Open]:
    """The named updates, and those that an agency may write on, with their class: the highest of all in them."""
    meant = Q(pk__in=ids) | Q(assignment__in=list(assignments), state__in=EDITABLE_STATES)
    of_files = Coalesce(
        Max("documents__classification", filter=~Q(documents__stored_name="")), "classification"
    )
    of_lot = Coalesce("opening__classification", "classification")
    rows = (
        Update.objects.order_by().filter(meant).annotate(highest=Greatest("classification", of_files, of_lot))
    )
    found = rows.values_list("pk", "assignment_id", "state", "opening_id", "highest")
    return [
        _Open(pk, assignment_id, state in EDITABLE_STATES, opening_id, highest)
        for pk, assignment_id, state, opening_id, highest in found
    ]

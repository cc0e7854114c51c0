"""What reminders are about, loaded for many at once: numbers, codes, dates, official titles; no text of a report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Max, OuterRef, Q
from django.db.models.functions import Coalesce, Greatest

from accounts.models import Agency, User
from accounts.roles import AGENCY_ROLES, MAPO_ROLES, Role
from indicators.models import FigureReport
from indicators.queries.owed_months import OwedMonth, read_owed_of
from recommendations.models import Action, Assignment, AssignmentOfficer, Cycle, Update
from recommendations.models.cycle import Titled
from recommendations.queries.asked_updates import asked_reasons
from reminders.kinds import MAPO_KINDS, ReminderKind
from reminders.models import Nudge, ReminderRule
from reminders.states import Audience
from submissions.states import EDITABLE_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderDetails(Titled):
    """One reminder without words: what its text is made of in any language.

    `id` is set for a saved reminder. `audience` is where its rule begins, `step` where the reader stands. `update_id`
    is the update that the reader may open to deal with the matter; None where there is none, where it is above their
    clearance, or where the agency is no longer theirs, so that no address reveals it. `is_unnamed`: nobody is named
    for the assignment; `is_passed_on`: others are named, and none of them can act. `has_actor`: what came to MAPO because
    the agency had nobody can be dealt with there by now. `is_asked`: MAPO asks for the update,
    and `nudge_line` says why. `month` is the month of the figures that it is about, `report_id` their report that waits; of a month that is owed,
    `sent_count` of `asked_count` figures were sent.
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
    title_ms: str = ""
    title_en: str = ""
    month: date | None = None
    report_id: int | None = None
    sent_count: int = 0
    asked_count: int = 0
    update_id: int | None = None
    is_update_editable: bool = False
    opening_id: int | None = None
    nudge_line: str = ""
    is_asked: bool = False
    is_unnamed: bool = False
    is_passed_on: bool = False
    has_actor: bool = False


def load_details(rows: Iterable[Any], *, supposed: ReminderRule | None = None) -> list[ReminderDetails]:
    """Return the details of reminders, in their order; at most eleven queries, however many there are.

    `rows` are `Reminder`s, `DueReminder`s, or named tuples of a reminder's columns. `supposed` is a rule that is
    saved otherwise, or not yet.
    """
    reminders = list(rows)
    if not reminders:
        return []
    loader = _Loader(reminders)
    if supposed is not None:
        loader.audiences[supposed.pk] = supposed.audience
    return [loader.details(row) for row in reminders]


class _Loader:
    """Everything that the rows refer to, loaded once."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._people = _people(ids_of(rows, "user_id") | ids_of(rows, "in_place_of_id"))
        self._items = _items(ids_of(rows, "assignment_id"))
        self._items_of_steps = _items_of_steps(rows)
        self._actors = _actors(row.about_id for row in rows if _is_passed_to_mapo(row))
        self._codes = column_of(Agency, "code", ids_of(rows, "about_id"))
        self._years = column_of(Cycle, "year", ids_of(rows, "cycle_id"))
        self.audiences = column_of(ReminderRule, "audience", ids_of(rows, "rule_id"))
        self._nudge_lines = column_of(Nudge, "line", ids_of(rows, "nudge_id"))
        due = (row.assignment_id for row in rows if row.what == ReminderKind.UPDATE_DUE)
        self._asked = asked_reasons(due)
        updates = _updates(ids_of(rows, "update_id"), self._items)
        self._updates = {update.pk: update for update in updates}
        self._reports = _waiting_reports(rows)
        self._owed = _owed_months(rows)
        self._editable = {update.assignment_id: update for update in updates if _is_editable(update)}

    def details(self, row: Any) -> ReminderDetails:
        reader = self._people.get(row.user_id)
        absent = self._people.get(row.in_place_of_id)
        audience = self.audiences.get(row.rule_id, Audience.RESPONSIBLE)
        return ReminderDetails(
            id=getattr(row, "pk", None),
            what=row.what,
            due_on=row.due_on,
            step=row.step,
            audience=Audience.MAPO if row.what in MAPO_KINDS else audience,
            is_escalation=row.is_escalation,
            in_place_of=absent.name if absent else "",
            is_for_mapo=reader is not None and reader.role in MAPO_ROLES,
            is_for_mailbox=reader is None,
            is_own_agency=row.about_id == (reader.agency_id if reader else row.agency_id),
            agency_code=self._codes.get(row.about_id, ""),
            year=self._years[row.cycle_id],
            assignment_id=row.assignment_id,
            month=row.month,
            report_id=self._reports.get((row.about_id, row.cycle_id, row.month)),
            has_actor=_is_passed_to_mapo(row) and (row.about_id, audience) in self._actors,
            **self._owed_figures(row),
            **self._message(row),
            **self._item(row),
            **self._update(row, reader),
        )

    def _owed_figures(self, row: Any) -> dict[str, Any]:
        """Return how much of a month that is owed was sent."""
        owed = self._owed.get((row.about_id, row.cycle_id, row.month))
        return {"sent_count": owed.sent_count, "asked_count": owed.asked_count} if owed else {}

    def _message(self, row: Any) -> dict[str, Any]:
        """Return what MAPO wrote to the agency: its nudge, or why it asks for an update of what is completed."""
        asked = self._asked.get(row.assignment_id) if row.what == ReminderKind.UPDATE_DUE else None
        if asked is not None:
            return {"nudge_line": asked, "is_asked": True}
        return {"nudge_line": self._nudge_lines.get(getattr(row, "nudge_id", None), "")}

    def _item(self, row: Any) -> dict[str, Any]:
        """Return the details of the item, and whether the reader gets it because nobody else can."""
        if row.assignment_id not in self._items:
            return self._items_of_steps.get(getattr(row, "action_id", None), {})
        item, officers = self._items[row.assignment_id]
        is_by_name = (
            row.user_id is not None and row.step != Audience.MAPO and row.what != ReminderKind.ACTION_DUE
        )
        is_named = (row.in_place_of_id or row.user_id) in officers
        return {
            **item,
            "is_unnamed": is_by_name and not officers,
            "is_passed_on": is_by_name
            and bool(officers)
            and not is_named
            and row.step == Audience.RESPONSIBLE,
        }

    def _update(self, row: Any, reader: Any) -> dict[str, Any]:
        """Return the details of the update that the reader may open, if there is one."""
        update = self._updates.get(row.update_id) or self._editable.get(row.assignment_id)
        if update is None or (reader and not _may_open(update, row, reader)):
            return {}
        return {
            "update_id": update.pk,
            "is_update_editable": _is_editable(update),
            "opening_id": update.opening_id,
        }


def _is_passed_to_mapo(row: Any) -> bool:
    """Whether MAPO is told of an agency's matter from the start."""
    return row.step == Audience.MAPO and not row.is_escalation and row.what not in MAPO_KINDS


def _actors(agency_ids: Iterable[int | None]) -> set[tuple[int, str]]:
    """Return which of these agencies can act now, each with the audience of rules that has somebody there."""
    ids = set(agency_ids) - {None}
    if not ids:
        return set()
    able = User.objects.order_by().able_to_act().filter(agency__in=ids)
    found: set[tuple[int, str]] = set()
    for agency_id, role, is_acting in able.values_list("agency_id", "role", "is_acting"):
        found.add((agency_id, Audience.RESPONSIBLE))
        if role == Role.COORDINATOR or is_acting:
            found.add((agency_id, Audience.COORDINATOR))
    return found


def _is_editable(update: Any) -> bool:
    return update.state in EDITABLE_STATES


def _may_open(update: Any, row: Any, reader: Any) -> bool:
    is_own = reader.role in AGENCY_ROLES and reader.agency_id == row.about_id
    return (is_own or reader.role in MAPO_ROLES) and update.highest <= reader.clearance


def ids_of(rows: Sequence[Any], name: str) -> set[int]:
    """Return the ids in one attribute of the rows, without None; nothing if they have no such attribute."""
    return {number for row in rows if (number := getattr(row, name, None)) is not None}


def column_of(model: Any, field: str, ids: set[int]) -> dict[int | None, Any]:
    """Return one column of these rows, by primary key."""
    return dict(model.objects.order_by().filter(pk__in=ids).values_list("pk", field))


def _people(ids: set[int]) -> dict[int | None, Any]:
    rows = User.objects.order_by().filter(pk__in=ids)
    found = rows.values_list("pk", "name", "role", "clearance", "agency_id", named=True)
    return {person.pk: person for person in found}


_TEXTS = ("item__text_ms", "item__text_en", "item__title_ms", "item__title_en")
_ITEM_COLUMNS = ("item_id", "item__kind", "item__number", *_TEXTS)


def _items(assignment_ids: set[int]) -> Mapping[int | None, tuple[dict[str, Any], list[int]]]:
    """Return the item of each assignment, and the people who are named for it."""
    named = AssignmentOfficer.objects.order_by().filter(assignment=OuterRef("pk")).values("user_id")
    rows = Assignment.objects.order_by().filter(pk__in=assignment_ids).annotate(named=ArraySubquery(named))
    return {
        pk: (_item_facts(values), named)
        for pk, named, *values in rows.values_list("pk", "named", *_ITEM_COLUMNS)
    }


def _items_of_steps(rows: Iterable[Any]) -> Mapping[int | None, dict[str, Any]]:
    """Return the item of each step that is under no assignment in force; no query without one."""
    action_ids = ids_of([row for row in rows if row.assignment_id is None], "action_id")
    if not action_ids:
        return {}
    found = Action.objects.order_by().filter(pk__in=action_ids).values_list("pk", *_ITEM_COLUMNS)
    return {pk: _item_facts(values) for pk, *values in found}


def _item_facts(values: Iterable[Any]) -> dict[str, Any]:
    """Return the values of `_ITEM_COLUMNS` by the names of `ReminderDetails`."""
    return {name.removeprefix("item__"): value for name, value in zip(_ITEM_COLUMNS, values, strict=True)}


def _owed_months(rows: Iterable[Any]) -> Mapping[tuple[int, int, date], OwedMonth]:
    """Return the months that the agencies of these reminders owe; no query where none is told of its figures."""
    agencies = {row.about_id for row in rows if row.what == ReminderKind.FIGURES_DUE}
    return read_owed_of(agencies) if agencies else {}


def _waiting_reports(rows: Iterable[Any]) -> Mapping[tuple[int | None, int, date | None], int]:
    """Return the reports of these months that wait, by agency, cycle and month; no query where nothing waits."""
    cycles = {row.cycle_id for row in rows if row.what == ReminderKind.FIGURES_WAITING}
    if not cycles:
        return {}
    found = FigureReport.objects.waiting().filter(cycle__in=cycles).order_by()
    keys = found.values_list("agency_id", "cycle_id", "month", "pk")
    return {(agency, cycle, month): pk for agency, cycle, month, pk in keys}


def _updates(ids: set[int], assignment_ids: Iterable[int | None]) -> list[Any]:
    """Return these updates, and those that the assignments' agencies may edit.

    `highest` is the highest class of its own, its files' and its import's.
    """
    wanted = Q(pk__in=ids) | Q(assignment__in=list(assignment_ids), state__in=EDITABLE_STATES)
    of_files = Coalesce(
        Max("documents__classification", filter=~Q(documents__stored_name="")), "classification"
    )
    of_import = Coalesce("opening__classification", "classification")
    rows = Update.objects.order_by().filter(wanted)
    found = rows.annotate(highest=Greatest("classification", of_files, of_import))
    return list(found.values_list("pk", "assignment_id", "state", "opening_id", "highest", named=True))

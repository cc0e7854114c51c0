"""Reads and checks the rows of a batch, for the preview and for the sending alike."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.clearance import Clearance
from imports.reference_data import Answering, ReferenceData
from imports.rows import LABELS, BatchRow, ImportColumn, ImportRow
from imports.values import Unreadable, class_of, date_of, item_of, percent_of, status_of
from privacy.identity_places import NO_PLACES, IdentityPlaces, identity_places
from recommendations.content import Content
from recommendations.content_rules import problems
from recommendations.models import Cycle
from recommendations.states import NARRATIVE_LENGTH, ItemKind, Status, StatusView, item_label
from recommendations.windows import WindowPlace, window_label
from submissions.states import SubmissionState
from ui import dates
from ui.numbers import number

Value = TypeVar("Value")
Problems = dict[ImportColumn, str]
#: The percentage that a status implies.
_IMPLIED_PERCENT = {Status.NONE: 0, Status.DONE: 100}


@dataclass(frozen=True)
class RowProblem:
    """A problem of a cell that must be corrected."""

    column: ImportColumn
    text: str

    @property
    def label(self) -> str:
        return str(LABELS[self.column])


@dataclass(frozen=True, kw_only=True)
class CheckedRow(BatchRow):
    """A row with its meaning, as checks and pages use it. It is report `place` of `total` on its item in the batch."""

    typed: ImportRow
    cycle: Cycle
    answering: Answering | None
    content: Content
    reported_on: date | None
    problems: tuple[RowProblem, ...] = ()
    place: int = 0
    total: int = 0

    @cached_property
    def identities(self) -> IdentityPlaces:
        """Return what in the description seems to identify a person; where, is looked for in rows that name somebody."""
        return identity_places(self.content.narrative) if self.typed.identity_counts else NO_PLACES

    @property
    def order(self) -> tuple[date, date, int]:
        """Sort key by which rows become updates, so that the newest report is the newest verdict."""
        return (self.reported_on or date.max, self.content.covers_to or date.max, self.typed.number)

    @property
    def page_order(self) -> Any:
        """Sort key by which they become updates, item by item."""
        answering = self.answering
        item = (ItemKind.values.index(answering.kind), answering.number) if answering else (9, 0)
        return (item, self.order)

    @property
    def label(self) -> str:
        """Return the item's name, or what was typed if that names no item."""
        return self.answering.label if self.answering else self.typed.text(ImportColumn.ITEM)

    @property
    def claim(self) -> StatusView | None:
        status, percent = self.content.status, self.content.percent
        return StatusView(status, percent) if status and percent is not None else None

    @property
    def outcome(self) -> str:
        """Return words such as "reported 2 May 2023, newest of 3"."""
        day = self.reported_on
        reported = _("reported %(day)s") % {"day": dates.day(day)} if day else ""
        return ", ".join(part for part in (reported, self.place_words) if part)

    @property
    def place_words(self) -> str:
        """Return words such as "newest of 3" if the batch has several reports on the item."""
        values = {"place": self.place, "total": self.total}
        if self.total < 2:
            return ""
        if self.place == self.total:
            return _("newest of %(total)s") % values
        return pgettext("report", "%(place)s of %(total)s") % values

    @property
    def covers(self) -> str:
        first, last = self.content.covers_from, self.content.covers_to
        return dates.day_range(first, last) if first and last else ""

    @property
    def window(self) -> WindowPlace:
        """Return how the days covered lie against the cycle's window; empty if a day is missing."""
        return (
            window_label(self.content.covers_from, self.content.covers_to, self.cycle) if self.covers else ""
        )

    @property
    def class_label(self) -> str:
        return str(Clearance(self.content.classification).label)


def check_rows(rows: Iterable[ImportRow], reference: ReferenceData) -> list[CheckedRow]:
    """Return every row with its meaning and problems, in the order of the file."""
    read = [_read(row, reference) for row in rows]
    taken = sorted((each for each in read if not each.typed.is_left_out), key=lambda each: each.order)
    among = _against_each_other(taken)
    return [each if each.typed.is_left_out else among[each.typed.number] for each in read]


def _read(row: ImportRow, reference: ReferenceData) -> CheckedRow:
    """Return the row with the problems that it has by itself."""
    found: Problems = {}
    answering = _read_item(row, reference, found)
    status = _cell(row, ImportColumn.STATUS, status_of, found) or ""
    content = Content(
        status=status,
        percent=_read_percent(row, status, found),
        narrative=row.text(ImportColumn.NARRATIVE),
        covers_from=_cell(row, ImportColumn.COVERS_FROM, date_of, found),
        covers_to=_cell(row, ImportColumn.COVERS_TO, date_of, found),
        classification=_read_class(row, reference, found),
    )
    reported_on = _cell(row, ImportColumn.REPORTED_ON, date_of, found)
    _check_marks(row, found)
    for column, text in _content_problems(content, reference.today):
        found.setdefault(column, text)
    _check_days(content, reported_on, reference, found)
    ordered = tuple(RowProblem(column, found[column]) for column in ImportColumn if column in found)
    return CheckedRow(
        typed=row,
        cycle=reference.cycle,
        answering=answering,
        content=content,
        reported_on=reported_on,
        problems=() if row.is_left_out else ordered,
    )


def _cell(
    row: ImportRow, column: ImportColumn, read: Callable[[str], Value], found: Problems
) -> Value | None:
    text = row.text(column)
    if not text:
        return None
    try:
        return read(text)
    except Unreadable as error:
        found[column] = str(error)
        return None


def _read_item(row: ImportRow, reference: ReferenceData, found: Problems) -> Answering | None:
    key = _cell(row, ImportColumn.ITEM, item_of, found)
    if key is None:
        found.setdefault(
            ImportColumn.ITEM, _("Choose the item. Where cells were merged, each row needs its own.")
        )
        return None
    answering = reference.answered.get(key)
    names = {"item": item_label(*key), "agency": reference.agency.code, "cycle": reference.cycle}
    if key not in reference.items:
        found[ImportColumn.ITEM] = _("There is no %(item)s in the %(cycle)s.") % names
    elif answering is None:
        found[ImportColumn.ITEM] = (
            _("%(agency)s has no assignment in force on %(item)s. Leave this row out.") % names
        )
    elif answering.open_state:
        found[ImportColumn.ITEM] = _open_update_words(answering)
    return answering


def _open_update_words(answering: Answering) -> str:
    """Return why an open update of the item stands against the row."""
    values = {"item": answering.label, "state": SubmissionState(answering.open_state).label}
    if answering.open_import:
        return (
            _("%(item)s is in another opening import that is not finished yet. Leave this row out, or wait.")
            % values
        )
    return (
        _(
            "An update of %(item)s that was typed by hand is still open (%(state)s). Finish it, or leave this row out."
        )
        % values
    )


def _read_percent(row: ImportRow, status: str, found: Problems) -> int | None:
    if not row.text(ImportColumn.PERCENT) and status in _IMPLIED_PERCENT:
        return _IMPLIED_PERCENT[Status(status)]
    return _cell(row, ImportColumn.PERCENT, percent_of, found)


def _read_class(row: ImportRow, reference: ReferenceData, found: Problems) -> int:
    value = _cell(row, ImportColumn.CLASSIFICATION, class_of, found)
    if value is None:
        found.setdefault(ImportColumn.CLASSIFICATION, _("Choose a classification."))
        return reference.highest_class
    if value > reference.highest_class:
        found[ImportColumn.CLASSIFICATION] = _("The classification is above what you may handle here.")
    return value


def _check_marks(row: ImportRow, found: Problems) -> None:
    for name, mark in row.marks.items():
        if mark == "formula":
            words = _("This cell is a formula whose result was never saved. Write the value itself.")
        else:
            text = row.cells.get(name, "")[:20]
            words = _("Excel shows an error in this cell (%(text)s). Write the value itself.") % {
                "text": text
            }
        found[ImportColumn(name)] = words


def _content_problems(content: Content, today: date) -> Iterator[tuple[ImportColumn, str]]:
    length = len(content.narrative)
    if length > NARRATIVE_LENGTH:
        yield (
            ImportColumn.NARRATIVE,
            _("The description has %(length)s characters, and %(most)s is the most. Shorten it.")
            % {"length": number(length), "most": number(NARRATIVE_LENGTH)},
        )
    for name, text in problems(content, today=today).items():
        yield ImportColumn(name), str(text)


def _check_days(
    content: Content, reported_on: date | None, reference: ReferenceData, found: Problems
) -> None:
    """Add the problems of a report day before the window or after today; days covered may begin before the window."""
    if reported_on is None:
        found.setdefault(ImportColumn.REPORTED_ON, _("Enter the date on which this was reported."))
        return
    values = {
        "day": dates.day(reported_on),
        "start": dates.day(reference.cycle.window_start),
        "to": dates.day(content.covers_to),
    }
    if reported_on > reference.today:
        found[ImportColumn.REPORTED_ON] = _("This date is in the future. Enter a date up to today.")
    elif reported_on < reference.cycle.window_start:
        found[ImportColumn.REPORTED_ON] = (
            _("%(day)s is before the assessment window, which begins on %(start)s. Leave this row out.")
            % values
        )
    elif content.covers_to and content.covers_to > reported_on:
        found.setdefault(
            ImportColumn.COVERS_TO,
            _("The last day covered, %(to)s, is later than the day of the report, %(day)s.") % values,
        )


def _against_each_other(rows: Sequence[CheckedRow]) -> dict[int, CheckedRow]:
    """Return, by row number, the rows with the problems that they have among each other; `rows` are in order of time."""
    totals = Counter(each.answering.key for each in rows if each.answering and each.reported_on)
    seen: Counter[tuple[str, int]] = Counter()
    first_on: dict[tuple[tuple[str, int], date], ImportRow] = {}
    answers: dict[int, CheckedRow] = {}
    for each in rows:
        if each.answering is None or each.reported_on is None:
            answers[each.typed.number] = each
            continue
        key = each.answering.key
        seen[key] += 1
        placed = replace(each, place=seen[key], total=totals[key])
        first = first_on.setdefault((key, each.reported_on), each.typed)
        answers[each.typed.number] = _with_more(placed, dict(_among_problems(placed, first)))
    return answers


def _among_problems(each: CheckedRow, first: ImportRow) -> Iterator[tuple[ImportColumn, str]]:
    """Yield the problems of a row among the others: two reports of one day, or older than MAPO's newest verdict."""
    assert each.answering is not None and each.reported_on is not None
    if first is not each.typed:
        yield (
            ImportColumn.REPORTED_ON,
            _("Row %(line)s has the same item and day. Leave one of the two out, or give another day.")
            % {"line": first.line},
        )
    verdict_on = each.answering.verdict_on
    if verdict_on and each.place == each.total and each.reported_on < verdict_on:
        yield (
            ImportColumn.REPORTED_ON,
            _(
                "MAPO has already accepted a report of %(day)s on %(item)s. This older one would take its place as the "
                "newest. Leave it out, or bring in a newer one too."
            )
            % {"day": dates.day(verdict_on), "item": each.answering.label},
        )


def _with_more(each: CheckedRow, more: Mapping[ImportColumn, str | Promise]) -> CheckedRow:
    """Return the row with more problems; each column keeps its first one."""
    found = {problem.column: problem for problem in each.problems}
    for column, text in more.items():
        found.setdefault(column, RowProblem(column, str(text)))
    return replace(each, problems=tuple(found[column] for column in ImportColumn if column in found))

"""What the rows of a workbook mean: the cell of a month's form that each names, its number, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext as _

from imports.rows import BatchRow, BatchRows, TableRow
from imports.values import Unreadable, shortened
from indicators.months import month_problem
from indicators.numbers import UnreadableNumber, number_or_none, read_number
from indicators.workbook.columns import LABELS, MERGED, FigureColumn
from indicators.workbook.names import OwnIndicators, month_of
from submissions.states import SubmissionState
from ui import dates

if TYPE_CHECKING:
    from indicators.cells import MonthContent
    from indicators.models import FigureImport, FigureReport, Indicator
    from indicators.queries.month_sheet import MonthSheet
    from recommendations.models import Cycle

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMonth:
    """What a month of the agency holds before a workbook is taken over: its open report, and what is typed in it.

    Without an open report `content` is what a new one begins with.
    """

    month: date
    report: FigureReport | None
    sheet: MonthSheet
    content: MonthContent

    @property
    def revision(self) -> int:
        return self.report.revision if self.report else 0

    @property
    def month_text(self) -> str:
        return dates.month_year(self.month)

    @property
    def problem(self) -> str:
        """Why nothing can be taken over into it; "" where it can."""
        if self.report is not None and self.report.state == SubmissionState.SUBMITTED:
            return _(
                "The figures of %(month)s await MAPO. Wait for the decision, let your coordinator undo the sending, or "
                "leave this row out."
            ) % {"month": self.month_text}
        return ""


@dataclass(slots=True, kw_only=True)
class CheckedFigure(BatchRow):
    """A row with its meaning; `problems` are by column.

    `before` is what is typed in its cell now, and `notes` is what is said of the number beside the others of its month.
    """

    typed: TableRow
    month: date | None = None
    indicator: Indicator | None = None
    cell: str = ""
    value: Decimal | None = None
    before: str = ""
    problems: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def page_order(self) -> bool:
        """Sort key: those that replace something first."""
        return not self.is_replacing

    @property
    def after(self) -> str:
        return self.typed.text(FigureColumn.NUMBER)

    @property
    def is_change(self) -> bool:
        """Whether taking it over changes what is typed in its cell."""
        return self.is_good and self.before != self.after and not self._is_same_number

    @property
    def is_replacing(self) -> bool:
        """Whether taking it over replaces something else that is typed in its cell."""
        return self.is_change and bool(self.before)

    @property
    def _is_same_number(self) -> bool:
        if self.indicator is None or self.value is None:
            return False
        return number_or_none(self.before, unit=self.indicator.unit) == self.value

    @property
    def told_problems(self) -> list[tuple[str, str]]:
        """Return each problem with the name of its column, in the order of the columns."""
        return [
            (str(LABELS[column]), self.problems[column]) for column in FigureColumn if column in self.problems
        ]


@dataclass(frozen=True, kw_only=True)
class WorkbookDraft(BatchRows[CheckedFigure]):
    """The rows of a workbook, and what each of its months holds."""

    figure_import: FigureImport
    own: OwnIndicators
    held: Mapping[date, HeldMonth]

    @cached_property
    def replacing(self) -> list[CheckedFigure]:
        """Rows that replace something else that is typed."""
        return [row for row in self.good if row.is_replacing]

    def changes_of(self, month: date) -> dict[str, str]:
        """Return what taking over changes in a month: the texts of its cells."""
        return {row.cell: row.after for row in self.good if row.month == month and row.is_change}

    def content_of(self, month: date) -> MonthContent:
        """Return what a month holds after taking over."""
        content = self.held[month].content
        return replace(content, typed={**content.typed, **self.changes_of(month)})


def read_rows(
    rows: Iterable[TableRow], own: OwnIndicators, *, cycle: Cycle, today: date
) -> list[CheckedFigure]:
    """Return each row with the cell that it names and its number; nothing is looked up in the months yet."""
    return [_read(row, own, cycle=cycle, today=today) for row in rows]


def check_against(found: Iterable[CheckedFigure], held: Mapping[date, HeldMonth]) -> None:
    """Add what stands in the cells now, and the problems with the months and of rows among each other."""
    first_of: dict[tuple[date, str], int] = {}
    for each in found:
        if each.typed.is_left_out:
            each.problems.clear()
            continue
        month = held.get(each.month) if each.month else None
        if month is None or each.month is None:
            continue
        if month.problem:
            each.problems.setdefault(FigureColumn.MONTH, month.problem)
        if not each.cell:
            continue
        each.before = month.content.typed.get(each.cell, "").strip()
        first = first_of.setdefault((each.month, each.cell), each.typed.line)
        if first != each.typed.line:
            each.problems.setdefault(
                FigureColumn.NUMBER,
                _("Row %(line)s gives a number for the same figure. Leave one of the two out.")
                % {"line": first},
            )


def _read(row: TableRow, own: OwnIndicators, *, cycle: Cycle, today: date) -> CheckedFigure:
    found = CheckedFigure(typed=row)
    found.month = _named(found, FigureColumn.MONTH, month_of, _("Give the month."))
    if found.month is not None and (problem := month_problem(cycle, found.month, today=today)):
        found.problems[FigureColumn.MONTH] = problem
        found.month = None
    found.indicator = _named(found, FigureColumn.INDICATOR, own.indicator_of, _("Give the indicator."))
    if found.indicator is not None:
        indicator = found.indicator
        found.cell = (
            _named(found, FigureColumn.BREAKDOWN, lambda text: own.cell_of(indicator, text), "") or ""
        )
    _read_number(found)
    return found


def _named(
    found: CheckedFigure, column: FigureColumn, read: Callable[[str], Value], empty: str
) -> Value | None:
    """Return what a cell names; None where it names nothing. `empty` asks for it; "" where it may be left out."""
    text, mark = found.typed.text(column), found.typed.marks.get(column, "")
    if mark == "error":
        found.problems[column] = _excel_error(text)
    elif not text and mark == MERGED:
        found.problems[column] = _("This cell was merged with others. Each row needs its own.")
    elif not text and empty:
        found.problems[column] = empty
    else:
        try:
            return read(text)
        except Unreadable as problem:
            found.problems[column] = str(problem)
    return None


def _read_number(found: CheckedFigure) -> None:
    """Read the number as the month's form would; one that the workbook holds as a number has a point, no thousands."""
    column, text = FigureColumn.NUMBER, found.typed.text(FigureColumn.NUMBER)
    mark = found.typed.marks.get(column, "")
    if mark == "error":
        found.problems[column] = _excel_error(text)
    elif mark == MERGED:
        found.problems[column] = _merged(found.typed.text(MERGED))
    elif not text:
        found.problems[column] = _("Give a number, or leave this row out.")
    elif found.indicator is not None:
        try:
            found.value = read_number(text, unit=found.indicator.unit, is_point_decimal=mark == "number")
        except UnreadableNumber as problem:
            found.problems[column] = str(problem)


def _merged(text: str) -> str:
    """Return why the number of a merged cell is nobody's, with the number if it stood in this row."""
    if not text:
        return _("This cell was merged with others. Give this row its own number.")
    return _("This cell (%(text)s) was merged with others. Give this row its own number.") % {
        "text": shortened(text)
    }


def _excel_error(text: str) -> str:
    return _("Excel shows an error in this cell (%(text)s). Write the value itself.") % {
        "text": shortened(text)
    }

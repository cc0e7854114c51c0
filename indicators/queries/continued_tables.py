"""Published tables continued: the rows and columns of the source, and behind its periods the next ones as agencies reported
them.

Whatever shows or writes such a table reads it here, so that a page and a file of the same day say the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts.models import User
from indicators.headings import Heading, heading_of
from indicators.models import PublishedCell
from indicators.periods import Period, year_before
from indicators.printed_style import (
    NumberStyle,
    change_in_percent,
    next_heading,
    next_mark,
    period_name,
)
from indicators.queries.continued_parts import (
    ContinuedCell,
    ContinuedColumn,
    ContinuedTable,
    ReportedChange,
    ReportedValue,
)
from indicators.queries.figures import ShownFigure, figures_for, hidden_words, read_figures
from indicators.queries.reported_sums import ReportedSum, sum_of
from indicators.states import PeriodKind, Unit
from indicators.suppression import Hiding
from recommendations.models import Cycle
from ui import dates

if TYPE_CHECKING:
    from indicators.queries.tables import PrintedTable

_NO_PERIOD = Period("", None, None)


def continue_tables(
    tables: Sequence[PrintedTable],
    *,
    cycle: Cycle,
    user: User,
    on: date,
    before: datetime | None = None,
) -> list[ContinuedTable]:
    """Return printed tables with what agencies reported in the window of a cycle, as recorded `before` an instant, or by now.

    `on` is the day that is shown: what begins later has no column yet. Two queries at most, however many tables.
    """
    figures = _reported(
        {cell.figure.series_id for table in tables for cell in table.cells if cell.figure},
        first=cycle.window_start,
        last=cycle.window_end,
        user=user,
        before=before,
    )
    return [_Continuation(table, figures, cycle=cycle, on=on).table() for table in tables]


def _reported(
    series_ids: set[int], *, first: date, last: date, user: User, before: datetime | None
) -> Mapping[int, Sequence[ShownFigure]]:
    """Return what agencies reported of series between two days, both included, by series. Two queries at most."""
    given = figures_for(user, before=before).filter(
        series__in=series_ids, source=None, begins_on__gte=first, ends_on__lte=last
    )
    found: defaultdict[int, list[ShownFigure]] = defaultdict(list)
    for figure in read_figures(given, user=user):
        found[figure.series_id].append(figure)
    return found


class _Continuation:
    """One table while it is continued."""

    def __init__(
        self,
        printed: PrintedTable,
        figures: Mapping[int, Sequence[ShownFigure]],
        *,
        cycle: Cycle,
        on: date,
    ) -> None:
        self.printed, self.cells, self.figures = printed, printed.cells, figures
        table = printed.table
        self.mark = next_mark(
            (footnote["text"] for footnote in table.footnotes),
            (column[language] for column in table.columns for language in ("ms", "en")),
        )
        self.at: defaultdict[tuple[int, int], list[PublishedCell]] = defaultdict(list)
        for cell in self.cells:
            self.at[cell.row, cell.column].append(cell)
        #: The heading above each printed column, if any.
        self.groups = [heading_of(each["group"]) if each.get("group") else None for each in table.columns]
        self.window = Period(PeriodKind.WINDOW.value, cycle.window_start, cycle.window_end)
        #: What the window reaches, by the kind of the printed periods that are continued so.
        self.reached = {
            PeriodKind.WINDOW.value: [self.window],
            PeriodKind.UNSTATED.value: [self.window],
            PeriodKind.YEAR.value: _years_of(self.window),
        }
        self.on = on
        self.mark = next_mark(
            (footnote["text"] for footnote in table.footnotes),
            (column[language] for column in table.columns for language in ("ms", "en")),
        )

    def table(self) -> ContinuedTable:
        """Return the table with its further columns and their footnotes."""
        columns = self._columns()
        rows = [
            (row.heading, [self._cell(column, number) for column in columns])
            for number, row in enumerate(self.printed.rows)
        ]
        table = ContinuedTable(printed=self.printed, columns=columns, rows=rows)
        return replace(table, notes=_notes(table, self.mark)) if table.is_continued else table

    @cached_property
    def periods(self) -> dict[int, Period]:
        """The period of each printed column that has one."""
        found: dict[int, Period] = {}
        for cell in self.cells:
            if cell.figure:
                found.setdefault(cell.column, _period_of(cell))
        return found

    @cached_property
    def last_changes(self) -> int | None:
        """The last printed column of changes between windows; None without one."""
        changes = {cell.column for cell in self.cells if cell.change is not None}
        windows = [number for number, each in self.periods.items() if each.kind == PeriodKind.WINDOW]
        return max((each for each in changes if windows and each > min(windows)), default=None)

    def _columns(self) -> list[ContinuedColumn]:
        """Return all columns: the next periods stand behind the last one of their group, changes at the end."""
        columns: list[ContinuedColumn] = []
        for number, heading in enumerate(self.printed.columns):
            group = self.groups[number]
            columns.append(ContinuedColumn(heading=heading, group=group, printed=number))
            for period in self._following(number):
                words = next_heading(heading.words, self.periods[number], period, self.mark)
                furthest = self._furthest(period, group)
                columns.append(
                    ContinuedColumn(
                        heading=Heading(words, True), group=group, period=period, furthest=furthest
                    )
                )
        last = self.last_changes
        if last is not None and any(each.period == self.window for each in columns):
            words = next_heading(self.printed.columns[last].words, _NO_PERIOD, self.window, self.mark)
            columns.append(ContinuedColumn(heading=Heading(words, True), group=self.groups[last]))
        return columns

    def _furthest(self, period: Period, group: Heading | None) -> ReportedSum | None:
        """Return the sum of most months in a column; None without any."""
        models = (model for row in range(len(self.printed.rows)) for model in self._models(row, group))
        sums = [found for model in models if (found := self._sum(model, period)) and not found.is_stock]
        return max(sums, key=lambda each: len(each.months), default=None)

    def _following(self, number: int) -> list[Period]:
        """Return the periods to add behind a printed column: of the last one of its group, what the window reaches."""
        later = [each for each in self.periods if each > number and self.groups[each] == self.groups[number]]
        if number not in self.periods or later:
            return []
        return [each for each in self.reached.get(self.periods[number].kind, ()) if self._is_next(each)]

    def _is_next(self, period: Period) -> bool:
        """Whether a period has begun by the day that is shown, and is no window that is printed already."""
        if period.begins_on is None or period.begins_on > self.on:
            return False
        return all(
            (each.kind, each.begins_on) != (PeriodKind.WINDOW, period.begins_on)
            for each in self.periods.values()
        )

    def _cell(self, column: ContinuedColumn, row: int) -> ContinuedCell:
        if column.printed is not None:
            return ContinuedCell(column=column, printed=self.printed.rows[row].places[column.printed])
        models = self._models(row, column.group)
        if column.period is not None:
            values = [self._value(model, column.period, column.furthest) for model in models]
            return ContinuedCell(column=column, reported=values)
        printed_count = len(self.at[row, self.last_changes or 0])
        changes = [self._value(model, self.window).change for model in models[:printed_count]]
        return ContinuedCell(column=column, changes=changes)

    def _models(self, row: int, group: Heading | None) -> list[PublishedCell]:
        """Return the printed values that a row continues: those of its last period in the group that has any."""
        for number in sorted((each for each in self.periods if self.groups[each] == group), reverse=True):
            if models := [cell for cell in self.at[row, number] if cell.figure]:
                return models
        return []

    def _value(
        self, model: PublishedCell, period: Period, furthest: ReportedSum | None = None
    ) -> ReportedValue:
        """Return what was reported of a printed value's series for a period, beside the `furthest` of its column."""
        assert model.figure is not None
        indicator = model.figure.series.indicator
        found, style = self._sum(model, period), self._style(model.row)
        return ReportedValue(
            code=indicator.code,
            text=_text(found, style),
            note=model.note,
            style=style,
            found=found,
            change=self._change(model, found) if found else None,
            own_part=_own_part(found, furthest) if found else "",
        )

    def _sum(self, model: PublishedCell, period: Period) -> ReportedSum | None:
        assert model.figure is not None
        indicator = model.figure.series.indicator
        is_summed = not indicator.is_stock and indicator.unit != Unit.PERCENT
        return sum_of(self.figures.get(model.figure.series_id, ()), period, is_summed=is_summed)

    def _style(self, row: int) -> NumberStyle:
        table = [cell.text for cell in self.cells if cell.figure]
        return NumberStyle.of((cell.text for cell in self.cells if cell.figure and cell.row == row), table)

    def _change(self, model: PublishedCell, found: ReportedSum) -> ReportedChange | None:
        """Return the change from the same series a year before, where that was printed or reported on the same basis."""
        months = year_before(found.period)
        if months is None or found.is_stock:
            return None
        if not found.is_whole:
            return ReportedChange(reason=found.part)
        assert model.figure is not None
        own = (cell for cell in self.cells if cell.figure and cell.figure.series_id == model.figure.series_id)
        before = next((cell for cell in own if _period_of(cell) == months), None)
        if before is None or before.figure is None:
            return ReportedChange(reason=_("There is no figure for %(period)s.") % {"period": months.label})
        return _compared(before.figure.value, found)


def _text(found: ReportedSum | None, style: NumberStyle) -> str:
    """Return a number as the table prints numbers; "–" where nothing was reported, and what stands for a hidden one."""
    if found is None:
        return "–"
    if found.value is not None:
        return style.write(found.value)
    return found.figures[0].text if len(found.figures) == 1 else hidden_words(Hiding.WITHHELD)


def _compared(before: Decimal, found: ReportedSum) -> ReportedChange:
    """Return the change from a printed number to a sum of all months."""
    if found.value is None:
        return ReportedChange(reason=_("A number that is not shown is not compared."))
    if not before:
        return ReportedChange(reason=_("The figure before is 0."))
    return ReportedChange(percent=change_in_percent(before, found.value))


def _own_part(found: ReportedSum, furthest: ReportedSum | None) -> str:
    """Return how far a number goes where that is not how far its column goes."""
    return "" if furthest and found.months == furthest.months else found.part


def _notes(table: ContinuedTable, mark: str) -> list[str]:
    """Return the footnotes of what was reported, each with the mark of its columns."""
    notes = [_("Data source: monthly figures reported by agencies and accepted by MAPO")]
    groups = len({column.group for column in table.columns if column.period})
    notes += [_reach(column, has_groups=groups > 1) for column in table.columns if column.period]
    notes += [
        f"{heading.words}, {_name(cell.column, has_group=groups > 1)}: {value.own_part}"
        for heading, cells in table.rows
        for cell in cells
        for value in cell.reported
        if value.own_part and cell.column.period
    ]
    if table.has_hidden:
        notes.append(
            _("“< 5” and “hidden”: a number of victims that could point to a person is not written out")
        )
    return [f"{mark}{note}" for note in dict.fromkeys(notes)]


def _name(column: ContinuedColumn, *, has_group: bool) -> str:
    """Return how footnotes call a reported column: 2023/2024; PERMISSION TO WORK, 2023 where several groups have one."""
    assert column.period is not None
    name = period_name(column.period)
    return f"{column.group.words}, {name}" if column.group and has_group else name


def _reach(column: ContinuedColumn, *, has_groups: bool) -> str:
    """Return up to which day a reported column counts: 2023/2024: to 31 August 2023 (5 of 12 months)."""
    name, furthest = _name(column, has_group=has_groups), column.furthest
    if furthest is None or furthest.last_day is None:
        return _("%(period)s: nothing was reported") % {"period": name}
    told = {"period": name, "day": dates.day(furthest.last_day), "part": column.part}
    return (
        _("%(period)s: to %(day)s (%(part)s)") % told if column.part else _("%(period)s: to %(day)s") % told
    )


def _period_of(cell: PublishedCell) -> Period:
    """Return the period of the figure that a cell shows."""
    assert cell.figure is not None
    figure = cell.figure
    return Period(figure.period_kind, figure.begins_on, figure.ends_on, figure.is_partial, figure.counted_to)


def _years_of(window: Period) -> list[Period]:
    """Return the calendar years that a window touches."""
    first, last = window.begins_on, window.ends_on
    assert first is not None and last is not None
    return [
        Period(PeriodKind.YEAR.value, date(year, 1, 1), date(year, 12, 31))
        for year in range(first.year, last.year + 1)
    ]

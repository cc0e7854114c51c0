"""How the parts of the section fit together: what it names exists, nothing stands twice, texts and numbers agree."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from cycles.file import CycleFile, ProblemList
from indicators.file.entries import CellEntry, CodeEntry, FiguresFile, IndicatorEntry, TableEntry
from indicators.models.series import series_key
from indicators.numbers import UnreadableNumber, read_number

_CHANGE = re.compile(r"([+-] ?)?([0-9]{1,5}(?:\.[0-9])?) ?%")
_DIGIT = re.compile(r"[0-9]")


def check_figures(figures: FiguresFile, cycle_file: CycleFile, problems: ProblemList) -> None:
    """Add every problem that entries have with each other and with the cycle's file."""
    _check_codes(figures, problems)
    for indicator in figures.indicators:
        _check_indicator(indicator, figures, cycle_file, problems)
    _CellChecks(figures, problems).run()


def _check_codes(figures: FiguresFile, problems: ProblemList) -> None:
    """Add a problem for each code that stands twice among those of its kind."""
    _once(figures.dimensions, problems)
    for dimension in figures.dimensions:
        _once(dimension.values, problems)
    _once(figures.indicators, problems)
    _once((CodeEntry(table.line, table.key) for table in figures.tables), problems)


def _once(entries: Iterable[CodeEntry], problems: ProblemList) -> None:
    lines: dict[str, int] = {}
    for entry in entries:
        if entry.code in lines:
            words = {"code": entry.code, "line": lines[entry.code]}
            problems.add(entry.line, _("%(code)s appears twice; first on line %(line)s.") % words)
        lines.setdefault(entry.code, entry.line)


def _check_indicator(
    indicator: IndicatorEntry, figures: FiguresFile, cycle_file: CycleFile, problems: ProblemList
) -> None:
    agency = indicator.agency
    if agency and agency.code not in {entry.code for entry in cycle_file.agencies}:
        words = {"code": agency.code}
        problems.add(agency.line, _("The agency %(code)s is not in the list of agencies.") % words)
    known = {dimension.code for dimension in figures.dimensions}
    for dimension in indicator.dimensions:
        if dimension.code not in known:
            problems.add(
                dimension.line, _("%(code)s is not a dimension of this file.") % {"code": dimension.code}
            )
    _once(indicator.dimensions, problems)
    items = {item.key for item in cycle_file.items}
    for item in indicator.items:
        if item.key not in items:
            words = {"kind": str(item.kind.label), "number": str(item.number)}
            problems.add(item.line, _("%(kind)s %(number)s is linked but is not in the file.") % words)
    _once((CodeEntry(item.line, f"{item.kind.label} {item.number}") for item in indicator.items), problems)


class _CellChecks:
    """What every cell must meet; holds what was seen of the cells before it."""

    def __init__(self, figures: FiguresFile, problems: ProblemList) -> None:
        self.figures = figures
        self.problems = problems
        self.indicators = {indicator.code: indicator for indicator in figures.indicators}
        self.first: dict[tuple[object, ...], CellEntry] = {}

    def run(self) -> None:
        for table in self.figures.tables:
            for cell in table.cells:
                self._check(cell, table)

    def _check(self, cell: CellEntry, table: TableEntry) -> None:
        if cell.change is not None:
            self._check_change(cell)
        elif cell.value is not None:
            self._check_figure(cell)
        elif _DIGIT.search(cell.text):
            self._add(cell, _("“%(text)s” has digits: it needs its number.") % {"text": cell.text})

    def _check_change(self, cell: CellEntry) -> None:
        match = _CHANGE.fullmatch(cell.text)
        printed = Decimal(f"{(match[1] or '').strip()}{match[2]}") if match else None
        if printed != cell.change:
            self._differ(cell, cell.change)

    def _check_figure(self, cell: CellEntry) -> None:
        named = cell.about.indicator
        indicator = self.indicators.get(named.code) if named else None
        if named is None:
            self._add(cell, _("Nothing says which indicator “%(text)s” is of.") % {"text": cell.text})
        elif indicator is None:
            words = {"code": named.code}
            self.problems.add(named.line, _("%(code)s is not an indicator of this file.") % words)
        else:
            self._check_series(cell, indicator)
            self._check_number(cell, indicator)
        if cell.about.period is None:
            self._add(cell, _("Nothing says of which period “%(text)s” is.") % {"text": cell.text})

    def _check_series(self, cell: CellEntry, indicator: IndicatorEntry) -> None:
        for dimension in sorted(cell.about.values.keys() - {entry.code for entry in indicator.dimensions}):
            words = {"indicator": indicator.code, "code": dimension}
            self._add(cell, _("%(indicator)s is not broken down by %(code)s.") % words)
        if cell.about.period is None:
            return
        key = (indicator.code, series_key(dict(cell.about.values)), cell.about.period.key)
        first = self.first.setdefault(key, cell)
        if (first.value, first.about.period and first.about.period.counted_to) != (
            cell.value,
            cell.about.period.counted_to,
        ):
            words = {"text": cell.text, "other": first.text, "line": str(first.line)}
            self._add(
                cell,
                _("“%(text)s” is of the same series and period as “%(other)s” on line %(line)s.") % words,
            )

    def _check_number(self, cell: CellEntry, indicator: IndicatorEntry) -> None:
        try:
            if read_number(cell.text, unit=indicator.unit) != cell.value:
                self._differ(cell, cell.value)
        except UnreadableNumber as error:
            self._add(cell, str(error))

    def _differ(self, cell: CellEntry, number: Decimal | None) -> None:
        words = {"text": cell.text, "number": number}
        self._add(cell, _("“%(text)s” is not the number %(number)s.") % words)

    def _add(self, cell: CellEntry, reason: str) -> None:
        self.problems.add(cell.line, reason)

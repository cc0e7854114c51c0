"""How checks fit with the rest of the section: they compare numbers that the file has."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from cycles.file import CycleFile, ProblemList
from indicators.file.entries import (
    CheckEntry,
    FiguresFile,
    IndicatorEntry,
    PrintedPlace,
    SeriesEntry,
    TermEntry,
)
from indicators.states import CheckKind


def check_checks(figures: FiguresFile, cycle_file: CycleFile, problems: ProblemList) -> None:
    """Add a problem for each check that names what the file does not have, or that does not fit its kind."""
    achievements = {item.key for item in cycle_file.items}
    agreement = _CheckAgreement(figures)
    lines: dict[str, int] = {}
    for check in figures.checks:
        if check.code in lines:
            words = {"code": check.code, "line": lines[check.code]}
            problems.add(check.line, _("%(code)s appears twice; first on line %(line)s.") % words)
        lines.setdefault(check.code, check.line)
        for line, reason in agreement.problems_of(check):
            problems.add(line, reason)
        if check.claim and check.claim.key not in achievements:
            words = {"kind": str(check.claim.kind.label), "number": str(check.claim.number)}
            problems.add(check.claim.line, _("%(kind)s %(number)s is linked but is not in the file.") % words)


class _CheckAgreement:
    """What checks may name."""

    def __init__(self, figures: FiguresFile) -> None:
        self.indicators = {indicator.code: indicator for indicator in figures.indicators}
        self.values = {
            (dimension.code, value.code) for dimension in figures.dimensions for value in dimension.values
        }
        self.periods = figures.printed_periods
        self.changes = figures.printed_changes

    def problems_of(self, check: CheckEntry) -> Iterator[tuple[int, str]]:
        """Yield each problem with its line."""
        for term in check.terms:
            yield from self._problems_of_term(term)
        if len({bool(term.period) for term in check.terms}) > 1:
            yield check.line, _("Either all numbers of a check name a period, or none does.")
        if check.kind == CheckKind.SUM and len(check.right) > 1:
            yield check.line, _("A sum has one number on the right.")
        yield from self._problems_of_place(check, check.printed)
        if check.claim and check.kind != CheckKind.BOUND:
            yield check.claim.line, _("Only a check of the kind “bound” puts a sentence to the test.")

    def _problems_of_term(self, term: TermEntry) -> Iterator[tuple[int, str]]:
        indicator = self.indicators.get(term.series.indicator)
        if indicator is None:
            words = {"code": term.series.indicator}
            yield term.line, _("%(code)s is not an indicator of this file.") % words
            return
        yield from self._problems_of_values(term, term.series, indicator)
        if term.period and (term.series.words, term.period) not in self.periods:
            words = {"text": term.text, "period": term.period}
            yield term.line, _("The file has no figure of “%(text)s” in the period %(period)s.") % words

    def _problems_of_values(
        self, term: TermEntry, series: SeriesEntry, indicator: IndicatorEntry
    ) -> Iterator[tuple[int, str]]:
        known = {dimension.code for dimension in indicator.dimensions}
        for dimension, value in series.values.items():
            if dimension not in known:
                words = {"indicator": indicator.code, "code": dimension}
                yield term.line, _("%(indicator)s is not broken down by %(code)s.") % words
            elif (dimension, value) not in self.values:
                words = {"value": value, "code": dimension}
                yield term.line, _("%(value)s is not a value of %(code)s.") % words

    def _problems_of_place(self, check: CheckEntry, place: PrintedPlace | None) -> Iterator[tuple[int, str]]:
        if (place is not None) != (check.kind == CheckKind.CHANGE):
            yield check.line, _("A check of the kind “change”, and no other, has a printed change.")
        elif place and (place.table, place.row, place.column, place.order) not in self.changes:
            yield place.line, _("The file has no printed change in this place.")

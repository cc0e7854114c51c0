"""What the checks say about the figures of a version, for MAPO to read before it decides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from indicators.check_words import sentence
from indicators.judging import CheckedPeriod
from indicators.models import FigureReport, SentFigure
from indicators.months import last_day_of
from indicators.queries.checks import failing_for
from indicators.queries.month_rules import judge_month
from indicators.queries.month_sheet import MonthSheet, read_month_sheet
from indicators.queries.series_titles import read_series_titles
from indicators.states import PeriodKind


def notes_on(report: FigureReport, sent: Sequence[SentFigure]) -> dict[int, list[str]]:
    """Return what contradicts or is unusual in figures that were sent, by the figure's key (six queries at most).

    Unlike the agency, MAPO also reads the checks that compare with figures of other agencies.
    """
    if not sent:
        return {}
    sheet = read_month_sheet(report.agency, report.month, report=None)
    sums, unusual = _in_the_sheet(sheet, sent)
    contradictions = {**sums, **_by_checks(report, sent)}
    said = {each.pk: [*contradictions.get(each.pk, ()), *unusual.get(each.pk, ())] for each in sent}
    return {pk: words for pk, words in said.items() if words}


def _in_the_sheet(
    sheet: MonthSheet, sent: Sequence[SentFigure]
) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Return which totals do not agree with their parts, and which figures differ much from the month before."""
    names = {(cell.indicator.pk, cell.key): name for name, cell in sheet.cells.items()}
    keys = {(each.series.indicator_id, each.series.key): each for each in sent}
    by_name = {names[key]: each for key, each in keys.items() if key in names}
    found = judge_month(sheet, {name: each.text for name, each in by_name.items()})
    sums: defaultdict[int, list[str]] = defaultdict(list)
    for name, words in found.contradictions.items():
        # A total that was accepted before has no line here: its first new part speaks for it.
        indicator_id = sheet.cells[name].indicator.pk
        parts = (each for each in by_name.values() if each.series.indicator_id == indicator_id)
        sums[(by_name.get(name) or next(parts)).pk].append(words)
    return sums, {by_name[name].pk: [words] for name, words in found.unusual.items()}


def _by_checks(report: FigureReport, sent: Sequence[SentFigure]) -> dict[int, list[str]]:
    """Return the sentences of the checks that fail with these figures, with the total, or the first figure, in each."""
    period = CheckedPeriod(PeriodKind.MONTH, report.month, last_day_of(report.month))
    by_series = {each.series_id: each for each in sent}
    given = {(series_id, period): each.value for series_id, each in by_series.items()}
    said: defaultdict[int, list[str]] = defaultdict(list)
    contradicting = failing_for(report.cycle, given)
    titles = read_series_titles(contradicting)
    for failing in contradicting:
        terms = (*failing.right_terms, *failing.left_terms)
        first = next(by_series[term.series_id] for term in terms if term.series_id in by_series)
        said[first.pk].append(sentence(failing, titles))
    return said

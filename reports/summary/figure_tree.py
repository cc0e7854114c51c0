"""The figures of a summary for people: pillar by pillar, indicator by indicator, series by series, as many as a paper holds."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from indicators.periods import MOST_PERIODS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.summary.content import SummaryContent
    from reports.summary.figure_rows import (
        ReportedCheck,
        ReportedFigure,
        ReportedIndicator,
        ReportedTarget,
        SeriesName,
    )


@dataclass(frozen=True, slots=True)
class FiguresOfSeries:
    """The newest figures of a series, by time; `left_out` are so many older ones."""

    name: SeriesName
    figures: Sequence[ReportedFigure]
    left_out: int

    @property
    def is_whole(self) -> bool:
        """Whether it is the indicator as a whole, and no breakdown."""
        return not self.name.key


@dataclass(frozen=True, slots=True)
class FiguresOfIndicator:
    """An indicator with its series (the whole first), its target, and what contradicts in its figures."""

    indicator: ReportedIndicator
    series: Sequence[FiguresOfSeries]
    target: ReportedTarget | None
    checks: Sequence[ReportedCheck]

    @property
    def whole(self) -> FiguresOfSeries | None:
        return next((each for each in self.series if each.is_whole), None)


@dataclass(frozen=True, slots=True)
class FiguresOfPillar:
    """The indicators of a pillar; without one, those of the report as a whole."""

    pillar: str
    indicators: Sequence[FiguresOfIndicator]


def read_pillars(content: SummaryContent, *, most: int = MOST_PERIODS) -> list[FiguresOfPillar]:
    """Return all that a content holds of figures, by pillar in their order; empty where it holds none.

    It reads everything before them (`content.figure_rows()`), so read updates and documents first. `most`: of each series
    so many of the newest figures of each kind of period; so memory does not grow with their number.
    """
    kept: defaultdict[tuple[str, str], dict[str, deque[ReportedFigure]]] = defaultdict(dict)
    counts: defaultdict[tuple[str, str], int] = defaultdict(int)
    for figure in content.figure_rows():
        series = (figure.indicator, figure.series)
        kept[series].setdefault(figure.period_kind, deque(maxlen=most)).append(figure)
        counts[series] += 1
    figures = content.figures
    targets = {target.indicator: target for target in figures.targets}
    by_indicator: defaultdict[str, list[FiguresOfSeries]] = defaultdict(list)
    for (code, key), by_kind in kept.items():
        newest = sorted((each for of_kind in by_kind.values() for each in of_kind), key=_by_time)
        left_out = counts[code, key] - len(newest)
        by_indicator[code].append(FiguresOfSeries(figures.series_names[key], newest, left_out))
    found = [
        FiguresOfIndicator(
            indicator=indicator,
            series=by_indicator[indicator.code],
            target=targets.get(indicator.code),
            checks=[check for check in figures.checks if indicator.code in check.indicators],
        )
        for indicator in figures.indicators
    ]
    return [
        FiguresOfPillar(pillar, list(group))
        for pillar, group in groupby(found, key=lambda each: each.indicator.pillar)
    ]


def _by_time(figure: ReportedFigure) -> tuple[int, int]:
    """Return where a figure stands among others of its series: by its last day, one of no stated period first."""
    last = figure.period.last_day
    return (last.toordinal() if last else 0, figure.number)

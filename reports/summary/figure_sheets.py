"""What papers for people show of each indicator, out of the figures of a summary (`figure_tree`).

A paper has less room than the rows: of what was printed the newest windows and years, of what agencies reported the months
of the window, and the newest parts by what an indicator is broken down by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from indicators.months import months_within
from indicators.states import PeriodKind
from reports.summary.figure_tree import FiguresOfIndicator, read_pillars

if TYPE_CHECKING:
    from datetime import date

    from reports.summary.content import SummaryContent
    from reports.summary.figure_rows import ReportedCheck, ReportedFigure, ReportedIndicator, ReportedTarget
    from reports.summary.figures import SummaryFigures

#: So many of the newest windows and years stand in a table, and so many years in a chart.
_WINDOWS, _YEARS, _CHART_YEARS = 2, 2, 9
#: Periods that a source prints; an indicator has few figures of the last two.
_OTHERS = (PeriodKind.UNSTATED, PeriodKind.DAY, PeriodKind.QUARTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorSheet:
    """An indicator with the figures of it that a paper shows, each list by time.

    `wholes` are all its figures as a whole, one a period; `parts` those of its newest period that has any, in the order of
    their values. `checks` are the numbers of those that speak of it, `month_count` the months of the window.
    """

    indicator: ReportedIndicator
    wholes: Sequence[ReportedFigure]
    parts: Sequence[ReportedFigure]
    target: ReportedTarget | None
    checks: Sequence[int]
    month_count: int

    @property
    def months(self) -> list[ReportedFigure]:
        """What agencies reported, month by month."""
        return [each for each in self.wholes if each.is_reported and each.period_kind == PeriodKind.MONTH]

    @property
    def printed(self) -> list[ReportedFigure]:
        """The newest windows and years, and what has another period or none, unless a window says the same."""
        windows, years = self.of_kind(PeriodKind.WINDOW)[-_WINDOWS:], self.of_kind(PeriodKind.YEAR)[-_YEARS:]
        others = [each for kind in _OTHERS for each in self.of_kind(kind)[-1:]]
        said = {each.value for each in windows}
        return [*windows, *years, *(each for each in others if each.value not in said)]

    @property
    def charted(self) -> list[ReportedFigure]:
        """The years of a chart, or windows where there are no two years, for an indicator without reported months."""
        years, windows = self.of_kind(PeriodKind.YEAR), self.of_kind(PeriodKind.WINDOW)
        return (years if len(years) > 1 else windows)[-_CHART_YEARS:]

    @property
    def newest(self) -> ReportedFigure | None:
        """The figure as a whole that was counted last."""
        return max(self.wholes, key=_recency, default=None)

    @property
    def has_hidden(self) -> bool:
        return any(each.is_hidden for each in (*self.wholes, *self.parts))

    def of_kind(self, kind: PeriodKind) -> list[ReportedFigure]:
        """Return the figures as a whole of a kind of period."""
        return [each for each in self.wholes if each.period_kind == kind]


@dataclass(frozen=True, slots=True)
class PillarSheets:
    """The indicators of a pillar; without one, those of the report as a whole."""

    pillar: str
    sheets: Sequence[IndicatorSheet]


@dataclass(frozen=True)
class FigureSheets:
    """What a paper shows of figures, and what the checks found, numbered from 1: what fails, then what cannot be judged.

    `since` is the day after which figures are marked as new, if any.
    """

    figures: SummaryFigures
    since: date | None
    pillars: Sequence[PillarSheets]
    checks: Sequence[ReportedCheck]

    @property
    def sheets(self) -> list[IndicatorSheet]:
        return [sheet for pillar in self.pillars for sheet in pillar.sheets]

    @cached_property
    def marks(self) -> Mapping[int, Sequence[int]]:
        """The numbers of checks by the number of the figure that carries their mark."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for place, check in enumerate(self.checks, start=1):
            for number in check.marked:
                found[number].append(place)
        return found

    def of_pillar(self, pillar: str) -> Sequence[IndicatorSheet]:
        """Return the indicators of a pillar; none where the summary has none."""
        return next((each.sheets for each in self.pillars if each.pillar == pillar), ())


def read_figure_sheets(content: SummaryContent) -> FigureSheets:
    """Read the figures of a content (see `read_pillars`)."""
    checks = sorted(content.figures.checks, key=lambda check: not check.found.fails)
    places = {id(check): place for place, check in enumerate(checks, start=1)}
    count = len(list(months_within(content.dates.window_start, content.dates.window_end)))
    pillars = [
        PillarSheets(each.pillar, [_sheet(found, places, month_count=count) for found in each.indicators])
        for each in read_pillars(content)
    ]
    return FigureSheets(content.figures, content.selection.since, pillars, checks)


def _sheet(found: FiguresOfIndicator, places: Mapping[int, int], *, month_count: int) -> IndicatorSheet:
    parts = [figure for series in found.series if not series.is_whole for figure in series.figures]
    return IndicatorSheet(
        indicator=found.indicator,
        wholes=_one_a_period(found.whole.figures if found.whole else ()),
        parts=_newest_parts(parts),
        target=found.target,
        checks=sorted(places[id(check)] for check in found.checks),
        month_count=month_count,
    )


def _one_a_period(figures: Sequence[ReportedFigure]) -> list[ReportedFigure]:
    """Return one figure a period in the order of time: where a source and an agency gave one, the agency's."""
    chosen: dict[tuple[object, ...], ReportedFigure] = {}
    for figure in figures:
        key = (figure.period_kind, figure.begins_on, figure.ends_on)
        if key not in chosen or figure.is_reported:
            chosen[key] = figure
    return list(chosen.values())


def _newest_parts(parts: Sequence[ReportedFigure]) -> list[ReportedFigure]:
    """Return the parts by one dimension of the period that was counted last; they come in the order of their values."""
    single = [figure for figure in parts if ";" not in figure.series]
    last = max(single, key=_recency, default=None)
    return [figure for figure in single if last and _is_beside(figure, last)]


def _is_beside(figure: ReportedFigure, last: ReportedFigure) -> bool:
    """Whether two parts are of the same dimension and period, and from givers of one kind."""
    told = [(each.series.partition("=")[0], each.period, each.is_reported) for each in (figure, last)]
    return told[0] == told[1]


def _recency(figure: ReportedFigure) -> tuple[int, bool]:
    last = figure.period.last_day
    return (last.toordinal() if last else 0, figure.is_reported)

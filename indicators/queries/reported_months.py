"""What was given for a window: months added up, the window as a whole, and of stocks what was counted last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Coalesce

from accounts.models import User
from indicators.models import Figure, Series, SeriesValue
from indicators.models.figure import FigureQuerySet
from indicators.months import month_spans, months_within, year_before
from indicators.periods import Period
from indicators.queries.figures import (
    ShownFigure,
    figures_for,
    hidden_words,
    newest,
    one_a_period,
    read_figures,
)
from indicators.states import PeriodKind
from indicators.suppression import Hiding


@dataclass(frozen=True, slots=True)
class WindowDays:
    """The first and the last day of an assessment window."""

    first: date
    last: date

    @property
    def mark(self) -> str:
        """The window as sources call it: 2022/2023."""
        years = dict.fromkeys([self.first.year, self.last.year])
        return "/".join(str(year) for year in years)

    @property
    def period(self) -> Period:
        return Period(PeriodKind.WINDOW.value, self.first, self.last)

    @property
    def months(self) -> list[date]:
        """Its whole months, by their first days."""
        return list(months_within(self.first, self.last))

    def before(self) -> WindowDays:
        """Return the window a year before."""
        first = year_before(self.first)
        return WindowDays(first, year_before(self.last + timedelta(days=1)) - timedelta(days=1))

    def holds(self, figure: ShownFigure) -> bool:
        """Whether the last day that was counted lies in the window."""
        last = figure.period.last_day
        return bool(last and self.first <= last <= self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthsTotal:
    """The figures of some months of a series, added up.

    `value` is None where one of them is not shown to the reader, because the sum would give it away; `number` says so.
    """

    figures: Sequence[ShownFigure]
    value: Decimal | None
    number: str

    @property
    def months(self) -> list[date]:
        """The months, by their first days, in order."""
        return _first_days(self.figures)

    @property
    def is_whole(self) -> bool:
        """Whether each month was counted to its end."""
        return not any(figure.period.is_partial for figure in self.figures)

    @property
    def words(self) -> str:
        """Which months they are: Apr – Jun, Aug 2023."""
        return month_spans(self.months)


def _first_days(figures: Iterable[ShownFigure]) -> list[date]:
    return [figure.period.begins_on for figure in figures if figure.period.begins_on]


def total_of(figures: Iterable[ShownFigure]) -> MonthsTotal | None:
    """Return the figures of months added up; None without any."""
    months = sorted(figures, key=lambda figure: figure.period.begins_on or date.min)
    if not months:
        return None
    values = [figure.value for figure in months if figure.value is not None]
    value = sum(values, Decimal(0)) if len(values) == len(months) else None
    has_parts = any("." in figure.number for figure in months)
    number = hidden_words(Hiding.WITHHELD) if value is None else f"{value:,.{2 if has_parts else 0}f}"
    return MonthsTotal(figures=months, value=value, number=number)


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowFigures:
    """What was given of a series for a window and the one before.

    `name` says which part of the indicator it is, "" for the whole. `reported` are months of the window that an agency
    reported, `months_before` those a year before; `whole_before` counts the whole window before, and `whole_earlier` the one
    before that; `newest` and `newest_before` were counted last in each window.
    """

    indicator_id: int
    name: str
    reported: Sequence[ShownFigure] = ()
    months_before: Sequence[ShownFigure] = ()
    whole_before: ShownFigure | None = None
    whole_earlier: ShownFigure | None = None
    newest: ShownFigure | None = None
    newest_before: ShownFigure | None = None

    @property
    def reported_total(self) -> MonthsTotal | None:
        """What was reported of the window, added up; None without any month."""
        return total_of(self.reported)

    @property
    def same_months(self) -> MonthsTotal | None:
        """The months that were reported, a year before, added up; None unless all of them were given."""
        wanted = {year_before(month) for month in _first_days(self.reported)}
        found = [figure for figure in self.months_before if figure.period.begins_on in wanted]
        return total_of(found) if len(found) == len(wanted) else None

    @property
    def all_figures(self) -> list[ShownFigure]:
        single = (self.whole_before, self.newest, self.newest_before)
        return [*self.reported, *self.months_before, *(figure for figure in single if figure)]


@dataclass(slots=True)
class _OfSeries:
    """A series with what was given of it."""

    series: Series
    figures: list[ShownFigure] = field(default_factory=list)


def read_window_figures(
    indicator_ids: Collection[int], window: WindowDays, *, user: User, before: datetime | None = None
) -> Mapping[int, Sequence[WindowFigures]]:
    """Return what was given for a window and the one before, by indicator: as a whole, else by the parts of one dimension.

    As recorded `before` an instant, or as it is now. Four queries at most.
    """
    wholes = Figure.objects.filter(series__indicator=OuterRef("indicator"), series__key="")
    # Only parts by one dimension: ";" joins several.
    parts_alone = ~Exists(wholes) & ~Q(key__contains=";")
    values = SeriesValue.objects.select_related("value")
    asked = Series.objects.filter(Q(key="") | parts_alone, indicator__in=indicator_ids)
    found = {
        each.pk: _OfSeries(each) for each in asked.prefetch_related(Prefetch("value_links", queryset=values))
    }
    given = _given_in(window, user=user, before=before).filter(series__in=list(found))
    for figure in read_figures(given, user=user):
        found[figure.series_id].figures.append(figure)
    by_indicator: defaultdict[int, list[WindowFigures]] = defaultdict(list)
    for each in sorted(found.values(), key=_place):
        name = ", ".join(link.value.name for link in each.series.value_links.all())
        by_indicator[each.series.indicator_id].append(
            _window_figures(each.series.indicator_id, each.figures, window, name=name)
        )
    return by_indicator


def read_whole_figures(
    indicator_ids: Collection[int], window: WindowDays, *, user: User, before: datetime | None = None
) -> Mapping[int, WindowFigures]:
    """Return what was given of indicators as a whole for a window and those before, by indicator. Two queries at most."""
    given = _given_in(window, user=user, before=before)
    figures: defaultdict[int, list[ShownFigure]] = defaultdict(list)
    for figure in read_figures(given.filter(series__key="", series__indicator__in=indicator_ids), user=user):
        figures[figure.indicator_id].append(figure)
    return {each: _window_figures(each, figures[each], window) for each in figures}


def _given_in(window: WindowDays, *, user: User, before: datetime | None) -> FigureQuerySet:
    """Return the figures that were counted to a day of a window or the one before, or for the whole one before that."""
    earlier = window.before()
    days = {"begins_on": earlier.before().first, "ends_on": earlier.before().last}
    held = figures_for(user, before=before).annotate(last=Coalesce("counted_to", "ends_on"))
    return held.filter(
        Q(last__gte=earlier.first, last__lte=window.last) | Q(period_kind=PeriodKind.WINDOW, **days)
    )


def _place(found: _OfSeries) -> tuple[int, ...]:
    return tuple(link.value.position for link in found.series.value_links.all())


def _window_figures(
    indicator_id: int, figures: Sequence[ShownFigure], window: WindowDays, *, name: str = ""
) -> WindowFigures:
    earlier = window.before()
    return WindowFigures(
        indicator_id=indicator_id,
        name=name,
        reported=_months([each for each in figures if each.is_reported], window),
        months_before=_months(figures, earlier),
        whole_before=_whole(figures, earlier),
        whole_earlier=_whole(figures, earlier.before()),
        newest=newest(each for each in figures if window.holds(each)),
        newest_before=newest(each for each in figures if earlier.holds(each)),
    )


def _whole(figures: Iterable[ShownFigure], window: WindowDays) -> ShownFigure | None:
    """Return the figure of a whole window; where a source and an agency gave one, the source's."""
    days = (PeriodKind.WINDOW, window.first, window.last)
    found = (each for each in figures if _days(each) == days)
    return max(found, key=lambda each: not each.is_reported, default=None)


def _days(figure: ShownFigure) -> tuple[str, date | None, date | None]:
    period = figure.period
    return (period.kind, period.begins_on, period.ends_on)


def _months(figures: Iterable[ShownFigure], window: WindowDays) -> list[ShownFigure]:
    """Return the figures of whole months of a window, one a month, in order."""
    months = set(window.months)
    found = [
        each for each in figures if each.period.kind == PeriodKind.MONTH and each.period.begins_on in months
    ]
    return one_a_period(found)

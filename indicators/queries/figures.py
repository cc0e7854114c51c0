"""The one place where figures are read: whatever shows a number takes it from here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from accounts.models import User
from indicators.models import Figure
from indicators.models.figure import FigureQuerySet
from indicators.periods import MOST_PERIODS, Period
from indicators.states import PeriodKind

if TYPE_CHECKING:
    from indicators.models import Series

#: Of two periods that end on the same day, the wider one says more.
_BREADTH = [
    PeriodKind.UNSTATED.value,
    PeriodKind.DAY.value,
    PeriodKind.MONTH.value,
    PeriodKind.QUARTER.value,
    PeriodKind.YEAR.value,
    PeriodKind.WINDOW.value,
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFigure:
    """A figure as a reader may see it. `value` is None where the number is not shown to this reader; `text` then says so.

    `source_id` is the source that printed it, None for a figure that an agency reported.
    """

    figure_id: int
    series_id: int
    indicator_id: int
    period: Period
    text: str
    value: Decimal | None
    source_id: int | None
    recorded_at: datetime

    @property
    def is_reported(self) -> bool:
        return self.source_id is None

    @property
    def number(self) -> str:
        """The number as Jejak writes it: 27,836; 96,800.00 as it was given. Not shown: its text."""
        if self.value is None:
            return self.text
        has_parts = self.value != self.value.to_integral_value() or "." in self.text
        return f"{self.value:,.2f}" if has_parts else f"{self.value:,.0f}"

    @property
    def recency(self) -> tuple[int, int, int]:
        """By what the newest of several figures is found: its last day, then how much it covers, then who gave it."""
        last = self.period.last_day
        return (last.toordinal() if last else 0, _BREADTH.index(self.period.kind), int(self.is_reported))


def figures_for(user: User, *, before: datetime | None = None) -> FigureQuerySet:
    """Return the figures that a person may read: those that stand now, or stood just before an instant."""
    seen = Figure.objects.visible_to(user)
    return seen.standing() if before is None else seen.as_at(before)


def figures_by_key(keys: Iterable[int], *, user: User) -> list[ShownFigure]:
    """Return the figures with these keys, whether they stand or were replaced, as a person may see them. One query."""
    return read_figures(Figure.objects.visible_to(user).filter(pk__in=set(keys)), user=user)


def read_figures(figures: QuerySet[Figure], *, user: User) -> list[ShownFigure]:
    """Return figures as a person may see them, in the order of their periods. One query."""
    rows = figures.select_related("series").order_by("series_id", "begins_on", "ends_on", "pk")
    return [_shown(row) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestOfSeries:
    """The keys of the newest figures of a series by kind of period, and up to which day the newest of each counts."""

    series_id: int
    indicator_id: int
    is_total: bool
    keys: Mapping[str, Sequence[int]]
    last_days: Mapping[str, date | None]

    @property
    def newest_kind(self) -> str:
        """The kind of period of the figure that was counted last; "" without any."""
        kinds = [kind for kind in _BREADTH if self.keys[kind]]
        return max(
            kinds, key=lambda kind: (self.last_days[kind] or date.min, _BREADTH.index(kind)), default=""
        )


def newest_of(
    series: QuerySet[Series], *, user: User, before: datetime | None = None, most: int = MOST_PERIODS
) -> list[NewestOfSeries]:
    """Return the keys of the newest figures of each series, by kind of period. One query.

    It reads `most` figures of each kind from an index, however many there are.
    """
    figures = figures_for(user, before=before).filter(series=OuterRef("pk"))
    asked: dict[str, Combinable] = {}
    for kind in PeriodKind:
        ordered = figures.filter(period_kind=kind.value).order_by("-begins_on", "-recorded_at")
        asked[f"of_{kind.value}"] = ArraySubquery(ordered.values("pk")[:most])
        last = ordered.values(last=Coalesce("counted_to", "ends_on"))[:1]
        asked[f"to_{kind.value}"] = Subquery(last, output_field=DateField())
    return [
        NewestOfSeries(
            series_id=row["pk"],
            indicator_id=row["indicator_id"],
            is_total=not row["key"],
            keys={kind.value: row[f"of_{kind.value}"] for kind in PeriodKind},
            last_days={kind.value: row[f"to_{kind.value}"] for kind in PeriodKind},
        )
        for row in series.annotate(**asked).values("pk", "indicator_id", "key", *asked)
    ]


def newest(figures: Iterable[ShownFigure]) -> ShownFigure | None:
    """Return the figure that was counted last."""
    return max(figures, key=lambda figure: figure.recency, default=None)


def one_a_period(figures: Iterable[ShownFigure]) -> list[ShownFigure]:
    """Return one figure a period, in order: where a source and an agency gave one, the agency's."""
    chosen: dict[Period, ShownFigure] = {}
    for figure in sorted(figures, key=lambda each: (each.period.begins_on is not None, each.recency)):
        of_days = Period(figure.period.kind, figure.period.begins_on, figure.period.ends_on)
        chosen[of_days] = figure
    return list(chosen.values())


def _shown(row: Figure) -> ShownFigure:
    return ShownFigure(
        figure_id=row.pk,
        series_id=row.series_id,
        indicator_id=row.series.indicator_id,
        period=Period(row.period_kind, row.begins_on, row.ends_on, row.is_partial, row.counted_to),
        text=row.text,
        value=row.value,
        source_id=row.source_id,
        recorded_at=row.recorded_at,
    )

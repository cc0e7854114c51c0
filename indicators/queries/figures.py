"""The one place where figures are read: whatever shows a number takes it from here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Extract
from django.utils.translation import pgettext

from accounts.models import User
from audit.guarded_text import GuardedJSONObject
from indicators.known_sums import RecordedNumber, values_of
from indicators.models import Figure, FigureSubmissionDocument
from indicators.models.figure import FigureQuerySet
from indicators.numbers import in_column
from indicators.periods import MOST_PERIODS, Period
from indicators.permissions import may_read_small_cells
from indicators.queries.parts import VALUES_OF_SERIES, SeriesValueName
from indicators.states import UNITS_WITH_PARTS, PeriodKind
from indicators.suppression import Hiding, hidden_numbers

if TYPE_CHECKING:
    from indicators.models import Series

#: Periods of these kinds sum others.
_WIDE = (PeriodKind.QUARTER, PeriodKind.YEAR, PeriodKind.WINDOW)

#: The first and the last day of a span.
Days = tuple[date, date]

#: Of two periods that end on the same day, the wider one says more.
_BREADTH = [
    PeriodKind.UNSTATED.value,
    PeriodKind.DAY.value,
    PeriodKind.MONTH.value,
    PeriodKind.QUARTER.value,
    PeriodKind.YEAR.value,
    PeriodKind.WINDOW.value,
]


class ShownFigure(NamedTuple):
    """A figure as a reader may see it. `value` is None where the number is not shown to this reader; `text` then says so.

    `source_id` is the source that printed it, None for a figure that an agency reported. `hiding` says how the number is
    hidden. A named tuple, because a cycle has thousands.
    """

    figure_id: int
    series_id: int
    indicator_id: int
    period: Period
    text: str
    value: Decimal | None
    source_id: int | None
    recorded_at: datetime
    unit: str
    hiding: Hiding | None = None

    @property
    def is_reported(self) -> bool:
        return self.source_id is None

    @property
    def is_hidden(self) -> bool:
        return self.hiding is not None

    @property
    def number(self) -> str:
        """The number as Jejak writes it: 27,836; of ringgit 96,800.00. Not shown: its text."""
        return self.text if self.value is None else in_column(self.value, self.unit)

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
    """Return the figures with these keys, whether they stand or were replaced, as a person may see them. Two queries at most."""
    return read_figures(Figure.objects.visible_to(user).filter(pk__in=set(keys)), user=user)


def read_figures(figures: QuerySet[Figure], *, user: User) -> list[ShownFigure]:
    """Return figures as a person may see them, in the order of their periods. Two queries at most."""
    ordered = figures.order_by("series_id", "begins_on", "ends_on", "pk")
    if user.is_mapo:
        return _shown(ordered.values_list(*_COLUMNS), {})
    rows, columns = list(ordered.values_list(*_COLUMNS, *_GUARDED_BY)), len(_COLUMNS)
    asked = [_Asked(row[0], row[2], row[4], row[5], row[10], row[12], *row[columns:]) for row in rows]
    return _shown((row[:columns] for row in rows), _hidden_among(user, asked))


#: The columns of a figure, in the order in which `_shown` takes them.
_COLUMNS = (
    *("pk", "series_id", "series__indicator_id"),
    *("period_kind", "begins_on", "ends_on", "is_partial", "counted_to"),
    *("text", "value", "source_id", "recorded_at", "series__indicator__unit"),
)
#: Of its indicator, what decides who reads small numbers.
_GUARDED_BY = tuple(f"series__indicator__{name}" for name in ("agency_id", "counts_victims", "is_stock"))


class _Asked(NamedTuple):
    """A figure that is asked for, with what decides who reads its small numbers."""

    figure_id: int
    indicator_id: int
    begins_on: date | None
    ends_on: date | None
    source_id: int | None
    unit: str
    agency_id: int | None
    counts_victims: bool
    is_stock: bool

    def is_guarded_from(self, user: User) -> bool:
        """Whether a small number is not for this person: it counts victims, whom others answer for."""
        if self.source_id is not None or not self.counts_victims or self.unit in UNITS_WITH_PARTS:
            return False
        return not may_read_small_cells(user, self.agency_id)


class Replacement(TypedDict):
    """A figure that replaced another, when (in seconds since 1970), and the reason.

    Of what an agency reported (without `source`), the reason is not for every reader. `agency` answers for it now.
    `has_evidence`: files were cited when it, or another figure of its series for the same period, was sent.
    """

    figure: int
    replaced: int
    at: float
    reason: str
    has_evidence: bool
    source: int | None
    agency: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestOfSeries:
    """The keys of the newest figures of a series by kind of period, and up to which day the newest of each counts.

    `values` are those by which it is broken down, `replacements` the newest ones, where they were asked for.
    """

    series_id: int
    indicator_id: int
    is_total: bool
    keys: Mapping[str, Sequence[int]]
    last_days: Mapping[str, date | None]
    values: Sequence[SeriesValueName]
    replacements: Sequence[Replacement]

    @property
    def newest_kind(self) -> str:
        """The kind of period of the figure that was counted last; "" without any."""
        kinds = [kind for kind in _BREADTH if self.keys[kind]]
        return max(
            kinds, key=lambda kind: (self.last_days[kind] or date.min, _BREADTH.index(kind)), default=""
        )


def newest_of(
    series: QuerySet[Series],
    *,
    user: User,
    before: datetime | None = None,
    most: int = MOST_PERIODS,
    replacements: int = 0,
) -> list[NewestOfSeries]:
    """Return the keys of the newest figures of each series, by kind of period. One query.

    It reads `most` figures of each kind from an index, however many there are, and so many `replacements` of each series.
    """
    figures = figures_for(user, before=before).filter(series=OuterRef("pk"))
    asked: dict[str, Combinable] = {"named": ArraySubquery(VALUES_OF_SERIES)}
    if replacements:
        asked["replacing"] = ArraySubquery(_replacing(user, before)[:replacements])
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
            values=row["named"],
            replacements=row["replacing"] if replacements else (),
        )
        for row in series.annotate(**asked).values("pk", "indicator_id", "key", *asked)
    ]


def _replacing(user: User, before: datetime | None) -> QuerySet[Figure, Any]:
    """Return the figures of a series that replaced others, the newest first, also those that were replaced since."""
    seen = Figure.objects.visible_to(user).filter(series=OuterRef("pk"), replaces__isnull=False)
    if before is not None:
        seen = seen.filter(recorded_at__lt=before)
    at = Extract("recorded_at", "epoch")
    agency = "series__indicator__agency_id"
    given, names = "submission__figures__decision_on__figure", ("series", "period_kind", "begins_on")
    cited = FigureSubmissionDocument.objects.filter(**{f"{given}__{name}": OuterRef(name) for name in names})
    told = GuardedJSONObject(
        figure="pk",
        replaced="replaces_id",
        at=at,
        reason="reason",
        source="source_id",
        agency=agency,
        has_evidence=Exists(cited),
    )
    return seen.order_by("-recorded_at", "-pk").values(told=told)


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


def _shown(rows: Iterable[tuple[Any, ...]], hidden: Mapping[int, Hiding]) -> list[ShownFigure]:
    """Return rows of `_COLUMNS` as figures; those of the same period share it."""
    periods: dict[tuple[Any, ...], Period] = {}
    found = []
    for figure_id, series_id, indicator_id, *of_period, text, value, source_id, at, unit in rows:
        days = tuple(of_period)
        period = periods.get(days)
        if period is None:
            period = periods[days] = Period(*days)
        hiding = hidden.get(figure_id)
        if hiding:
            text, value = hidden_words(hiding), None
        found.append(
            ShownFigure(figure_id, series_id, indicator_id, period, text, value, source_id, at, unit, hiding)
        )
    return found


def any_hidden(figures: Iterable[ShownFigure]) -> bool:
    """Whether a number of these is not shown to the reader, so that the page says why."""
    return any(figure.is_hidden for figure in figures)


def _hidden_among(user: User, figures: Iterable[_Asked]) -> Mapping[int, Hiding]:
    """Return which of these figures a person may not read, and how each is hidden. One query at most."""
    asked = [] if user.is_mapo else [figure for figure in figures if figure.is_guarded_from(user)]
    if not asked:
        return {}
    is_stock = {figure.indicator_id: figure.is_stock for figure in asked}
    hidden: dict[int, Hiding] = {}
    for indicator_id, numbers in _recorded(asked).items():
        hidden |= _hidden(numbers, not is_stock[indicator_id])
    return {figure.figure_id: hidden[figure.figure_id] for figure in asked if figure.figure_id in hidden}


def hidden_words(hiding: Hiding) -> str:
    """Return what a page shows in place of a number."""
    return "< 5" if hiding == Hiding.SMALL else pgettext("number", "hidden")


@lru_cache(maxsize=2_000)
def _hidden(numbers: tuple[RecordedNumber, ...], is_summed: bool) -> Mapping[int, Hiding]:
    """Return what is hidden of an indicator. The answer follows from the numbers alone, so it can be kept."""
    return hidden_numbers(numbers, is_summed=is_summed)


def _recorded(asked: Collection[_Asked]) -> dict[int, tuple[RecordedNumber, ...]]:
    """Return all numbers by indicator that may sum with these figures, also those that were replaced. One query."""
    indicator_ids = {figure.indicator_id for figure in asked}
    given = Figure.objects.filter(series__indicator__in=indicator_ids).filter(
        Q(source=None) | Q(is_partial=False)
    )
    columns = ("series__key", "period_kind", "begins_on", "ends_on", "value", "recorded_at", "ended_at")
    rows = given.order_by("pk").values_list("series__indicator_id", "pk", "source_id", *columns)
    numbers = [
        (
            indicator_id,
            RecordedNumber(
                figure_id=pk,
                values=values_of(key),
                kind=kind,
                begins_on=begins_on,
                ends_on=ends_on,
                number=_whole(value),
                recorded_at=recorded_at,
                ended_at=ended_at,
                is_printed=source_id is not None,
            ),
        )
        for indicator_id, pk, source_id, key, kind, begins_on, ends_on, value, recorded_at, ended_at in rows
    ]
    first, last = _whole_span(asked, _wide_spans(number for _indicator_id, number in numbers))
    found: defaultdict[int, list[RecordedNumber]] = defaultdict(list)
    for indicator_id, number in numbers:
        if _lies_in(number, first, last):
            found[indicator_id].append(number)
    return {indicator_id: tuple(within) for indicator_id, within in found.items()}


def _lies_in(number: RecordedNumber, first: date, last: date) -> bool:
    """Whether the days of a number lie in a span; one whose days are not stated may."""
    if number.begins_on is None or number.ends_on is None:
        return number.begins_on is None
    return first <= number.begins_on and number.ends_on <= last


def _wide_spans(numbers: Iterable[RecordedNumber]) -> list[Days]:
    """Return the days of the periods that sum others, in order."""
    wide = {(number.begins_on, number.ends_on) for number in numbers if number.kind in _WIDE}
    return sorted((begins_on, ends_on) for begins_on, ends_on in wide if begins_on and ends_on)


def _whole_span(asked: Collection[_Asked], spans: Sequence[Days]) -> Days:
    """Return the days of these figures, and of every wide period that overlaps with them or with such a one."""
    days = [(figure.begins_on, figure.ends_on) for figure in asked if figure.begins_on and figure.ends_on]
    first = min((begins_on for begins_on, _ends_on in days), default=date.max)
    last = max((ends_on for _begins_on, ends_on in days), default=date.min)
    # Those that end late reach back to others, so once from behind and once from before.
    for begins_on, ends_on in [*reversed(spans), *spans]:
        if begins_on <= last and ends_on >= first:
            first, last = min(first, begins_on), max(last, ends_on)
    return first, last


def _whole(value: Decimal) -> int:
    """Return a number of persons; a fraction counts as the next one above it."""
    return int(value.to_integral_value(ROUND_CEILING))

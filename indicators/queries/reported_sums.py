"""What agencies reported of a series for a longer period: the sum of its months, of a stock its newest count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from indicators.months import count_of_months, months_within
from indicators.periods import Period
from indicators.states import PeriodKind

if TYPE_CHECKING:
    from indicators.queries.figures import ShownFigure


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedSum:
    """The figures of a series that lie in a period, as one number.

    `figures` are the months that were added up, `month_count` how many the period has; a stock has its newest figure alone
    and is never added up. `value` is None where one of the numbers is not shown to the reader: the sum would tell of it.
    """

    period: Period
    figures: Sequence[ShownFigure]
    value: Decimal | None
    month_count: int
    is_stock: bool

    @property
    def months(self) -> frozenset[date]:
        """The months that were added up, by their first days; none of a stock."""
        if self.is_stock:
            return frozenset()
        if self.figures[0].period.kind != PeriodKind.MONTH:
            return frozenset(_months_of(self.period))
        return frozenset(each.period.begins_on for each in self.figures if each.period.begins_on)

    @property
    def is_whole(self) -> bool:
        return len(self.months) == self.month_count

    @property
    def part(self) -> str:
        """How far it goes: 5 of 12 months; of a stock the month in which it was counted; "" for a whole period."""
        if self.is_stock:
            return self.figures[0].period.label
        if self.is_whole:
            return ""
        return count_of_months(len(self.months), self.month_count)

    @property
    def last_day(self) -> date | None:
        """The last day that was counted."""
        return max((each.period.last_day for each in self.figures if each.period.last_day), default=None)


def sum_of(figures: Iterable[ShownFigure], period: Period, *, is_summed: bool) -> ReportedSum | None:
    """Return what these figures of one series give for a period; None where nothing was reported of it.

    `is_summed` says that months add up. A figure of the whole period counts before the sum of its months.
    """
    within = [each for each in figures if _lies_in(each.period, period)]
    chosen = _added(within, period) if is_summed else sorted(within, key=lambda each: each.recency)[-1:]
    if not chosen:
        return None
    values = [each.value for each in chosen if each.value is not None]
    return ReportedSum(
        period=period,
        figures=chosen,
        value=sum(values, Decimal(0)) if len(values) == len(chosen) else None,
        month_count=len(_months_of(period)),
        is_stock=not is_summed,
    )


def _added(within: Sequence[ShownFigure], period: Period) -> list[ShownFigure]:
    """Return the figure of the whole period, else those of its months, in order."""
    whole = [
        each
        for each in within
        if each.period.kind == period.kind and not each.period.is_partial and _has_days(each.period, period)
    ]
    months = [each for each in within if each.period.kind == PeriodKind.MONTH]
    return whole[:1] or sorted(months, key=lambda each: each.recency)


def _lies_in(part: Period, whole: Period) -> bool:
    if part.begins_on is None or part.ends_on is None or whole.begins_on is None or whole.ends_on is None:
        return False
    return whole.begins_on <= part.begins_on and part.ends_on <= whole.ends_on


def _has_days(one: Period, other: Period) -> bool:
    return (one.begins_on, one.ends_on) == (other.begins_on, other.ends_on)


def _months_of(period: Period) -> list[date]:
    if period.begins_on is None or period.ends_on is None:
        return []
    return list(months_within(period.begins_on, period.ends_on))

"""Pace: what a target still needs each month until its day, counted from what was reported. Never a forecast.

Only reported figures of months in the cycle's window count, of the indicator as a whole. A stock, and a share in per cent,
is never summed over months: its newest value stands beside the target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal
from typing import Protocol

from indicators.months import last_day_of, months_within
from indicators.states import Unit
from recommendations.working_days import count_working_days, is_working_day

#: So many of the newest months are compared with what is needed.
RECENT_MONTHS = 3


class Counted(Protocol):
    """What an indicator counts, now or as it was defined then."""

    @property
    def code(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def is_stock(self) -> bool: ...


def adds_up(counted: Counted) -> bool:
    """Whether months add up: not those of a stock, nor shares in per cent."""
    return not counted.is_stock and counted.unit != Unit.PERCENT


@dataclass(frozen=True, slots=True)
class Given:
    """What was reported for one month; a partial one counts in the sum, but is no month that was given."""

    begins_on: date
    ends_on: date
    value: Decimal
    is_partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Where a target stands at the end of a day.

    `done` is the sum of what was reported, or of a stock its newest value (None before any). `months_left` are not over
    and not given in full, `missing_count` are over and not given in full. `average` is what the newest `recent_count`
    months gave each, rounded down.
    """

    number: Decimal
    due_on: date
    day: date
    unit: str
    is_summed: bool
    done: Decimal | None
    newest_on: date | None
    working_days_left: int
    months_left: int
    missing_count: int
    average: Decimal | None
    recent_count: int

    @property
    def is_over(self) -> bool:
        """Whether the target's day has passed."""
        return self.day > self.due_on

    @property
    def left(self) -> Decimal:
        """What the target still lacks; 0 when it is reached."""
        return max(Decimal(0), self.number - (self.done or 0))

    @property
    def is_reached(self) -> bool:
        return self.left == 0

    @property
    def needed(self) -> Decimal | None:
        """What each of the months left must give, rounded up; None where nothing is needed or no month is left."""
        if not self.is_summed or self.is_reached or not self.months_left:
            return None
        return (self.left / self.months_left).to_integral_value(ROUND_CEILING)

    @property
    def percent(self) -> int:
        """The share of the target that is reached, rounded down, at most 100."""
        return min(100, int(100 * (self.done or 0) / self.number))


def pace_of(
    *,
    number: Decimal,
    due_on: date,
    day: date,
    first: date,
    unit: str,
    is_summed: bool,
    given: Sequence[Given],
    off: frozenset[date] = frozenset(),
) -> Pace:
    """Return the pace from what was given, in the order of months, for a window that begins on `first`.

    Months that end after the target's day do not count towards it. `off` are days off besides public holidays.
    """
    counted = [month for month in given if month.ends_on <= due_on]
    whole = [month for month in counted if not month.is_partial]
    open_months = _open_months(first, due_on, whole)
    recent = whole[-RECENT_MONTHS:] if is_summed else []
    return Pace(
        number=number,
        due_on=due_on,
        day=day,
        unit=unit,
        is_summed=is_summed,
        done=_done(counted, is_summed=is_summed),
        newest_on=counted[-1].ends_on if counted else None,
        working_days_left=_working_days(max(day, first - timedelta(days=1)), due_on, off),
        months_left=sum(ends_on >= day for ends_on in open_months),
        missing_count=sum(ends_on < day for ends_on in open_months),
        average=_average(recent),
        recent_count=len(recent),
    )


def _done(counted: Sequence[Given], *, is_summed: bool) -> Decimal | None:
    if is_summed:
        return sum((month.value for month in counted), Decimal(0))
    return counted[-1].value if counted else None


def _open_months(first: date, last: date, whole: Sequence[Given]) -> list[date]:
    """Return the last days of the whole months between two days that were not given in full."""
    known = {month.begins_on for month in whole}
    return [last_day_of(month) for month in months_within(first, last) if month not in known]


def _average(recent: Sequence[Given]) -> Decimal | None:
    """Return what each month gave with one digit after the point, rounded down; None without months."""
    if not recent:
        return None
    amount = sum((month.value for month in recent), Decimal(0))
    return (amount / len(recent)).quantize(Decimal("0.1"), ROUND_DOWN)


def _working_days(after: date, until: date, off: frozenset[date]) -> int:
    """Return how many working days follow a day, up to and with another."""
    lost = sum(after < each <= until and is_working_day(each) for each in off)
    return count_working_days(after, until) - lost

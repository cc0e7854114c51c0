"""Arithmetic of months; a month goes by its first day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta


def last_day_of(month: date) -> date:
    """Return the last day of the month of a day."""
    return month_after(month) - timedelta(days=1)


def month_after(day: date) -> date:
    """Return the first day of the month after that of a day."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def month_before(day: date) -> date:
    """Return the first day of the month before that of a day."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def months_before(day: date, count: int) -> date:
    """Return the first day of the month that lies so many months before that of a day."""
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(year, month + 1, 1)


def year_before(day: date) -> date:
    """Return the same day a year before; of 29 February the day before it."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def months_within(first: date, last: date) -> Iterator[date]:
    """Yield the whole months between two days, both included, by their first days."""
    month = first if first.day == 1 else month_after(first)
    while last_day_of(month) <= last:
        yield month
        month = month_after(month)


def parts_of_months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each month between two days, as far as it lies between them."""
    while first <= last:
        yield first, min(last_day_of(first), last)
        first = month_after(first)

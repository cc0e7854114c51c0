"""Months as addresses and reports name them: by their first day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ui import dates

if TYPE_CHECKING:
    from recommendations.models import Cycle

_YEAR_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


class YearMonthConverter:
    """A month in an address, such as 2023-08, as its first day."""

    regex = r"[^/]+"

    def to_python(self, text: str) -> date:
        """Return the first day; raises ValueError for what is no month, which is then not found."""
        match = _YEAR_MONTH.fullmatch(text)
        if match is None:
            raise ValueError(text)
        first = date(int(match[1]), int(match[2]), 1)
        if first.year in (date.min.year, date.max.year):
            raise ValueError(text)
        return first

    def to_url(self, month: date | str) -> str:
        return month if isinstance(month, str) else f"{month:%Y-%m}"


def last_day_of(month: date) -> date:
    """Return the last day of a month that is given by its first day."""
    return month_after(month) - timedelta(days=1)


def month_after(month: date) -> date:
    """Return the first day of the following month."""
    return (month + timedelta(days=31)).replace(day=1)


def month_before(month: date) -> date:
    """Return the first day of the month before."""
    return (month - timedelta(days=1)).replace(day=1)


def year_before(month: date) -> date:
    """Return the first day of the same month a year before."""
    return month.replace(year=month.year - 1)


def months_within(first: date, last: date) -> Iterator[date]:
    """Yield the whole months between two days, both included, by their first days."""
    month = first if first.day == 1 else month_after(first.replace(day=1))
    while last_day_of(month) <= last:
        yield month
        month = month_after(month)


def months_over(cycle: Cycle, *, today: date) -> list[date]:
    """Return the months of a cycle's window that are over, by their first days."""
    within = months_within(cycle.window_start, cycle.window_end)
    return [month for month in within if last_day_of(month) < today]


def month_problem(cycle: Cycle | None, month: date, *, today: date) -> str:
    """Return why nothing can be reported of a month; "" where it can."""
    name = dates.month_year(month)
    if cycle is None or not cycle.window_start <= month <= last_day_of(month) <= cycle.window_end:
        return _("%(month)s lies outside the assessment window.") % {"month": name}
    if last_day_of(month) >= today:
        begins = dates.day(month_after(month))
        return _("%(month)s is not over yet. Its figures can be reported from %(day)s.") % {
            "month": name,
            "day": begins,
        }
    return ""

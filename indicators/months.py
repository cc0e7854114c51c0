"""Months as addresses and reports name them: by their first day."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ui import dates
from ui.months import last_day_of, month_after, month_before, months_within, year_before

if TYPE_CHECKING:
    from recommendations.models import Cycle

#: The arithmetic stands in `ui.months`; it is at hand here beside what figures ask of a month.
__all__ = [
    "YearMonthConverter",
    "last_day_of",
    "month_after",
    "month_before",
    "month_problem",
    "months_over",
    "months_within",
    "year_before",
]

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

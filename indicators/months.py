"""Months as addresses and reports name them: by their first day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from itertools import zip_longest
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from ui import dates
from ui.months import last_day_of, month_after, month_before, months_within, year_before

if TYPE_CHECKING:
    from recommendations.models import Cycle

#: The arithmetic stands in `ui.months`; it is at hand here beside what figures ask of a month.
__all__ = [
    "YearMonthConverter",
    "count_of_months",
    "last_day_of",
    "month_after",
    "month_before",
    "month_problem",
    "month_spans",
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


def month_spans(months: Iterable[date]) -> str:
    """Return which months these are, given by their first days in order: "Apr – Jun, Aug 2023, Nov 2023 – Jan 2024"."""
    spans: list[tuple[date, date]] = []
    for month in months:
        if spans and month_after(spans[-1][1]) == month:
            spans[-1] = (spans[-1][0], month)
        else:
            spans.append((month, month))
    following = [first.year for first, _last in spans[1:]]
    return ", ".join(
        _span_words(first, last, says_year=last.year != year)
        for (first, last), year in zip_longest(spans, following)
    )


def _span_words(first: date, last: date, *, says_year: bool) -> str:
    """Return "Apr – Jun 2023"; without its year where the next one says the same."""
    begins, ends = dates.short_month(first), dates.short_month(last)
    if says_year or first.year != last.year:
        ends = f"{ends}{dates.NBSP}{last.year}"
    if first == last:
        return ends
    if first.year != last.year:
        begins = f"{begins}{dates.NBSP}{first.year}"
    return f"{begins}{dates.NBSP}– {ends}"


def count_of_months(count: int, total: int) -> str:
    """Return how many months of a longer period these are: "5 of 12 months"."""
    return _("%(count)s of %(total)s months") % {"count": count, "total": total}


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

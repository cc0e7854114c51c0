"""How long MAPO takes from a submission to its decision, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from audit.clock import KUALA_LUMPUR, end_of_day
from recommendations.models import Cycle
from recommendations.queries.sql import fetch_rows, read_statement
from ui import dates
from ui.months import month_before
from ui.numbers import tenths

#: Months that are shown, the one of the day included.
MONTHS_SHOWN = 6

_TURNAROUND = read_statement(__file__, "turnaround")


@dataclass(frozen=True, slots=True)
class MonthOfDecisions:
    """How many submissions MAPO decided on in a month, and the median of days that they had waited; None for none."""

    month: date
    median_days: float | None
    count: int

    @property
    def month_text(self) -> str:
        return dates.short_month(self.month)

    @property
    def median_text(self) -> str:
        """The median in days, 25.0 or 2.5; a dash for a month without decisions."""
        return "–" if self.median_days is None else tenths(self.median_days)


def turnaround(cycle: Cycle, *, as_at: date) -> tuple[MonthOfDecisions, ...]:
    """Return the months up to a day, oldest first, from the beginning of the window on (one query)."""
    months = _months(cycle, as_at=as_at)
    values: dict[str, Any] = {
        "cycle": cycle.pk,
        "first": datetime.combine(months[0], time(), tzinfo=KUALA_LUMPUR),
        "before": end_of_day(as_at),
    }
    found = {month: (median, count) for month, median, count in fetch_rows(_TURNAROUND, values)}
    return tuple(
        MonthOfDecisions(month, round(float(found[month][0]), 1) if month in found else None, found[month][1])
        if month in found
        else MonthOfDecisions(month, None, 0)
        for month in months
    )


def _months(cycle: Cycle, *, as_at: date) -> list[date]:
    """Return the first days of the months that are shown."""
    months = [as_at.replace(day=1)]
    first = min(cycle.window_start, as_at).replace(day=1)
    while len(months) < MONTHS_SHOWN and months[0] > first:
        months.insert(0, month_before(months[0]))
    return months

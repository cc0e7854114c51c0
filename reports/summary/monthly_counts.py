"""The course over the assessment window: how many items had which status at the end of each month.

It is drawn for readers, and is not part of the rows: the states of a past day do not change, and verifying compares rows.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from overview.queries.trend import DayCounts, Trend, read_past_overview, trend_of_cycle
from ui.months import parts_of_months

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent


class MonthCounts(NamedTuple):
    """A month of the window, and the counts at its end or, in the month of the summary, at the end of its day.

    `counts` is None for a month that had not begun, and where no item had been recorded yet.
    """

    month: date
    counts: DayCounts | None


def monthly_counts(content: SummaryContent) -> dict[str, list[MonthCounts]]:
    """Return the months of the window for each kind of item in the summary (one query).

    After the end of the window, a last entry gives the counts of the summary's day.
    """
    changes = trend_of_cycle(content.cycle).changes
    ours = Trend(tuple(change for change in changes if change.item_id in content.item_keys))
    on, past = content.selection.day, read_past_overview(ours, on=content.selection.day)

    def counted(day: date, kind: str) -> DayCounts | None:
        counts = past.at(min(day, on), kind)
        return counts if counts.none + counts.progress + counts.done else None

    months = list(parts_of_months(content.dates.window_start, content.dates.window_end))
    if on > content.dates.window_end:
        months.append((on, on))
    return {
        totals.kind: [
            MonthCounts(first, counted(last, totals.kind) if first <= on else None) for first, last in months
        ]
        for totals in content.totals
    }

"""What the trend tells of the days up to the one that is shown, read once for counts, chart, table and pace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from audit.clock import local_date
from overview.queries.trend import DayCounts, Trend
from recommendations.states import STATUS_KINDS, Status


@dataclass(frozen=True, slots=True)
class PastOverview:
    """Counts by kind for each day from the first on which anything was recorded to the one shown, and who turned.

    `turns` are day, kind, item and the status that it took, oldest first.
    """

    first: date | None
    on: date
    by_kind: Mapping[str, list[DayCounts]]
    turns: tuple[tuple[date, str, int, str], ...]

    def at(self, day: date, kind: str) -> DayCounts:
        """The counts as at the end of a day; nothing before the first, and at most the day shown."""
        if self.first is None or day < self.first:
            return DayCounts(day, 0, 0, 0)
        return self.by_kind[kind][(min(day, self.on) - self.first).days]

    def between(self, begin: date, end: date, kind: str) -> list[DayCounts]:
        """One row for each day from `begin` to `end`, both inclusive, as far as they are known."""
        if self.first is None:
            return []
        start, stop = max(begin, self.first), min(end, self.on)
        if start > stop:
            return []
        return self.by_kind[kind][(start - self.first).days : (stop - self.first).days + 1]

    def done_items(self, day: date, kind: str) -> set[int]:
        """The items of a kind that stood completed at the end of a day."""
        statuses = {item: status for on, of_kind, item, status in self.turns if of_kind == kind and on <= day}
        return {item for item, status in statuses.items() if status == Status.DONE}


def read_past_overview(trend: Trend, *, on: date) -> PastOverview:
    """Read the trend up to a day."""
    turns = tuple(
        (local_date(change.at), change.kind, change.item_id, change.state.status) for change in trend.changes
    )
    first = turns[0][0] if turns and turns[0][0] <= on else None
    by_kind = {kind.value: trend.days(first, on, kind=kind) if first else [] for kind in STATUS_KINDS}
    return PastOverview(first, on, by_kind, turns)

"""How many items stood in each state at the end of each day, read once for counts, chart, table and pace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from audit.clock import local_date
from recommendations.models import Cycle
from recommendations.queries.state_replay import StateChange, changes_of_cycle, replay
from recommendations.states import STATUS_KINDS, Status

_NONE, _PROGRESS, _DONE = Status.NONE.value, Status.PROGRESS.value, Status.DONE.value


class DayCounts(NamedTuple):
    """Items of one kind by status, as at the end of a day."""

    day: date
    none: int
    progress: int
    done: int

    def of(self, status: str) -> int:
        """Return how many stood in a status."""
        return {Status.NONE: self.none, Status.PROGRESS: self.progress, Status.DONE: self.done}[
            Status(status)
        ]


@dataclass(frozen=True, slots=True)
class Trend:
    """A cycle's changes of state, which are counted for any day."""

    changes: tuple[StateChange, ...]

    def of_items(self, item_ids: Container[int]) -> Trend:
        """Return the changes of these items."""
        return Trend(tuple(change for change in self.changes if change.item_id in item_ids))

    def days(self, first: date, last: date, *, kind: str) -> list[DayCounts]:
        """Return one row for each day from `first` to `last`, both inclusive, as recorded by its end."""
        return list(_count_days(self.changes, first, last, kind=kind))

    def at(self, day: date, *, kind: str) -> DayCounts:
        """Return the counts as at the end of one day."""
        return self.days(day, day, kind=kind)[0]


def trend_of_cycle(cycle: Cycle) -> Trend:
    """Return all changes of state in a cycle. One query, whatever the number of updates."""
    return Trend(tuple(replay(changes_of_cycle(cycle))))


def _count_days(changes: Iterable[StateChange], first: date, last: date, *, kind: str) -> Iterable[DayCounts]:
    """Yield the counts of each day: those of one day hold until the day of the next change."""
    counts: Counter[str] = Counter()
    standing, day, end = (0, 0, 0), first.toordinal(), last.toordinal() + 1
    for change in changes:
        if change.kind != kind:
            continue
        changed = min(local_date(change.at).toordinal(), end)
        if changed > day:
            yield from (DayCounts(date.fromordinal(each), *standing) for each in range(day, changed))
            day = changed
        counts[change.state.status] += 1
        if change.before is not None:
            counts[change.before.status] -= 1
        standing = counts[_NONE], counts[_PROGRESS], counts[_DONE]
    yield from (DayCounts(date.fromordinal(each), *standing) for each in range(day, end))


@dataclass(frozen=True, slots=True)
class PastOverview:
    """Counts by kind for each day from the first on which anything was recorded to the day shown, `on`.

    `turns` are day, kind, item id and new status of each change, oldest first.
    """

    first: date | None
    on: date
    by_kind: Mapping[str, list[DayCounts]]
    turns: tuple[tuple[date, str, int, str], ...]

    def at(self, day: date, kind: str) -> DayCounts:
        """Return the counts as at the end of a day: 0 before the first day, and those of `on` after it."""
        if self.first is None or day < self.first:
            return DayCounts(day, 0, 0, 0)
        return self.by_kind[kind][(min(day, self.on) - self.first).days]

    def between(self, begin: date, end: date, kind: str) -> list[DayCounts]:
        """Return one row for each known day from `begin` to `end`, both inclusive."""
        if self.first is None:
            return []
        start, stop = max(begin, self.first), min(end, self.on)
        if start > stop:
            return []
        return self.by_kind[kind][(start - self.first).days : (stop - self.first).days + 1]

    def done_items(self, day: date, kind: str) -> set[int]:
        """Return the ids of a kind's items that stood completed at the end of a day."""
        statuses = {item: status for on, of_kind, item, status in self.turns if of_kind == kind and on <= day}
        return {item for item, status in statuses.items() if status == Status.DONE}


def read_past_overview(trend: Trend, *, on: date) -> PastOverview:
    """Return the counts of a trend up to a day."""
    turns = tuple(
        (local_date(change.at), change.kind, change.item_id, change.state.status) for change in trend.changes
    )
    first = turns[0][0] if turns and turns[0][0] <= on else None
    by_kind = {kind.value: trend.days(first, on, kind=kind) if first else [] for kind in STATUS_KINDS}
    return PastOverview(first, on, by_kind, turns)

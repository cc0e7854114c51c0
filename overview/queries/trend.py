"""How many items stood in each state at the end of each day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from audit.clock import local_date
from recommendations.models import Cycle
from recommendations.queries.state_replay import StateChange, changes_of_cycle, replay
from recommendations.states import Status


class DayCounts(NamedTuple):
    """Items of one kind by status, as at the end of a day."""

    day: date
    none: int
    progress: int
    done: int

    def of(self, status: str) -> int:
        """How many stood in a status."""
        return {Status.NONE: self.none, Status.PROGRESS: self.progress, Status.DONE: self.done}[
            Status(status)
        ]


@dataclass(frozen=True, slots=True)
class Trend:
    """A cycle's changes of state; asked for a day, it counts."""

    changes: tuple[StateChange, ...]

    def days(self, first: date, last: date, *, kind: str) -> list[DayCounts]:
        """One row for each day from `first` to `last`, both inclusive: facts recorded by the end of each."""
        return list(_count_days(self.changes, first, last, kind=kind))

    def at(self, day: date, *, kind: str) -> DayCounts:
        """The counts as at one day."""
        return self.days(day, day, kind=kind)[0]


def trend_of_cycle(cycle: Cycle) -> Trend:
    """Read how the items of a cycle came to stand where they stand. One query, whatever the number of updates."""
    return Trend(tuple(replay(changes_of_cycle(cycle))))


def _count_days(changes: Iterable[StateChange], first: date, last: date, *, kind: str) -> Iterable[DayCounts]:
    of_kind = [(local_date(change.at), change) for change in changes if change.kind == kind]
    counts: Counter[str] = Counter()
    taken, standing = 0, (0, 0, 0)
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        while taken < len(of_kind) and of_kind[taken][0] <= day:
            _count(counts, of_kind[taken][1])
            standing = counts[Status.NONE], counts[Status.PROGRESS], counts[Status.DONE]
            taken += 1
        yield DayCounts(day, *standing)


def _count(counts: Counter[str], change: StateChange) -> None:
    counts[change.state.status] += 1
    if change.before is not None:
        counts[change.before.status] -= 1

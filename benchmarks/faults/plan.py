"""What happens when: drawn from a seed, so that a run can be repeated."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum

#: How long the schedule stays away while the demo's clock goes an hour on, in real seconds.
OUTAGE_SECONDS = 6.0
#: Nothing happens in the very first moment: there is nobody to kill yet.
FIRST_SECOND = 1.0


class FaultKind(StrEnum):
    """A fault, as the run prints it."""

    KILL_CHILD = "kill -9 a worker's child"
    KILL_WORKER = "kill -9 the worker"
    KILL_BEAT = "kill -9 the schedule"
    RESTART_DATABASE = "immediate restart of PostgreSQL"
    FLUSH_BROKER = "flush of the broker"
    OUTAGE = "an hour without the schedule"


#: Thirty in all.
KILLS = {FaultKind.KILL_CHILD: 18, FaultKind.KILL_WORKER: 6, FaultKind.KILL_BEAT: 6}
#: Acts that end a process that had a mail in hand, or might have.
KILLING = frozenset({FaultKind.KILL_CHILD, FaultKind.KILL_WORKER})


@dataclass(frozen=True, order=True)
class PlannedFault:
    """A fault and its moment, in seconds after the start."""

    at: float
    kind: FaultKind


def plan_of(seed: int, span: float) -> list[PlannedFault]:
    """All faults of a run in order, at random moments within so many seconds.

    The two restarts of the database fall into different halves, the outage into the middle third.
    """
    drawn = random.Random(seed)
    kills = [kind for kind, times in KILLS.items() for _ in range(times)]
    planned = [PlannedFault(drawn.uniform(FIRST_SECOND, span), kind) for kind in kills]
    planned.append(PlannedFault(drawn.uniform(FIRST_SECOND, span / 2), FaultKind.RESTART_DATABASE))
    planned.append(PlannedFault(drawn.uniform(span / 2, span), FaultKind.RESTART_DATABASE))
    planned.append(PlannedFault(drawn.uniform(FIRST_SECOND, span), FaultKind.FLUSH_BROKER))
    planned.append(PlannedFault(drawn.uniform(span / 3, span * 2 / 3), FaultKind.OUTAGE))
    return sorted(planned)

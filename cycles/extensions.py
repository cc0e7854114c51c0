"""What apps above this one add to its pages. Each registers in `AppConfig.ready`; this app knows none of them by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recommendations.models import Cycle

#: What a closing would leave open: how much of it, what it is, and what happens to it.
UnfinishedLine = tuple[int, str, str]
#: Returns what of one app a closing of a cycle would leave open.
ReadUnfinished = Callable[["Cycle"], list[UnfinishedLine]]

unfinished_readers: dict[str, ReadUnfinished] = {}


def unfinished_beside(cycle: Cycle) -> list[UnfinishedLine]:
    """Return what of other apps a closing would leave open, in the order of registration."""
    return [line for read in unfinished_readers.values() for line in read(cycle)]

"""What apps above this one add to its pages. Each registers in `AppConfig.ready`; this app knows none of them by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from recommendations.models import Cycle

#: What a closing would leave open: how much of it, what it is, and what happens to it.
UnfinishedLine = tuple[int, str, str]
#: Returns what of one app a closing of a cycle would leave open.
ReadUnfinished = Callable[["Cycle"], list[UnfinishedLine]]

unfinished_readers: dict[str, ReadUnfinished] = {}


class OpeningStep(Protocol):
    """Takes into use what a section of the file left waiting (`SectionLoad.waiting`), as its cycle is opened."""

    def __call__(self, waiting: list[str], *, actor: User, now: datetime) -> object: ...


#: By the key of the section.
opening_steps: dict[str, OpeningStep] = {}


def unfinished_beside(cycle: Cycle) -> list[UnfinishedLine]:
    """Return what of other apps a closing would leave open, in the order of registration."""
    return [line for read in unfinished_readers.values() for line in read(cycle)]

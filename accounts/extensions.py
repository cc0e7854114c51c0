"""What apps above this one add to its pages. Each registers in `AppConfig.ready`; this app knows none of them by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from accounts.models import Agency, User


class DependentLine(NamedTuple):
    """How many of what depends on somebody, in words, and the page where it is dealt with."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependents:
    """What depends on a person, or on an agency.

    `named_count`: for how many assignments the person is responsible; `owned_count`: how many planned steps they own;
    `leaves_nobody`: without them nobody at the agency can act.
    """

    lines: list[DependentLine]
    named_count: int = 0
    owned_count: int = 0
    leaves_nobody: bool = False


class HandOver(Protocol):
    """Puts a colleague in the place of a person; None stands for the agency's coordinators, or all of MAPO."""

    def __call__(self, person: User, *, colleague: User | None, actor: User, now: datetime) -> None: ...


#: Return what depends on an agency; of a person, what depends on them. The second person is the reader.
dependents_readers: dict[str, Callable[[Agency, User | None, User], Dependents]] = {}
handovers: dict[str, HandOver] = {}


def dependents_of(agency: Agency, person: User | None, *, reader: User) -> Dependents:
    """Return what other apps know to depend on an agency or on a person of it."""
    found = [read(agency, person, reader) for read in dependents_readers.values()]
    return Dependents(
        lines=[line for each in found for line in each.lines],
        named_count=sum(each.named_count for each in found),
        owned_count=sum(each.owned_count for each in found),
        leaves_nobody=any(each.leaves_nobody for each in found),
    )

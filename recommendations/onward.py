"""Ways that lead from pages of this room into rooms above it: this room knows none of them by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Page(StrEnum):
    """The pages that offer ways onward."""

    OVERVIEW = "overview"
    ITEM = "item"
    MY_WORK = "my_work"


@dataclass(frozen=True, slots=True)
class Way:
    """A link: where it leads, its words, and the name of its icon."""

    url: str
    label: str
    icon: str


#: Says where a way leads from a page that shows what `asked` holds: names and values of its address, understood.
Lead = Callable[[Page, Mapping[str, str]], Way]
_brought: dict[str, Lead] = {}


def register_way(name: str, lead: Lead) -> None:
    """Called once, when the installation starts. The same name again replaces its way."""
    _brought[name] = lead


def ways_from(page: Page, asked: Mapping[str, str]) -> list[Way]:
    """The ways of all rooms, in the order in which they came."""
    return [lead(page, asked) for lead in _brought.values()]

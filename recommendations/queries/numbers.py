"""Items by number under the word for their kind: Recommendations 3, 7; Weakness 2."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from recommendations.states import KIND_HEADINGS, ItemKind


class Numbered(Protocol):
    """What `recommendations/_numbers.html` shows of an item: its number, with label and short title spoken."""

    @property
    def item_id(self) -> int: ...

    @property
    def kind(self) -> str: ...

    @property
    def number(self) -> int: ...

    @property
    def label(self) -> str: ...

    @property
    def title(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Numbers:
    """Items of one kind, and the word for so many of them."""

    word: str
    items: Sequence[Numbered]


def by_kind(items: Iterable[Numbered]) -> list[Numbers]:
    """Return the items grouped under the word for their kind, in the given order."""
    of_kind: dict[str, list[Numbered]] = defaultdict(list)
    for item in items:
        of_kind[item.kind].append(item)
    return [Numbers(_word(kind, len(found)), found) for kind, found in of_kind.items()]


def _word(kind: str, count: int) -> str:
    return str(ItemKind(kind).label if count == 1 else KIND_HEADINGS[ItemKind(kind)])

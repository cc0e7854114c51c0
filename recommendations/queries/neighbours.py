"""The items before and after an item, those that it is linked to, facts that concern it, and its current override."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from recommendations.models import Cycle, Item
from recommendations.models.cycle import Titled, in_reading_language
from recommendations.queries.numbers import Numbers, by_kind
from recommendations.rollup import Override
from recommendations.states import ItemKind, item_label

if TYPE_CHECKING:
    from recommendations.queries.item_sql import ItemTexts


@dataclass(frozen=True, slots=True)
class Neighbour(Titled):
    """Another item of the same report."""

    item_id: int
    kind: str
    number: int
    text_ms: str
    text_en: str
    title_ms: str
    title_en: str

    @property
    def label(self) -> str:
        return item_label(self.kind, self.number)


@dataclass(frozen=True, slots=True)
class CurrentOverride:
    """The override that holds now."""

    override_id: int
    override: Override


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcerningFact:
    """A fact of the cycle that concerns the item, by its title."""

    id: int
    title_ms: str
    title_en: str

    @property
    def title(self) -> str:
        return in_reading_language(self, "title")


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """`count` is how many items of the same kind the cycle has; `standing` is MAPO's own state of the item, if any.

    `recorded_at` is when its cycle was first recorded, where that was asked.
    """

    item: Item
    standing: CurrentOverride | None
    count: int
    previous: Neighbour | None
    following: Neighbour | None
    linked: list[Neighbour]
    facts: list[ConcerningFact]
    recorded_at: datetime | None

    @property
    def counterparts(self) -> list[Numbers]:
        """What answers a weakness, or else the weaknesses that the item answers."""
        is_weakness = self.item.kind == ItemKind.WEAKNESS
        return by_kind(other for other in self.linked if (other.kind == ItemKind.WEAKNESS) != is_weakness)


def neighbours_of(item_id: int, rows: Sequence[ItemTexts], *, cycles: Iterable[Cycle]) -> Neighbours | None:
    """Return an item with its neighbours and links, from the rows of its cycle; None when it is not among them.

    `cycles` are those in hand; the item's own is read later where it is none of them.
    """
    at = next((place for place, row in enumerate(rows) if row.pk == item_id), None)
    if at is None:
        return None
    own = rows[at]
    linked = _linked_ids(own, rows)
    return Neighbours(
        item=_item(own, cycles=cycles),
        standing=_standing(own),
        count=sum(row.kind == own.kind for row in rows),
        previous=_neighbour(rows[at - 1]) if at else None,
        following=_neighbour(rows[at + 1]) if at + 1 < len(rows) else None,
        linked=[_neighbour(row) for row in rows if row.pk in linked],
        facts=[ConcerningFact(**facts) for facts in own.facts or ()],
        recorded_at=own.recorded_at,
    )


def _standing(row: ItemTexts) -> CurrentOverride | None:
    if row.override_id is None or row.override_set_at is None:
        return None
    override = Override(
        row.override_status,
        row.override_percent,
        row.override_reason,
        row.override_set_at,
        row.override_set_by or "",
    )
    return CurrentOverride(row.override_id, override)


def _linked_ids(own: ItemTexts, rows: Sequence[ItemTexts]) -> set[int]:
    """Weaknesses and their answers; and the achievements that answer the same weakness as a recommendation."""
    linked = set(own.answer_ids)
    for row in rows:
        if own.pk in row.answer_ids:
            linked.add(row.pk)
            if own.kind == ItemKind.RECOMMENDATION:
                linked |= set(row.answer_ids) & {
                    each.pk for each in rows if each.kind == ItemKind.ACHIEVEMENT
                }
    return linked


def _item(row: ItemTexts, *, cycles: Iterable[Cycle]) -> Item:
    names = row._fields[: row._fields.index("answer_ids")]
    item = Item(**{name: getattr(row, name) for name in names})
    for cycle in cycles:
        if cycle.pk == item.cycle_id:
            item.cycle = cycle
    return item


def _neighbour(row: ItemTexts) -> Neighbour:
    return Neighbour(row.pk, row.kind, row.number, row.text_ms, row.text_en, row.title_ms, row.title_en)

"""The items before and after an item, those that it is linked to, and the facts that concern it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from recommendations.models import Cycle, Item, ItemLink
from recommendations.models.cycle import Titled, in_reading_language
from recommendations.queries.numbers import Numbered, Numbers, by_kind
from recommendations.states import ItemKind, item_label

#: A weakness and what answers it, by primary key.
Link = tuple[int, int]


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


def items_of(cycle: Cycle) -> list[Neighbour]:
    """Return the items of a cycle in the order of the report (one query)."""
    columns = ("pk", "kind", "number", "text_ms", "text_en", "title_ms", "title_en")
    rows = Item.objects.filter(cycle=cycle).in_order().values_list(*columns)
    return [Neighbour(*row) for row in rows]


def links_of(cycle: Cycle) -> list[Link]:
    """Return which weaknesses of a cycle are answered by what (one query)."""
    links = ItemLink.objects.filter(weakness__cycle=cycle)
    return list(links.values_list("weakness_id", "answer_id"))


@dataclass(frozen=True, slots=True)
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
    """`count` is how many items of the same kind the cycle has."""

    item: Item
    count: int
    previous: Numbered | None
    following: Numbered | None
    linked: list[Numbered]
    facts: list[ConcerningFact]

    @property
    def counterparts(self) -> list[Numbers]:
        """What answers a weakness, or else the weaknesses that the item answers."""
        is_weakness = self.item.kind == ItemKind.WEAKNESS
        return by_kind(other for other in self.linked if (other.kind == ItemKind.WEAKNESS) != is_weakness)


def neighbours_of(
    item: Item, rows: Sequence[Numbered], links: Collection[Link], facts: Iterable[ConcerningFact]
) -> Neighbours:
    """Return an item among the rows of its cycle, which are in the order of the report, with its own links and facts."""
    at = next(place for place, row in enumerate(rows) if row.item_id == item.pk)
    linked = _linked_ids(item, rows, links)
    return Neighbours(
        item=item,
        count=sum(row.kind == item.kind for row in rows),
        previous=rows[at - 1] if at else None,
        following=rows[at + 1] if at + 1 < len(rows) else None,
        linked=[row for row in rows if row.item_id in linked],
        facts=list(facts),
    )


def _linked_ids(item: Item, rows: Iterable[Numbered], links: Collection[Link]) -> set[int]:
    """Weaknesses and their answers; and the achievements that answer the same weakness as a recommendation."""
    answered = {weakness for weakness, answer in links if answer == item.pk}
    linked = answered | {answer for weakness, answer in links if weakness == item.pk}
    if item.kind == ItemKind.RECOMMENDATION:
        achievements = {row.item_id for row in rows if row.kind == ItemKind.ACHIEVEMENT}
        linked |= {answer for weakness, answer in links if weakness in answered} & achievements
    return linked

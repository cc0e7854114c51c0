"""What stands around an item: the items before and after it, and those that it is linked to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When

from recommendations.models import Item, ItemLink
from recommendations.models.cycle import in_reading_language
from recommendations.states import Kind


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another item. Its texts are empty unless it is linked."""

    item_id: int
    kind: str
    number: int
    text_ms: str = ""
    text_en: str = ""

    @property
    def label(self) -> str:
        return f"{Kind(self.kind).label} {self.number}"

    @property
    def text(self) -> str:
        return in_reading_language(self, "text")


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """`count` is how many items of the same kind the cycle has."""

    count: int
    previous: Neighbour | None
    following: Neighbour | None
    linked: list[Neighbour]


def read_neighbours(item: Item) -> Neighbours:
    """Return an item's neighbours in the order of the report, and its links (one query)."""
    rows = list(_with_links(item).values_list("pk", "kind", "number", "shown_ms", "shown_en", "is_linked"))
    order = [Neighbour(*row[:5]) for row in rows]
    at = next(place for place, neighbour in enumerate(order) if neighbour.item_id == item.pk)
    return Neighbours(
        count=sum(neighbour.kind == item.kind for neighbour in order),
        previous=order[at - 1] if at else None,
        following=order[at + 1] if at + 1 < len(order) else None,
        linked=[neighbour for neighbour, row in zip(order, rows, strict=True) if row[5]],
    )


def _with_links(item: Item) -> QuerySet[Any, Any]:
    """Weaknesses and their answers; and the achievements that answer the same weakness as a recommendation."""
    links = ItemLink.objects.all()
    direct = Exists(links.filter(weakness=item, answer=OuterRef("pk"))) | Exists(
        links.filter(answer=item, weakness=OuterRef("pk"))
    )
    shared = Exists(links.filter(answer=OuterRef("pk"), weakness__links_out__answer=item))
    if item.kind == Kind.RECOMMENDATION:
        direct |= Q(kind=Kind.ACHIEVEMENT) & Q(shared)
    shown = {
        f"shown_{language}": Case(
            When(is_linked=True, then=F(f"text_{language}")), default=Value(""), output_field=TextField()
        )
        for language in ("ms", "en")
    }
    others = Item.objects.filter(cycle_id=item.cycle_id)
    return (
        others.annotate(is_linked=Case(When(direct, then=True), default=False)).annotate(**shown).in_order()
    )

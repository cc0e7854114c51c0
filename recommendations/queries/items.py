"""The list of all items of a cycle, with the filters of its address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Self

from django.db.models import F

from accounts.models import User
from recommendations.models import Cycle, Item
from recommendations.queries.cycle_state import AgencyState, ItemRow, OfficialItem, state_of_cycle
from recommendations.rollup import ItemState
from recommendations.states import KIND_HEADINGS, ItemKind, Pillar, Status
from recommendations.status_icons import ShowsStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedItem(OfficialItem, ShowsStatus):
    """One item of the list. Achievements have neither state nor agencies."""

    state: ItemState | None = None
    agencies: tuple[AgencyState, ...] = ()

    @classmethod
    def of(cls, row: ItemRow) -> Self:
        """Return an item that carries a state."""
        return cls(**{each.name: getattr(row, each.name) for each in fields(cls)})

    @property
    def pillar_label(self) -> str:
        return str(Pillar(self.pillar).label) if self.pillar else ""

    @property
    def status(self) -> str:
        return self.state.status if self.state else ""

    @property
    def lead(self) -> AgencyState | None:
        return next((agency for agency in self.agencies if agency.is_lead and agency.is_confirmed), None)

    @property
    def supports(self) -> list[AgencyState]:
        return [agency for agency in self.agencies if not agency.is_lead and agency.is_confirmed]

    @property
    def suggestions(self) -> list[AgencyState]:
        return [agency for agency in self.agencies if agency.is_suggested]


def known_choices(query: Mapping[str, str], choices: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the parameters of a query string that are among the choices of their name."""
    asked = {name: query.get(name, "") for name in choices}
    return {name: value for name, value in asked.items() if value in choices[name]}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilters:
    """What the address asks for. A value that is none of the choices asks for nothing."""

    kind: str = ""
    pillar: str = ""
    status: str = ""
    text: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> ItemFilters:
        """Read `kind`, `pillar`, `status` and `q` from a query string."""
        choices = {"kind": ItemKind.values, "pillar": Pillar.values, "status": Status.values}
        return cls(**known_choices(query, choices), text=query.get("q", "").strip())

    @property
    def are_set(self) -> bool:
        return any((self.kind, self.pillar, self.status, self.text))

    def keep(self, listed: ListedItem) -> bool:
        """Whether an item is asked for. A text is sought in both languages, and in the item's name."""
        exact = ((self.kind, listed.kind), (self.pillar, listed.pillar), (self.status, listed.status))
        words = f"{listed.label} {listed.text_ms} {listed.text_en}".casefold()
        return all(wanted in ("", actual) for wanted, actual in exact) and self.text.casefold() in words


@dataclass(frozen=True, slots=True)
class ItemSection:
    """The items of one kind that the filters left."""

    kind: str
    label: str
    rows: list[ListedItem]


def read_items(cycle: Cycle, *, user: User, filters: ItemFilters) -> list[ItemSection]:
    """Return the cycle's items by kind, in order, as far as the filters ask for them (three queries)."""
    rows = [row for row in _all_items(cycle, user=user) if filters.keep(row)]
    sections = [
        ItemSection(kind, str(KIND_HEADINGS[kind]), [row for row in rows if row.kind == kind])
        for kind in ItemKind
    ]
    return [section for section in sections if section.rows]


def _all_items(cycle: Cycle, *, user: User) -> Iterable[ListedItem]:
    for row in state_of_cycle(cycle, user=user).items:
        yield ListedItem.of(row)
    achievements = Item.objects.filter(cycle=cycle, kind=ItemKind.ACHIEVEMENT).order_by("number")
    for facts in achievements.values("kind", "number", "text_ms", "text_en", "pillar", item_id=F("pk")):
        yield ListedItem(**facts)

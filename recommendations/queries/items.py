"""The list of all items of a cycle, now or as at a past instant, with the filters of its address."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from recommendations.models import Assignment, Cycle
from recommendations.queries.cycle_state import ListedItem, achievements_of, state_of_cycle
from recommendations.states import KIND_HEADINGS, ItemKind, Pillar, Status
from ui.query_state import AddressFilters


@dataclass(frozen=True, kw_only=True)
class ItemFilters(AddressFilters):
    """The filters of the list; `q` is a text. `mine`: the reader's own assignments, or those of their agency."""

    mine: str = ""
    kind: str = ""
    pillar: str = ""
    status: str = ""
    q: str = ""

    choices = {
        "mine": ("own", "agency"),
        "kind": ItemKind.values,
        "pillar": Pillar.values,
        "status": Status.values,
    }

    def keep(self, listed: ListedItem, *, user: User, own_ids: Collection[int]) -> bool:
        """Whether an item is asked for. A text is sought in texts and short titles in both languages, and in the name."""
        if self.mine == "own" and listed.item_id not in own_ids:
            return False
        if self.mine == "agency" and not listed.is_of_agency(user.agency_id):
            return False
        exact = ((self.kind, listed.kind), (self.pillar, listed.pillar), (self.status, listed.status))
        words = " ".join((listed.label, *listed.texts)).casefold()
        return all(wanted in ("", actual) for wanted, actual in exact) and self.q.casefold() in words


@dataclass(frozen=True, slots=True)
class ItemSection:
    """The items of one kind that the filters left."""

    kind: str
    label: str
    rows: list[ListedItem]


def read_own_items(cycle: Cycle, *, user: User) -> frozenset[int]:
    """Return the ids of the items for which the person is a responsible officer (one query, none outside agencies)."""
    if not user.is_agency_actor:
        return frozenset()
    own = Assignment.objects.in_force().filter(item__cycle=cycle, officer_links__user=user)
    return frozenset(own.filter(agency_id=user.agency_id).values_list("item_id", flat=True))


@dataclass(frozen=True, slots=True)
class ItemList:
    """The items by kind, as far as the filters ask for them, and which are the reader's own.

    `is_known`: the cycle had been recorded by then.
    """

    is_known: bool
    own_ids: Collection[int]
    sections: list[ItemSection]


def read_items(
    cycle: Cycle,
    *,
    user: User,
    filters: ItemFilters,
    own_ids: Collection[int],
    before: datetime | None = None,
) -> ItemList:
    """Return the cycle's items as recorded `before` an instant (exclusive), or as they are now (three queries)."""
    state = state_of_cycle(cycle, user=user, before=before)
    listed: list[ListedItem] = [*state.items, *achievements_of(cycle, before=before)]
    rows = [row for row in listed if filters.keep(row, user=user, own_ids=own_ids)]
    sections = [
        ItemSection(kind, str(KIND_HEADINGS[kind]), [row for row in rows if row.kind == kind])
        for kind in ItemKind
    ]
    return ItemList(state.dates is not None, own_ids, [section for section in sections if section.rows])

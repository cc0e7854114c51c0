"""The weaknesses of a cycle beside what answers them, now or as at a past instant."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from overview.queries.gaps import GapState, gap_words
from recommendations.models import Cycle
from recommendations.queries.cycle_state import ListedItem, achievements_of, state_of_cycle
from recommendations.states import ItemKind, Pillar, Status
from ui.query_state import AddressFilters


@dataclass(frozen=True, kw_only=True)
class WeaknessFilters(AddressFilters):
    """The filters of the page: pillar and status of weaknesses."""

    pillar: str = ""
    status: str = ""

    choices = {"pillar": Pillar.values, "status": Status.values}

    def keeps(self, weakness: ListedItem) -> bool:
        """Return whether the weakness fits the filters."""
        return self.pillar in ("", weakness.pillar) and self.status in ("", weakness.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredWeakness:
    """A weakness with what answers it, in the order of the report, and the gap in words."""

    weakness: ListedItem
    recommendations: list[ListedItem]
    achievements: list[ListedItem]
    gap: str

    @property
    def answers(self) -> list[ListedItem]:
        return [*self.recommendations, *self.achievements]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeaknessPage:
    """The page: the weaknesses that fit, of `total_count`, and the recommendations that answer none.

    `is_known` is false for a day by which nothing of the cycle was recorded.
    """

    is_known: bool
    rows: list[AnsweredWeakness]
    total_count: int
    answering_none: list[ListedItem]


def read_weaknesses(
    cycle: Cycle, *, user: User, filters: WeaknessFilters, before: datetime | None = None
) -> WeaknessPage:
    """Return the weaknesses with their answers as recorded `before` an instant (exclusive), or as they are now.

    States and links are those of `state_of_cycle`, with its guarantee for days that are over. Three queries.
    """
    state = state_of_cycle(cycle, user=user, before=before)
    points = [*state.items, *achievements_of(cycle, before=before)]
    answer_ids = {row.item_id: set(row.answer_ids) for row in state.of_kind(ItemKind.WEAKNESS)}
    weaknesses = [point for point in points if point.kind == ItemKind.WEAKNESS]
    answering = set().union(*answer_ids.values())
    return WeaknessPage(
        is_known=state.dates is not None,
        rows=[
            _answered(weakness, points, answer_ids[weakness.item_id])
            for weakness in weaknesses
            if filters.keeps(weakness)
        ],
        total_count=len(weaknesses),
        answering_none=[
            point
            for point in points
            if point.kind == ItemKind.RECOMMENDATION and point.item_id not in answering
        ],
    )


def _answered(weakness: ListedItem, points: Iterable[ListedItem], answer_ids: set[int]) -> AnsweredWeakness:
    """Return a weakness with the points that answer it, and its gap."""
    found = [point for point in points if point.item_id in answer_ids]
    recommendations = _of_kind(found, ItemKind.RECOMMENDATION)
    achievements = _of_kind(found, ItemKind.ACHIEVEMENT)
    standings = [GapState(point.number, point.state.status) for point in recommendations if point.state]
    own = weakness.state.status if weakness.state else Status.NONE.value
    return AnsweredWeakness(
        weakness=weakness,
        recommendations=recommendations,
        achievements=achievements,
        gap=gap_words(own, standings, achievements_count=len(achievements)),
    )


def _of_kind(points: Iterable[ListedItem], kind: ItemKind) -> list[ListedItem]:
    return [point for point in points if point.kind == kind]

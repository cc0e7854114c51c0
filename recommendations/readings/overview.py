"""Where every item of a cycle stands, now or as at a past instant, by one and the same path.

Facts are those of the instant: they are read from the versions that the database keeps. Rights are those of now:
claims, waiting, lateness and dates are shown to MAPO and to the own agency, suggestions to MAPO alone (rules).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from audit.past import PastQuerySet
from recommendations.models import (
    AssignmentVersion,
    Cycle,
    CycleVersion,
    ItemLinkVersion,
    ItemVersion,
    Review,
    Submission,
    Update,
)
from recommendations.models.cycle import in_reading_language
from recommendations.rollup import ItemState, Verdict, roll_up
from recommendations.states import AssignmentRole, Kind, Stage, Status


@dataclass(frozen=True, slots=True)
class AgencyState:
    """What one agency stands for on one item. `percent` is 0 to 100; before any verdict: no action, 0.

    `sees_claims` says whether the reader may know of waiting and lateness; without it both are false and
    the dates are missing.
    """

    assignment_id: int
    agency_id: int
    code: str
    name_ms: str
    name_en: str
    role: str
    stage: str
    status: str
    percent: int
    decided_at: datetime | None
    is_awaiting: bool
    due_on: date | None
    next_due_on: date | None
    sees_claims: bool

    @property
    def name(self) -> str:
        return in_reading_language(self, "name")

    @property
    def is_lead(self) -> bool:
        return self.role == AssignmentRole.LEAD

    @property
    def is_confirmed(self) -> bool:
        return self.stage == Stage.CONFIRMED

    @property
    def is_suggested(self) -> bool:
        return self.stage == Stage.SUGGESTED

    def is_overdue(self, today: date) -> bool:
        """Owed an update before `today`, with nothing waiting at MAPO (rules, Cadence)."""
        late = self.next_due_on is not None and self.next_due_on < today
        return late and self.is_confirmed and not self.is_awaiting


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item with its rolled-up state and its agencies: the lead first, then by code."""

    item_id: int
    kind: str
    number: int
    text_ms: str
    text_en: str
    pillar: str
    answer_ids: tuple[int, ...]
    state: ItemState
    agencies: tuple[AgencyState, ...]

    @property
    def text(self) -> str:
        return in_reading_language(self, "text")

    @property
    def suggested(self) -> tuple[AgencyState, ...]:
        return tuple(each for each in self.agencies if each.is_suggested)


@dataclass(frozen=True, slots=True)
class CycleState:
    """A cycle's actionable items in order, with the dates of the cycle that held at the instant."""

    dates: CycleVersion | None
    items: tuple[ItemRow, ...] = ()

    def of_kind(self, kind: str) -> list[ItemRow]:
        return [row for row in self.items if row.kind == kind]

    def count_states(self, kind: str) -> Counter[str]:
        """Items of a kind by status."""
        return Counter(row.state.status for row in self.items if row.kind == kind)

    def pairs(self) -> Iterable[tuple[ItemRow, AgencyState]]:
        """Every item with each of its agencies."""
        return ((row, agency) for row in self.items for agency in row.agencies)


def state_of_cycle(cycle: Cycle, *, user: User, before: datetime | None = None) -> CycleState:
    """Return the state of every actionable item as recorded `before` an instant (exclusive), or as it is now.

    As at a day that is over, pass `clock.end_of_day(day)`: the answer never changes again. Takes three queries,
    whatever the number of updates.
    """
    at = _moment(before)
    dates = at(CycleVersion.objects.filter(cycle=cycle)).first()
    if dates is None:
        return CycleState(dates=None)
    agencies = _agencies_by_item(cycle, user=user, before=before)
    rows = (_item_row(version, agencies[version.item_id]) for version in _items(cycle, at))
    return CycleState(dates=dates, items=tuple(rows))


Moment = Callable[[PastQuerySet], Any]


def _moment(before: datetime | None) -> Moment:
    """Narrow a queryset of versions to those that held at the instant."""
    return lambda versions: versions.current() if before is None else versions.as_at(before)


def _holding(prefix: str, before: datetime | None) -> Q:
    """`_moment` as a condition on a joined version table."""
    if before is None:
        return Q(**{f"{prefix}ended_at__isnull": True})
    not_ended = Q(**{f"{prefix}ended_at__isnull": True}) | Q(**{f"{prefix}ended_at__gte": before})
    return not_ended & Q(**{f"{prefix}began_at__lt": before})


def _items(cycle: Cycle, at: Moment) -> list[ItemVersion]:
    links = at(ItemLinkVersion.objects.filter(weakness_id=OuterRef("item_id")))
    versions = at(ItemVersion.objects.filter(item__cycle=cycle)).exclude(item__kind=Kind.ACHIEVEMENT)
    found = versions.annotate(
        kind=F("item__kind"),
        number=F("item__number"),
        answer_ids=ArraySubquery(links.order_by("answer_id").values("answer_id")),
    )
    ranks = {kind: rank for rank, kind in enumerate(Kind.values)}
    return sorted(found, key=lambda version: (ranks[version.kind], version.number))


def _agencies_by_item(cycle: Cycle, *, user: User, before: datetime | None) -> dict[int, list[AgencyState]]:
    found: dict[int, list[AgencyState]] = defaultdict(list)
    stages = [Stage.CONFIRMED, Stage.SUGGESTED] if user.is_mapo else [Stage.CONFIRMED]
    for row in _assignments(cycle, before).filter(stage__in=stages).values():
        found[row["item_id"]].append(_agency_state(row, user=user))
    return found


def _assignments(cycle: Cycle, before: datetime | None) -> QuerySet[AssignmentVersion]:
    versions = _moment(before)(AssignmentVersion.objects.filter(item__cycle=cycle))
    named = FilteredRelation("agency__versions", condition=_holding("agency__versions__", before))
    joined: QuerySet[AssignmentVersion] = (
        versions.with_verdict(before=before)
        .annotate(named=named, is_awaiting=Exists(awaiting_updates("assignment_id", before=before)))
        .annotate(code=F("named__code"), name_ms=F("named__name_ms"), name_en=F("named__name_en"))
        .order_by("role", "named__code", "assignment_id")
    )
    return joined


def awaiting_updates(assignment_field: str, *, before: datetime | None = None) -> QuerySet[Update]:
    """The update of an assignment that waited for MAPO `before` an instant (exclusive), or that waits now.

    An assignment has one open update at a time, so only its newest one can wait: one index look-up each.
    """
    # The look-up for the newest update is nested in the one that asks whether it waits: hence twice outer.
    updates = Update.objects.filter(assignment_id=OuterRef(OuterRef(assignment_field)))
    submissions, reviews = Submission.objects.all(), Review.objects.all()
    still_open = Q(closed_at__isnull=True)
    if before is not None:
        updates = updates.filter(created_at__lt=before)
        submissions = submissions.filter(submitted_at__lt=before)
        reviews = reviews.filter(decided_at__lt=before)
        still_open |= Q(closed_at__gte=before)
    newest = updates.order_by("-id").values("id")[:1]
    undecided = submissions.filter(update=OuterRef("pk")).exclude(
        Exists(reviews.filter(submission=OuterRef("pk")))
    )
    return Update.objects.filter(still_open, Exists(undecided), pk=Subquery(newest))


def _agency_state(row: Mapping[str, Any], *, user: User) -> AgencyState:
    sees = user.is_mapo or (user.is_agency_actor and user.agency_id == row["agency_id"])
    verdict = row["verdict"] or {}
    return AgencyState(
        assignment_id=row["assignment_id"],
        agency_id=row["agency_id"],
        code=row["code"],
        name_ms=row["name_ms"],
        name_en=row["name_en"],
        role=row["role"],
        stage=row["stage"],
        status=verdict.get("status", Status.NONE.value),
        percent=verdict.get("percent", 0),
        decided_at=datetime.fromisoformat(verdict["at"]) if verdict else None,
        is_awaiting=sees and row["is_awaiting"],
        due_on=row["due_on"] if sees else None,
        next_due_on=row["next_due_on"] if sees else None,
        sees_claims=sees,
    )


def _item_row(version: Any, agencies: list[AgencyState]) -> ItemRow:
    return ItemRow(
        item_id=version.item_id,
        kind=version.kind,
        number=version.number,
        text_ms=version.text_ms,
        text_en=version.text_en,
        pillar=version.pillar,
        answer_ids=tuple(version.answer_ids),
        state=_rolled_up(agencies),
        agencies=tuple(sorted(agencies, key=lambda each: (not each.is_lead, each.code))),
    )


def _rolled_up(agencies: Iterable[AgencyState]) -> ItemState:
    confirmed = [each for each in agencies if each.is_confirmed]
    verdicts = [(each.is_lead, Verdict(each.code, each.status, each.percent)) for each in confirmed]
    lead = next((verdict for is_lead, verdict in verdicts if is_lead), None)
    return roll_up(lead, [verdict for is_lead, verdict in verdicts if not is_lead])

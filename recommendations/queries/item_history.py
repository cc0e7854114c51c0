"""The history of an item: when each of its states began, by which act of which agency, decided by whom; and its Events.

The states come from `state_replay`, so that this page, the trend and the state as at a day agree (six queries at most).
Names of people are for MAPO and, in its own matters, for an agency; everybody else reads that MAPO decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, Case, Exists, Min, OuterRef, QuerySet, When
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from audit.clock import local_date
from audit.models import Event
from recommendations.models import (
    Assignment,
    Comment,
    Cycle,
    CycleVersion,
    Item,
    Review,
    Update,
)
from recommendations.models.cycle import in_reading_language
from recommendations.queries import state_replay
from recommendations.queries.item_agencies import agencies_as_at
from recommendations.queries.state_replay import StateChange
from recommendations.rollup import ItemState
from recommendations.states import AssignmentRole, ShowsStatus, Stage

#: Shown instead of a person whose name the reader may not know.
MAPO = "MAPO"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemStatePeriod(ShowsStatus):
    """One state of the item, from an instant until the next turn. `words` say what brought it about.

    `verdicts`: what the verdicts alone give where MAPO has set the state; a status, whose percentage is not exact.
    """

    at: datetime
    status: str
    percent: int
    is_set_by_mapo: bool
    verdicts: str
    words: str
    code: str
    agency_name: str
    by: str
    reason: str
    update_url: str


def timeline_segments(turns: Sequence[ItemStatePeriod], *, until: datetime) -> list[dict[str, Any]]:
    """Return the states as parts of a line from the first of them to `until`, in percent of its length."""
    if not turns:
        return []
    start = turns[0].at
    length = max((until - start).total_seconds(), 1.0)
    places = [min((turn.at - start).total_seconds() / length, 1.0) * 100 for turn in turns]
    ends = [*places[1:], 100.0]
    return [
        {"state": turn.icon, "percent_from": begin, "percent_to": end, "label": turn.status_label}
        for turn, begin, end in zip(turns, places, ends, strict=True)
    ]


def read_state_periods(item: Item, *, user: User, before: datetime | None = None) -> list[ItemStatePeriod]:
    """Return the item's states in the order in which they began, those that began `before` an instant (exclusive).

    The percentage is the one with which the state began; later verdicts of the same status may have moved it.
    """
    turns = [turn for turn in state_replay.changes_of_item(item) if before is None or turn.at < before]
    changes = state_replay.drop_momentary(state_replay.replay(turns))
    rows = _HistoryRows.read(item, changes, user=user, before=before)
    return [rows.period(change) for change in changes]


@dataclass(frozen=True, slots=True, kw_only=True)
class _HistoryRows:
    """The rows behind the changes that the reader may know, each by its own id."""

    user: User
    agencies: Mapping[int, Any]
    reviews: Mapping[int, Any]
    overrides: Mapping[int, Any]
    acts: list[Any]

    @classmethod
    def read(
        cls, item: Item, changes: Iterable[StateChange], *, user: User, before: datetime | None
    ) -> _HistoryRows:
        turns = [change.turn for change in changes]
        review_ids = [turn.turn_id for turn in turns if turn.what == state_replay.VERDICT]
        return cls(
            user=user,
            agencies={row.pk: row for row in agencies_as_at(item, before=before)},
            reviews={review.pk: review for review in _reviews(review_ids, user=user)},
            overrides={each.pk: each for each in item.overrides.select_related("ended_by").with_setter()},
            acts=list(_acts(item, user=user)),
        )

    def period(self, change: StateChange) -> ItemStatePeriod:
        """Return the change in words."""
        tell = {
            state_replay.ITEM: self._entered,
            state_replay.PART: self._part,
            state_replay.VERDICT: self._verdict,
            state_replay.OVERRIDE: self._set,
            state_replay.OVERRIDE_END: self._ended,
        }
        about = {"words": "", "code": "", "agency_name": "", "by": MAPO, "reason": "", "update_url": ""}
        state = change.state
        return ItemStatePeriod(
            at=change.at,
            status=state.status,
            percent=state.percent,
            is_set_by_mapo=state.override is not None,
            verdicts=_verdicts_alone(state),
            **about | tell[change.turn.what](change),
        )

    def _entered(self, _change: StateChange) -> dict[str, str]:
        return {"words": _("The item was entered."), "by": ""}

    def _part(self, change: StateChange) -> dict[str, str]:
        turn = change.turn
        # The first act recorded on the assignment since made the change.
        acts = (act for act in self.acts if act.object_id == str(turn.assignment_id))
        act = next((act for act in acts if act.recorded_at >= turn.at), None)
        by = act.actor_name if act is not None and act.actor_name else MAPO
        return {
            **self._of_agency(turn.assignment_id),
            "words": _part_words(turn.first, turn.second),
            "by": by,
        }

    def _verdict(self, change: StateChange) -> dict[str, str]:
        review = self.reviews[change.turn.turn_id]
        words = (
            _("MAPO replaced its verdict on an update.")
            if review.supersedes_id
            else _("MAPO decided on an update.")
        )
        url = (
            reverse("recommendations:update", args=[review.submission.update_id])
            if review.is_open_to_reader
            else ""
        )
        return {
            **self._of_agency(change.turn.assignment_id),
            "words": words,
            "by": review.reviewer.name if self._knows(change.turn.assignment_id) else MAPO,
            "update_url": url,
        }

    def _set(self, change: StateChange) -> dict[str, str]:
        override = self.overrides[change.turn.turn_id]
        by = override.set_by_name if self.user.is_mapo else MAPO
        return {"words": _("MAPO set the status."), "by": by, "reason": override.reason}

    def _ended(self, change: StateChange) -> dict[str, str]:
        override = self.overrides[change.turn.turn_id]
        by = override.ended_by.name if self.user.is_mapo and override.ended_by else MAPO
        words = _("MAPO ended its status; the agencies' verdicts apply again.")
        return {"words": words, "by": by, "reason": override.ended_reason}

    def _of_agency(self, assignment_id: int) -> dict[str, str]:
        agency = self.agencies[assignment_id]
        return {"code": agency.code, "agency_name": in_reading_language(agency, "name")}

    def _knows(self, assignment_id: int) -> bool:
        """Whether the reader may know who decided in this agency's matter."""
        is_own = self.user.is_agency_actor and self.agencies[assignment_id].agency_id == self.user.agency_id
        return self.user.is_mapo or is_own


def _part_words(role: str, stage: str) -> str:
    """Say what an assignment became, where that changed the item's state."""
    if stage == Stage.ENDED:
        return _("The assignment ended.")
    if role == AssignmentRole.LEAD:
        return _("Became the lead agency.")
    return _("Became a supporting agency.")


def _verdicts_alone(state: ItemState) -> str:
    """Return "Verdicts alone: In progress"; empty where MAPO has not set the state itself."""
    if state.beneath is None:
        return ""
    return _("Verdicts alone: %(status)s") % {"status": state.beneath.status_label}


def _reviews(review_ids: list[int], *, user: User) -> QuerySet[Any]:
    """These reviews with their updates, and whether the reader may open the update."""
    seen = Update.objects.visible_to(user).filter(pk=OuterRef("submission__update_id"))
    reviews = Review.objects.filter(pk__in=review_ids).select_related("reviewer", "submission")
    return reviews.annotate(is_open_to_reader=Exists(seen))


def _acts(item: Item, *, user: User) -> QuerySet[Any, Any]:
    """Return who changed the item's assignments, oldest first: all for MAPO, its own matters for an agency."""
    if not (user.is_mapo or user.is_agency_actor):
        return Event.objects.none().values_list("pk", named=True)
    events = Event.objects.timeline(item.pk).filter(object_type=Assignment._meta.label)
    if not user.is_mapo:
        events = events.in_scope_of(user.agency_id)
    return events.order_by("pk").values_list("object_id", "recorded_at", "actor_name", named=True)


def read_history(item: Item, *, user: User, before: datetime | None = None) -> QuerySet[Event]:
    """Return every act on the item for MAPO, for an agency those that are its matter; newest first.

    With `before`, only those that were recorded before that instant. Acts on an update or a comment above the reader's
    clearance are left out.
    """
    events = Event.objects.timeline(item.pk)
    if before is not None:
        events = events.filter(recorded_at__lt=before)
    if not user.is_mapo:
        events = events.in_scope_of(user.agency_id)
    updates = Update.objects.above_clearance(user)
    reviews = Review.objects.above_clearance(user)
    comments = Comment.objects.filter(classification__gt=user.clearance)
    known: QuerySet[Event] = events
    for hidden in (updates, reviews, comments):
        known = _without(known, hidden)
    return known


def _without(events: QuerySet[Event], things: QuerySet[Any]) -> QuerySet[Event]:
    """Return the events that are about none of these things; looked up event by event, not among all things."""
    label = things.model._meta.label
    number = Case(When(object_type=label, then=Cast("object_id", BigIntegerField())))
    numbered = events.alias(**{f"{things.model._meta.model_name}_number": number})
    return numbered.filter(~Exists(things.filter(pk=OuterRef(f"{things.model._meta.model_name}_number"))))


def first_day_of(cycle: Cycle) -> date | None:
    """Return the day on which the cycle was first recorded. One query."""
    began_at = CycleVersion.objects.filter(cycle=cycle).aggregate(first=Min("began_at"))["first"]
    return local_date(began_at) if began_at else None

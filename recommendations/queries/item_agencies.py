"""The agencies of an item: accepted states, and what their own people and MAPO may know besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, JSONObject

from accounts.models import User
from recommendations.models import Assignment, AssignmentRequest, Update
from recommendations.models.assignment import RequestAnswer, RequestKind
from recommendations.models.cycle import in_reading_language
from recommendations.queries.comments import NewestComments, newest_comments_json, parse_newest_comments
from recommendations.queries.newest_verdicts import NewestVerdict, newest_verdict_json, parse_newest_verdict
from recommendations.rollup import Verdict
from recommendations.states import EDITABLE_STATES, OPEN_STATES, AssignmentRole, Stage, Status, UpdateState
from recommendations.status_icons import ICONS

#: How many of an assignment's newest updates the page lists, and looks into for files.
NEWEST_UPDATES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSummary:
    """One update of the reader's sight, without its text."""

    id: int
    state: str
    status: str
    percent: int | None
    at: datetime
    reported_on: date | None

    @property
    def state_label(self) -> str:
        return str(UpdateState(self.state).label)

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label) if self.status else ""

    @property
    def icon(self) -> str:
        return ICONS.get(self.status, "")

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE_STATES

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSummary:
    """The newest thing that the agency asked of MAPO about the assignment."""

    is_decline: bool
    reason: str
    proposed_on: date | None
    asked_at: datetime
    answer: str
    answer_reason: str

    @property
    def is_waiting(self) -> bool:
        return not self.answer

    @property
    def is_granted(self) -> bool:
        return self.answer == RequestAnswer.GRANTED


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAgency:
    """An assignment of the item. Dates, waiting, updates, requests and comments are its agency's and MAPO's alone."""

    assignment_id: int
    code: str
    name: str
    role: str
    stage: str
    verdict: Verdict
    accepted: NewestVerdict | None
    accepted_until: date | None
    is_own: bool
    is_awaiting: bool
    next_due_on: date | None
    updates: list[UpdateSummary]
    request: RequestSummary | None
    comments: NewestComments

    @property
    def is_lead(self) -> bool:
        return self.role == AssignmentRole.LEAD

    @property
    def role_label(self) -> str:
        return str(AssignmentRole(self.role).label)

    @property
    def is_in_force(self) -> bool:
        return self.stage == Stage.CONFIRMED

    @property
    def is_suggested(self) -> bool:
        return self.stage == Stage.SUGGESTED

    @property
    def icon(self) -> str:
        return ICONS[self.verdict.status]

    @property
    def status_label(self) -> str:
        return str(Status(self.verdict.status).label)

    @property
    def decided_at(self) -> datetime | None:
        return self.accepted.decided_at if self.accepted else None

    @property
    def open_update(self) -> UpdateSummary | None:
        """The update that is being written or waits, within the reader's clearance."""
        return next((update for update in self.updates if update.is_open), None)

    @property
    def claim(self) -> UpdateSummary | None:
        """What waits for MAPO's decision."""
        return next((update for update in self.updates if update.state == UpdateState.SUBMITTED), None)

    @property
    def has_thread(self) -> bool:
        """Whether there is something to read, or somebody to write to."""
        return self.is_in_force or self.comments.count > 0

    @property
    def repeats_since(self) -> date | None:
        """The day since which its people may report "nothing new" in one click; None where they may not."""
        is_free = self.is_own and not self.is_awaiting and self.open_update is None
        return self.accepted_until if is_free else None


def item_assignments(user: User, *, item_id: int) -> QuerySet[Any, Any]:
    """Every assignment that the person may know of; updates and requests of their own agency, or all for MAPO.

    Read each row with `item_agency`.
    """
    updates = Update.objects.visible_to(user).filter(assignment_id=OuterRef("pk"))
    updates = updates.order_by("-created_at", "-id")
    update = JSONObject(
        id="pk",
        state="state",
        status="status",
        percent="percent",
        at=Coalesce("submitted_at", "saved_at"),
        reported_on="reported_on",
    )
    requests = AssignmentRequest.objects.visible_to(user).filter(assignment_id=OuterRef("pk")).order_by("-id")
    request = JSONObject(
        kind="kind",
        reason="reason",
        proposed_on="proposed_on",
        at="asked_at",
        answer="answer",
        answer_reason="answer_reason",
    )
    return (
        Assignment.objects.visible_to(user)
        .filter(item_id=item_id)
        .with_awaiting()
        .annotate(
            accepted=newest_verdict_json("pk"),
            newest_updates=_where_sight(user, ArraySubquery(updates.values(facts=update)[:NEWEST_UPDATES])),
            newest_request=Subquery(requests.values(facts=request)[:1]),
            newest_comments=_where_sight(user, newest_comments_json(user)),
            code=F("agency__code"),
            name_ms=F("agency__name_ms"),
            name_en=F("agency__name_en"),
        )
        .order_by("agency__code", "pk")
        .values_list(
            "pk", "agency_id", "code", "name_ms", "name_en", "role", "stage", "next_due_on", "is_awaiting",
            "accepted", "newest_updates", "newest_request", "newest_comments", named=True,
        )
    )  # fmt: skip


def _where_sight(user: User, things: Any) -> Any:
    """Look for things only on assignments where there may be any to see: those of others hold thousands in vain."""
    if user.is_mapo:
        return things
    return Case(When(agency_id=user.agency_id, then=things), default=None)


def item_agency(row: Any, *, user: User, readable: Mapping[int, date]) -> ItemAgency:
    """Give of an assignment what the reader may know; `readable` as `readable_until` gives it."""
    is_own = user.is_agency_actor and row.agency_id == user.agency_id
    sees = is_own or user.is_mapo
    accepted = parse_newest_verdict(row.accepted)
    return ItemAgency(
        assignment_id=row.pk,
        code=row.code,
        name=in_reading_language(row, "name"),
        role=row.role,
        stage=row.stage,
        verdict=Verdict(row.code, accepted.status, accepted.percent) if accepted else Verdict(row.code),
        accepted=accepted,
        accepted_until=readable.get(accepted.review_id) if accepted else None,
        is_own=is_own,
        is_awaiting=sees and row.is_awaiting,
        next_due_on=row.next_due_on if sees else None,
        updates=[_update_line(facts) for facts in row.newest_updates or ()],
        request=_request_line(row.newest_request),
        comments=parse_newest_comments(row.newest_comments if sees else None),
    )


def _update_line(facts: dict[str, Any]) -> UpdateSummary:
    reported_on = facts["reported_on"]
    read = {
        "at": datetime.fromisoformat(facts["at"]),
        "reported_on": date.fromisoformat(reported_on) if reported_on else None,
    }
    return UpdateSummary(**facts | read)


def _request_line(facts: dict[str, Any] | None) -> RequestSummary | None:
    if not facts:
        return None
    proposed_on = facts["proposed_on"]
    return RequestSummary(
        is_decline=facts["kind"] == RequestKind.DECLINE,
        reason=facts["reason"],
        proposed_on=date.fromisoformat(proposed_on) if proposed_on else None,
        asked_at=datetime.fromisoformat(facts["at"]),
        answer=facts["answer"],
        answer_reason=facts["answer_reason"],
    )

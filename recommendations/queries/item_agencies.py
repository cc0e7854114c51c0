"""The agencies of an item: accepted states, and what their own people and MAPO may know besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import User
from recommendations.models.assignment import RequestAnswer, RequestKind
from recommendations.models.cycle import in_reading_language
from recommendations.queries.comments import NewestComments, newest_comments
from recommendations.queries.item_sql import AssignmentRow
from recommendations.queries.newest_verdicts import NewestVerdict
from recommendations.rollup import Verdict
from recommendations.states import EDITABLE_STATES, OPEN_STATES, AssignmentRole, Stage, Status, UpdateState
from recommendations.status_icons import ICONS


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


def item_agencies(
    rows: Iterable[AssignmentRow], *, user: User, readable: Mapping[int, date]
) -> list[ItemAgency]:
    """Give of each assignment what the reader may know; `readable` as `readable_reviews` gives it.

    No query, and two where somebody wrote comments that the reader may see.
    """
    rows = list(rows)
    comments = newest_comments({row.pk: row.comment_ids for row in rows if row.comment_ids}, user=user)
    return [_item_agency(row, comments.get(row.pk), user=user, readable=readable) for row in rows]


def _item_agency(
    row: AssignmentRow, comments: NewestComments | None, *, user: User, readable: Mapping[int, date]
) -> ItemAgency:
    """Return one assignment with what the reader may know of it."""
    is_own = user.is_agency_actor and row.agency_id == user.agency_id
    sees = is_own or user.is_mapo
    accepted = None
    if row.review_id is not None:
        accepted = NewestVerdict(row.review_id, row.status, row.percent, row.decided_at)
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
        updates=[_update_line(facts) for facts in row.updates or ()],
        request=_request_line(row.request),
        comments=comments or NewestComments(),
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

"""One agency on an item's page: its accepted state, and what its own people and MAPO may know besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from recommendations.models import Assignment
from recommendations.models.assignment import RequestAnswer, RequestKind
from recommendations.readings.accepted import Accepted, accepted_of
from recommendations.readings.signs import ICONS
from recommendations.rollup import Verdict
from recommendations.states import EDITABLE_STATES, OPEN_STATES, Stage, Status, UpdateState

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateLine:
    """One update of the reader's sight, without its text."""

    id: int
    state: str
    status: str
    percent: int | None
    at: datetime

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
class RequestLine:
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
class AgencyLine:
    """An assignment of the item. Dates, waiting, updates and requests are there only for its agency and MAPO."""

    assignment: Assignment
    verdict: Verdict
    accepted: Accepted | None
    accepted_until: date | None
    is_own: bool
    is_awaiting: bool
    next_due_on: date | None
    is_overdue: bool
    updates: list[UpdateLine]
    request: RequestLine | None

    @property
    def decided_at(self) -> datetime | None:
        return self.accepted.decided_at if self.accepted else None

    @property
    def repeats_since(self) -> date | None:
        """The day since which its people may report "nothing new" in one click; None where they may not."""
        is_free = self.is_own and not self.is_awaiting and self.open_update is None
        return self.accepted_until if is_free else None

    @property
    def code(self) -> str:
        return self.assignment.agency.code

    @property
    def name(self) -> str:
        return self.assignment.agency.name

    @property
    def is_lead(self) -> bool:
        return self.assignment.is_lead

    @property
    def is_in_force(self) -> bool:
        return self.assignment.stage == Stage.CONFIRMED

    @property
    def is_suggested(self) -> bool:
        return self.assignment.stage == Stage.SUGGESTED

    @property
    def icon(self) -> str:
        return ICONS[self.verdict.status]

    @property
    def status_label(self) -> str:
        return str(Status(self.verdict.status).label)

    @property
    def open_update(self) -> UpdateLine | None:
        """The update that is being written or waits, within the reader's clearance."""
        return next((update for update in self.updates if update.is_open), None)

    @property
    def claim(self) -> UpdateLine | None:
        """What waits for MAPO's decision."""
        return next((update for update in self.updates if update.state == UpdateState.SUBMITTED), None)


def line_of(row: Any, *, user: User, today: date, readable: Mapping[int, date]) -> AgencyLine:
    """Read an assignment with the annotations of `item_page`; `readable` as `readable_until` gives it."""
    is_own = user.is_agency_actor and row.agency_id == user.agency_id
    sees = is_own or user.is_mapo
    accepted = accepted_of(row.accepted)
    is_late = row.next_due_on is not None and row.next_due_on < today and not row.is_awaiting
    return AgencyLine(
        assignment=row,
        verdict=Verdict(row.agency.code, accepted.status, accepted.percent)
        if accepted
        else Verdict(row.agency.code),
        accepted=accepted,
        accepted_until=readable.get(accepted.review_id) if accepted else None,
        is_own=is_own,
        is_awaiting=sees and row.is_awaiting,
        next_due_on=row.next_due_on if sees else None,
        is_overdue=sees and is_late and row.is_confirmed,
        updates=[_update_line(facts) for facts in row.newest_updates or ()],
        request=_request_line(row.newest_request),
    )


def _update_line(facts: dict[str, Any]) -> UpdateLine:
    return UpdateLine(**facts | {"at": datetime.fromisoformat(facts["at"])})


def _request_line(facts: dict[str, Any] | None) -> RequestLine | None:
    if not facts:
        return None
    proposed_on = facts["proposed_on"]
    return RequestLine(
        is_decline=facts["kind"] == RequestKind.DECLINE,
        reason=facts["reason"],
        proposed_on=date.fromisoformat(proposed_on) if proposed_on else None,
        asked_at=datetime.fromisoformat(facts["at"]),
        answer=facts["answer"],
        answer_reason=facts["answer_reason"],
    )

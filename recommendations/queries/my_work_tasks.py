"""One assignment of an agency as My work shows it, with its open update and what was asked about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from audit import clock
from recommendations.deadlines import is_due_soon, is_overdue
from recommendations.models.cycle import in_reading_language
from recommendations.queries.saved_text import saved_text
from recommendations.states import AssignmentRole, Status, UpdateState, item_label

if TYPE_CHECKING:
    from recommendations.queries.newest_verdicts import NewestVerdict


class TaskGroup(StrEnum):
    """The sections of the page. Each assignment stands in one."""

    RETURNED = "returned"
    OVERDUE = "overdue"
    TO_SEND = "to_send"
    AWAITING = "awaiting"
    LATER = "later"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenUpdate:
    """The update of an assignment that is being written or waits. `is_readable`: within the reader's clearance.

    `opening_id` is that of the opening import that it goes with, if it is one of its rows.
    """

    id: int
    state: str
    saved_at: datetime
    submitted_at: datetime | None
    is_readable: bool
    opening_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReturnNote:
    """Why an update came back, from whom, and when."""

    reason: str
    reviewer_name: str
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingRequest:
    """What the agency has asked MAPO about an assignment, and waits for."""

    is_decline: bool
    proposed_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One assignment of the agency as My work shows it. Days are those of Kuala Lumpur."""

    assignment_id: int
    item_id: int
    kind: str
    number: int
    year: int
    text_ms: str
    text_en: str
    role: str
    due_on: date | None
    due_soon_days: int
    accepted: NewestVerdict | None
    accepted_until: date | None
    update: OpenUpdate | None
    returned: ReturnNote | None
    request: PendingRequest | None
    officers: tuple[str, ...]
    is_mine: bool
    has_several_cycles: bool
    today: date

    @property
    def text(self) -> str:
        return in_reading_language(self, "text")

    @property
    def item_label(self) -> str:
        return item_label(self.kind, self.number)

    @property
    def label(self) -> str:
        """Recommendation 4; with the year while several cycles are open."""
        return f"{self.item_label} · {self.year}" if self.has_several_cycles else self.item_label

    @property
    def role_label(self) -> str:
        return str(AssignmentRole(self.role).label)

    @property
    def update_state(self) -> str:
        return self.update.state if self.update else ""

    @property
    def is_update_readable(self) -> bool:
        return self.update is not None and self.update.is_readable

    @property
    def is_draft(self) -> bool:
        return self.update_state == UpdateState.DRAFT

    @property
    def is_awaiting(self) -> bool:
        return self.update_state == UpdateState.SUBMITTED

    @property
    def is_in_opening(self) -> bool:
        """Whether it waits, or came back, with an opening import, which the page shows by itself."""
        return self.update is not None and self.update.opening_id is not None

    @property
    def is_returned(self) -> bool:
        return self.update_state == UpdateState.RETURNED and not self.is_in_opening

    @property
    def is_overdue(self) -> bool:
        """Owed before today, with nothing waiting at MAPO (rules, Cadence)."""
        return is_overdue(self.due_on, today=self.today, is_awaiting=self.is_awaiting)

    @property
    def is_due_soon(self) -> bool:
        return is_due_soon(
            self.due_on, today=self.today, within_days=self.due_soon_days, is_awaiting=self.is_awaiting
        )

    @property
    def waiting_days(self) -> int:
        """Whole days since it was sent."""
        sent_at = self.update.submitted_at if self.update else None
        return (self.today - clock.local_date(sent_at)).days if sent_at else 0

    @property
    def group(self) -> TaskGroup:
        if self.is_returned:
            return TaskGroup.RETURNED
        if self.is_awaiting:
            return TaskGroup.AWAITING
        if self.is_overdue:
            return TaskGroup.OVERDUE
        if self.is_due_soon or self.is_draft:
            return TaskGroup.TO_SEND
        return TaskGroup.DONE if self.status == Status.DONE else TaskGroup.LATER

    @property
    def status(self) -> str:
        return self.accepted.status if self.accepted else Status.NONE.value

    @property
    def saved_text(self) -> str:
        return saved_text(self.update.saved_at, today=self.today) if self.update else ""

    @property
    def repeats_since(self) -> date | None:
        """The day since which "nothing new" may be reported in one click; None where it may not."""
        return None if self.update else self.accepted_until

"""One assignment of an agency as My work shows it, with its open update and what was asked about it."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime
from enum import StrEnum

from audit import clock
from recommendations.deadlines import is_due_soon, is_overdue
from recommendations.models.assignment import RequestKind
from recommendations.models.cycle import Titled
from recommendations.rollup import ItemState, Override
from recommendations.states import AssignmentRole, Status, item_label
from submissions.drafts import last_saved_text
from submissions.states import SubmissionState


class TaskGroup(StrEnum):
    """The sections of the page. Each assignment stands in one."""

    RETURNED = "returned"
    OVERDUE = "overdue"
    TO_SEND = "to_send"
    AWAITING = "awaiting"
    LATER = "later"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class ReturnNote:
    """Why an update came back, from whom, and when."""

    reason: str
    reviewer_name: str
    decided_at: datetime


@dataclass(slots=True)
class Task(Titled):
    """One assignment of the agency: its item, the newest verdict, the open update, and what was asked of MAPO.

    Of rows of an opening import that are open side by side, the one that was reported last. Days are those of Kuala
    Lumpur. `is_update_readable`: within the reader's clearance. Not read with the row are why the update came back, and
    the last day that the accepted text covers, where the person may read them, and why MAPO asks for an update although
    it is completed.
    """

    assignment_id: int
    item_id: int
    kind: str
    number: int
    year: int
    text_ms: str
    text_en: str
    title_ms: str
    title_en: str
    role: str
    due_on: date | None
    due_soon_days: int
    officers: list[str]
    is_mine: bool
    review_id: int | None
    status: str
    accepted_at: datetime | None
    update_id: int | None
    update_state: str | None
    saved_at: datetime | None
    saved_by: str | None
    is_saved_by_me: bool | None
    submitted_at: datetime | None
    opening_id: int | None
    is_update_readable: bool | None
    request_kind: str | None
    proposed_on: date | None
    set_status: str | None
    set_percent: int | None
    set_reason: str | None
    set_at: datetime | None
    set_by: str | None
    _: KW_ONLY
    has_several_cycles: bool
    today: date
    returned: ReturnNote | None = None
    accepted_until: date | None = None
    asked_reason: str = ""

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
    def set_by_mapo(self) -> ItemState | None:
        """The state of the item where MAPO has set it itself, which the agency's verdict then does not give."""
        if self.set_status is None or self.set_percent is None or self.set_at is None:
            return None
        override = Override(
            self.set_status, self.set_percent, self.set_reason or "", self.set_at, self.set_by or ""
        )
        return ItemState(self.set_status, self.set_percent, override=override)

    @property
    def is_decline_asked(self) -> bool:
        """Whether the agency asked MAPO to take the assignment back, and waits for the answer."""
        return self.request_kind == RequestKind.DECLINE

    @property
    def is_draft(self) -> bool:
        return self.update_state == SubmissionState.DRAFT

    @property
    def is_awaiting(self) -> bool:
        return self.update_state == SubmissionState.SUBMITTED

    @property
    def is_in_opening(self) -> bool:
        """Whether it waits, or came back, with an opening import, which the page shows by itself."""
        return self.opening_id is not None

    @property
    def is_returned(self) -> bool:
        return self.update_state == SubmissionState.RETURNED and not self.is_in_opening

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
        return (self.today - clock.local_date(self.submitted_at)).days if self.submitted_at else 0

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
        is_done = self.status == Status.DONE and not self.asked_reason
        return TaskGroup.DONE if is_done else TaskGroup.LATER

    @property
    def is_settled(self) -> bool:
        """Whether no regular update is due because it is completed."""
        return self.status == Status.DONE and self.due_on is None

    @property
    def saved_text(self) -> str:
        """Who saved the open update last, and when."""
        if not self.saved_at:
            return ""
        own = bool(self.is_saved_by_me)
        return last_saved_text(self.saved_at, name=self.saved_by or "", is_own=own, today=self.today)

    @property
    def is_being_corrected(self) -> bool:
        """Whether the agency has saved something since the update came back."""
        return bool(self.returned and self.saved_at and self.saved_at > self.returned.decided_at)

    @property
    def repeats_since(self) -> date | None:
        """The day since which "nothing new" may be reported in one click; None where it may not."""
        return None if self.update_id else self.accepted_until

"""One assignment of an agency as My work shows it, with its open update and what was asked about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from accounts.models import User
from audit import clock
from recommendations.deadlines import is_due_soon, is_overdue
from recommendations.models import Assignment, AssignmentRequest, Item, Outcome, Review
from recommendations.models.assignment import RequestKind
from recommendations.rollup import ItemState
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


@dataclass(kw_only=True)
class Task:
    """One assignment of the agency, with its item and outcome, the open update, and what was asked of MAPO.

    Of rows of an opening import that are open side by side, the one that was reported last. Days are those of Kuala
    Lumpur. `set_by_mapo` is the state of the item where MAPO has set it itself, which the agency's verdict then does not
    give. `newest_return` says why the update came back, and `accepted_until` until when the accepted text reaches, where
    the reader may read them; `asked_reason` why MAPO asks for an update although it is completed.
    """

    assignment: Assignment
    update: Any
    request: AssignmentRequest | None
    set_by_mapo: ItemState | None
    newest_return: Review | None
    accepted_until: date | None
    asked_reason: str
    reader: User
    today: date
    has_several_cycles: bool

    @property
    def item(self) -> Item:
        return self.assignment.item

    @property
    def label(self) -> str:
        """Recommendation 4; with the year while several cycles are open."""
        return self.item.label_with_year if self.has_several_cycles else str(self.item)

    @property
    def due_on(self) -> date | None:
        return self.assignment.next_due_on

    @property
    def outcome(self) -> Outcome:
        return self.assignment.outcome

    @property
    def officers(self) -> list[User]:
        """Those who are named, by name."""
        return list(self.assignment.officers.all())

    @property
    def is_mine(self) -> bool:
        return self.reader in self.officers

    @property
    def is_update_readable(self) -> bool:
        """Whether the open update is within the reader's clearance."""
        return self.update is not None and self.update.is_readable

    @property
    def returned(self) -> Review | None:
        """Why the update came back; None where the reader may not read it."""
        return self.newest_return if self.is_update_readable else None

    @property
    def update_state(self) -> str:
        return self.update.state if self.update else ""

    @property
    def is_decline_asked(self) -> bool:
        """Whether the agency asked MAPO to take the assignment back, and waits for the answer."""
        return self.request is not None and self.request.kind == RequestKind.DECLINE

    @property
    def is_draft(self) -> bool:
        return self.update_state == SubmissionState.DRAFT

    @property
    def is_awaiting(self) -> bool:
        return self.update_state == SubmissionState.SUBMITTED

    @property
    def is_in_opening(self) -> bool:
        """Whether it waits, or came back, with an opening import, which the page shows by itself."""
        return self.update is not None and self.update.opening_id is not None

    @property
    def is_returned(self) -> bool:
        return self.update_state == SubmissionState.RETURNED and not self.is_in_opening

    @property
    def is_overdue(self) -> bool:
        """Owed before today, with nothing waiting at MAPO (docs/rules.md, Cadence)."""
        return is_overdue(self.due_on, today=self.today, is_awaiting=self.is_awaiting)

    @property
    def is_due_soon(self) -> bool:
        return is_due_soon(
            self.due_on,
            today=self.today,
            within_days=self.item.cycle.due_soon_days,
            is_awaiting=self.is_awaiting,
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
        return TaskGroup.DONE if self.outcome.is_completed and not self.asked_reason else TaskGroup.LATER

    @property
    def is_settled(self) -> bool:
        """Whether no regular update is due because it is completed."""
        return self.outcome.is_completed and self.due_on is None

    @property
    def saved_text(self) -> str:
        """Who saved the open update last, and when."""
        if self.update is None:
            return ""
        saver, is_own = self.update.saved_by, self.update.saved_by == self.reader
        return last_saved_text(self.update.saved_at, name=saver.name, is_own=is_own, today=self.today)

    @property
    def is_being_corrected(self) -> bool:
        """Whether the agency has saved something since the update came back."""
        return bool(self.returned and self.update and self.update.saved_at > self.returned.decided_at)

    @property
    def repeats_since(self) -> date | None:
        """The day since which "nothing new" may be reported in one click; None where it may not."""
        return None if self.update else self.accepted_until

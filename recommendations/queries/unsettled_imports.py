"""The opening imports of an agency that are not settled, for My work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, When

from accounts.models import User
from recommendations.deadlines import is_due_soon, is_overdue
from recommendations.models import OpeningImport
from submissions.states import SubmissionState

#: The states in which the agency or MAPO still has something to do, those first that ask the agency for something.
OPEN_STATES = (SubmissionState.RETURNED, SubmissionState.DRAFT, SubmissionState.SUBMITTED)


@dataclass(frozen=True)
class UnsettledImport:
    """A batch of the agency that is not settled, with the number of its rows in their place."""

    opening: OpeningImport
    today: date

    @property
    def is_returned(self) -> bool:
        return self.opening.state == SubmissionState.RETURNED

    @property
    def is_overdue(self) -> bool:
        return is_overdue(self.opening.resubmit_by, today=self.today)

    @property
    def is_due_soon(self) -> bool:
        within_days = self.opening.cycle.due_soon_days
        return is_due_soon(self.opening.resubmit_by, today=self.today, within_days=within_days)


def unsettled_imports(user: User, *, today: date) -> list[UnsettledImport]:
    """Return the agency's batches that are not settled, in the order of their states. One query."""
    rank = Case(*(When(state=state, then=place) for place, state in enumerate(OPEN_STATES)))
    seen = OpeningImport.objects.visible_to(user).filter(state__in=OPEN_STATES, cycle__closed_at=None)
    rows = seen.with_rows_count().select_related("cycle", "submitted_by", "decided_by")
    return [UnsettledImport(row, today) for row in rows.order_by(rank, "pk")]

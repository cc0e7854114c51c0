"""The opening imports of an agency that are not settled, for My work and the overview."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from accounts.models import User
from recommendations.deadlines import is_due_soon, is_overdue
from recommendations.models import OpeningImport
from recommendations.queries.sql import CANDIDATE, fetch_rows, sql_of
from submissions.states import SubmissionState

#: The states in which the agency or MAPO still has something to do, those first that ask the agency for something.
OPEN_STATES = (SubmissionState.RETURNED, SubmissionState.DRAFT, SubmissionState.SUBMITTED)


class UnsettledImport(NamedTuple):
    """A batch of the agency that is not settled. Names are empty where nobody has acted yet."""

    id: int
    state: str
    rows_count: int
    sender_name: str
    submitted_at: datetime | None
    reviewer_name: str
    decided_at: datetime | None
    reason: str
    resubmit_by: date | None
    due_soon_days: int
    today: date

    @property
    def is_draft(self) -> bool:
        return self.state == SubmissionState.DRAFT

    @property
    def is_returned(self) -> bool:
        return self.state == SubmissionState.RETURNED

    @property
    def is_overdue(self) -> bool:
        return is_overdue(self.resubmit_by, today=self.today)

    @property
    def is_due_soon(self) -> bool:
        return is_due_soon(self.resubmit_by, today=self.today, within_days=self.due_soon_days)

    @property
    def is_submitted(self) -> bool:
        return self.state == SubmissionState.SUBMITTED


_UNSETTLED = """
SELECT candidate.id, candidate.state, jsonb_array_length(candidate.rows), coalesce(sender.name, ''),
       candidate.submitted_at, coalesce(reviewer.name, ''), candidate.decided_at, candidate.reason,
       candidate.resubmit_by, cycle.due_soon_days
FROM recommendations_openingimport candidate
JOIN recommendations_cycle cycle ON cycle.id = candidate.cycle_id AND cycle.closed_at IS NULL
LEFT JOIN accounts_user sender ON sender.id = candidate.submitted_by_id
LEFT JOIN accounts_user reviewer ON reviewer.id = candidate.decided_by_id
WHERE candidate.state = ANY (%s) AND EXISTS ({seen})
ORDER BY array_position(%s, candidate.state::text), candidate.id
"""


def unsettled_imports(user: User, *, today: date) -> list[UnsettledImport]:
    """Return the agency's batches that are not settled, in the order of their states. One query."""
    seen, of_seen = sql_of(OpeningImport.objects.visible_to(user).filter(pk=CANDIDATE))
    states = [state.value for state in OPEN_STATES]
    return [
        UnsettledImport._make((*row, today))
        for row in fetch_rows(_UNSETTLED.format(seen=seen), (states, *of_seen, states))
    ]

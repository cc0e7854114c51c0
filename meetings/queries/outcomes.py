"""What became of the decisions of earlier meetings, as at a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from audit.clock import end_of_day
from recommendations.queries.sql import fetch_rows, read_statement

if TYPE_CHECKING:
    from meetings.models import Meeting

_EARLIER = read_statement(__file__, "earlier_decisions")


class EarlierDecision(NamedTuple):
    """A decision of an earlier meeting with its step as at the day; `code` is the agency's, or MAPO."""

    decision_id: int
    meeting_number: str
    item_id: int
    code: str
    text: str
    due_on: date
    done_on: date | None
    cancelled_at: datetime | None
    cancelled_reason: str


def earlier_decisions(meeting: Meeting, *, since: date, as_at: date) -> list[EarlierDecision]:
    """Return what earlier meetings of the cycle decided, as it stood at the end of `as_at`; earliest first (one query)."""
    values = {
        "cycle": meeting.cycle_id,
        "meeting": meeting.pk,
        "meets_on": meeting.meets_on,
        "since": end_of_day(since),
        "before": end_of_day(as_at),
    }
    return [EarlierDecision(*row) for row in fetch_rows(_EARLIER, values)]

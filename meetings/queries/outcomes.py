"""What became of the decisions of earlier meetings, as at a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from audit.clock import end_of_day
from recommendations.queries.sql import fetch_rows

if TYPE_CHECKING:
    from meetings.models import Meeting

#: Decisions that stood at the end of the day, each with its step as it was then: those that are open, and those whose step
#: changed after the day since which changes are told. A decision for MAPO itself has no agency.
_EARLIER = """
SELECT decision.id, meeting.number, decision.item_id, coalesce(agency.code, 'MAPO'), version.text, version.due_on,
       version.done_on, version.cancelled_at, version.cancelled_reason
FROM meetings_meeting meeting
JOIN meetings_meetingdecision decision ON decision.meeting_id = meeting.id
JOIN recommendations_actionversion version
    ON version.action_id = decision.action_id
   AND version.began_at < %(before)s AND (version.ended_at IS NULL OR version.ended_at >= %(before)s)
LEFT JOIN accounts_agencyversion agency
    ON agency.agency_id = decision.agency_id
   AND agency.began_at < %(before)s AND (agency.ended_at IS NULL OR agency.ended_at >= %(before)s)
WHERE meeting.cycle_id = %(cycle)s AND meeting.id <> %(meeting)s AND meeting.meets_on <= %(meets_on)s
  AND decision.recorded_at < %(before)s AND (decision.ended_at IS NULL OR decision.ended_at >= %(before)s)
  AND (version.done_on IS NULL AND version.cancelled_at IS NULL OR version.began_at >= %(since)s)
ORDER BY meeting.meets_on, meeting.id, decision.number, decision.id
"""


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

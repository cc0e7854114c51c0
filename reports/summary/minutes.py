"""What the minutes of a meeting are written from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from meetings.states import MeetingState

if TYPE_CHECKING:
    from meetings.models import Meeting
    from meetings.queries.decisions_page import DecisionLine
    from meetings.queries.laid import LaidContent
    from reports.summary.statement import Maker


@dataclass(frozen=True, slots=True)
class Minutes:
    """What minutes are written from; `agenda` is what was laid last, None where nothing was. `fingerprint` is that of the agenda."""

    meeting: Meeting
    agenda: LaidContent | None
    decisions: Sequence[DecisionLine]
    closed_at: datetime | None
    maker: Maker
    fingerprint: str

    @property
    def classification(self) -> Clearance:
        least = Clearance.RESTRICTED
        return max(least, Clearance(self.agenda.classification)) if self.agenda else least

    @property
    def title(self) -> str:
        """The title; minutes that are not closed are a draft."""
        is_closed = self.meeting.state == MeetingState.CLOSED
        return _("Minutes of the meeting") if is_closed else _("Draft minutes of the meeting")

    @property
    def subtitle(self) -> str:
        meeting = self.meeting
        return ", ".join((meeting.number, meeting.day_text, meeting.time_text, meeting.venue))

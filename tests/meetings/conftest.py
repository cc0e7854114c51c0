"""The world of the core's tests, with meetings of the council."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from meetings.models import Meeting, MeetingDetails
from meetings.services.meetings import announce_meeting
from tests.recommendations.conftest import Desk, desk, open_desk

__all__ = ["desk", "details", "make_meeting", "open_desk"]

TODAY = date(2023, 9, 14)


def details(**values: Any) -> MeetingDetails:
    """What is announced of a meeting, with some values changed."""
    usual = {"number": "Mesyuarat MAPO Bil. 1/2023", "meets_on": TODAY, "begins": time(10, 30)}
    return MeetingDetails(**({**usual, "venue": "Putrajaya"} | values))


def make_meeting(desk: Desk, *, now: datetime | None = None, **values: Any) -> Meeting:
    """An announced meeting, today unless said otherwise."""
    return announce_meeting(desk.cycle, details=details(**values), actor=desk.reviewer, now=now or desk.now)

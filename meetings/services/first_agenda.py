"""The agenda with which a meeting begins."""

from datetime import datetime

from accounts.models import User
from meetings.models import AgendaPoint, Meeting
from meetings.states import GATHERED_KINDS


def create_points(meeting: Meeting, *, actor: User, now: datetime) -> None:
    """Give a new meeting one point for each kind that Jejak gathers, in their usual order (one query)."""
    AgendaPoint.objects.bulk_create(
        AgendaPoint(meeting=meeting, kind=kind, position=position, saved_by=actor, saved_at=now)
        for position, kind in enumerate(GATHERED_KINDS, start=1)
    )

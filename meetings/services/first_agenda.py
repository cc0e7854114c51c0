"""The points that Jejak gathers, in an agenda from the beginning."""

from datetime import datetime

from accounts.models import User
from meetings.models import AgendaPoint, Meeting
from meetings.states import GATHERED_KINDS


def create_points(meeting: Meeting, *, actor: User, now: datetime) -> None:
    """Give a meeting one point for each kind that Jejak gathers, in their usual order; those that it has not, at its end.

    An agenda may be older than a kind. Takes two queries.
    """
    known = dict(meeting.points.values_list("kind", "position"))
    missing = [kind for kind in GATHERED_KINDS if kind not in known]
    AgendaPoint.objects.bulk_create(
        AgendaPoint(meeting=meeting, kind=kind, position=position, saved_by=actor, saved_at=now)
        for position, kind in enumerate(missing, start=max(known.values(), default=0) + 1)
    )

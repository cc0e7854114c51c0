"""The list of meetings, and the details of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count

from accounts.models import User
from audit.models import Event
from meetings.models import Meeting
from meetings.states import MeetingState
from recommendations.models import Cycle

#: Acts on a meeting that its page lists.
ACTS_SHOWN = 50


@dataclass(frozen=True)
class MeetingsPage:
    """The meetings of a cycle: those to come, the next first, and those that took place or never will, latest first."""

    coming: list[Meeting]
    past: list[Meeting]

    @property
    def has_any(self) -> bool:
        return bool(self.coming or self.past)


def read_meetings(cycle: Cycle, *, user: User) -> MeetingsPage:
    """Return the meetings of a cycle (one query)."""
    meetings = list(Meeting.objects.visible_to(user).filter(cycle=cycle).order_by("meets_on", "begins", "pk"))
    coming = [meeting for meeting in meetings if meeting.may_be_prepared]
    return MeetingsPage(
        coming=sorted(coming, key=lambda each: each.state == MeetingState.POSTPONED),
        past=[meeting for meeting in reversed(meetings) if not meeting.may_be_prepared],
    )


def next_number(cycle: Cycle, *, day: date) -> str:
    """Return the number that the next meeting of a year would have, which none has yet (one query).

    A cancelled meeting gives up its place in the count, but keeps its number.
    """
    known = Meeting.objects.values_list("number", "state", "meets_on__year")
    taken = {number for number, _state, _year in known}
    held = sum(year == day.year and state != MeetingState.CANCELLED for _number, state, year in known)
    numbers = (f"Mesyuarat MAPO Bil. {number}/{day.year}" for number in count(held + 1))
    return next(number for number in numbers if number not in taken)


def read_acts(meeting: Meeting) -> list[Event]:
    """Return the acts on a meeting, newest first (one query)."""
    return list(Event.objects.about("meetings.Meeting", meeting.pk).newest_first()[:ACTS_SHOWN])

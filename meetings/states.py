"""The states of a meeting and the one table of moves between them."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import pgettext_lazy

from recommendations.outcomes import DecisionOutcome


class MeetingState(models.TextChoices):
    """Where a meeting is between its announcement and its closed minutes."""

    ANNOUNCED = "announced", pgettext_lazy("meeting", "Announced")
    POSTPONED = "postponed", pgettext_lazy("meeting", "Postponed")
    HELD = "held", pgettext_lazy("meeting", "Held")
    CLOSED = "closed", pgettext_lazy("meeting", "Minutes closed")
    CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")


@dataclass(frozen=True)
class MeetingMove:
    """One permitted step of a meeting: the act, where it starts and ends, and whether it needs a reason."""

    act: str
    source: MeetingState
    target: MeetingState
    needs_reason: bool = False


#: The only moves of a meeting. The database refuses any other.
MEETING_MOVES: tuple[MeetingMove, ...] = (
    MeetingMove("hold", MeetingState.ANNOUNCED, MeetingState.HELD),
    MeetingMove("postpone", MeetingState.ANNOUNCED, MeetingState.POSTPONED, needs_reason=True),
    MeetingMove("reschedule", MeetingState.POSTPONED, MeetingState.ANNOUNCED),
    MeetingMove("cancel", MeetingState.ANNOUNCED, MeetingState.CANCELLED, needs_reason=True),
    MeetingMove("cancel", MeetingState.POSTPONED, MeetingState.CANCELLED, needs_reason=True),
    MeetingMove("close", MeetingState.HELD, MeetingState.CLOSED),
    MeetingMove("reopen", MeetingState.CLOSED, MeetingState.HELD, needs_reason=True),
)

#: In these states the agenda and the details may still change.
PREPARED_STATES = (MeetingState.ANNOUNCED, MeetingState.POSTPONED)
#: In these states the agenda may be laid before the council.
LAID_STATES = (MeetingState.ANNOUNCED, MeetingState.HELD)
#: Meetings that took place.
HELD_STATES = (MeetingState.HELD, MeetingState.CLOSED)

NUMBER_LENGTH, VENUE_LENGTH = 80, 200

#: How pages show a state: a tone of `ui`'s chips and the name of an icon.
STATE_LOOKS: dict[str, tuple[str, str]] = {
    MeetingState.ANNOUNCED: ("info", "calendar-clock"),
    MeetingState.POSTPONED: ("warning", "calendar-clock"),
    MeetingState.HELD: ("success", "gavel"),
    MeetingState.CLOSED: ("neutral", "lock"),
    MeetingState.CANCELLED: ("neutral", "calendar-x"),
}


def move_of(act: str, source: str) -> MeetingMove | None:
    """Return the move by which an act changes a meeting in this state; None where the table has none."""
    return next((move for move in MEETING_MOVES if move.act == act and move.source == source), None)


class PointKind(models.TextChoices):
    """What a point of the agenda is about; the order is that of a new agenda. Only `OWN` has a title of its own."""

    EARLIER = "earlier", pgettext_lazy("agenda", "Decisions of earlier meetings")
    CHANGED = "changed", pgettext_lazy("agenda", "What changed since the last meeting")
    LATE = "late", pgettext_lazy("agenda", "Late updates by agency")
    WAITING = "waiting", pgettext_lazy("agenda", "Updates that await MAPO")
    NO_LEAD = "no_lead", pgettext_lazy("agenda", "Items without a lead agency")
    NO_ACTION = "no_action", pgettext_lazy("agenda", "Items without action")
    REQUESTS = "requests", pgettext_lazy("agenda", "Requests of agencies")
    RETURNED = "returned", pgettext_lazy("agenda", "Returned updates that were not sent again")
    HELD_BACK = "held_back", pgettext_lazy("agenda", "Items held back by supporting agencies")
    DIFFERING = "differing", pgettext_lazy("agenda", "Verdicts that differ from the report")
    OVERRIDDEN = "overridden", pgettext_lazy("agenda", "Items whose status MAPO set")
    CONTRADICTS = "contradicts", pgettext_lazy("agenda", "Contradictions in the figures")
    OWN = "own", pgettext_lazy("agenda", "Other matters")


#: The points that Jejak gathers.
GATHERED_KINDS = tuple(kind for kind in PointKind if kind != PointKind.OWN)

TITLE_LENGTH, TEXT_LENGTH = 200, 5_000
#: Who was present, a line for each agency.
ATTENDANCE_LENGTH = 5_000
#: Points of its own that an agenda may have.
MOST_OWN_POINTS = 50

#: A decision holds as many characters as a planned step.
DECISION_LENGTH = 500


#: How pages show what became of a decision: a tone of `ui`'s flags and the name of an icon.
OUTCOME_LOOKS: dict[str, tuple[str, str]] = {
    DecisionOutcome.OPEN: ("quiet", "clock"),
    DecisionOutcome.LATE: ("danger", "alarm-clock"),
    DecisionOutcome.DONE: ("success", "ticked"),
    DecisionOutcome.CANCELLED: ("quiet", "x"),
}

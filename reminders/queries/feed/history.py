"""What is on record that could have changed a calendar, as changes in the order in which they happened."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Q

from accounts.models import Posting, StandIn, User
from accounts.roles import AGENCY_ROLES
from audit import clock
from recommendations.models import CycleVersion
from recommendations.queries.sql import fetch_rows, read_statement
from reminders.due.audiences import coordinates
from reminders.kinds import CYCLE_DATES


@dataclass(frozen=True, slots=True)
class ActorChange:
    """From this instant somebody acts for an agency, as a coordinator or not, or no longer (None)."""

    at: datetime
    agency_id: int
    user_id: int
    coordinates: bool | None


@dataclass(frozen=True, slots=True)
class StandInChange:
    """From this instant the reader stands in for somebody, or no longer."""

    at: datetime
    absent_id: int
    begins: bool


@dataclass(frozen=True, slots=True)
class CycleChange:
    """From this instant a cycle is open with these dates, or closed. `days` are by kind."""

    at: datetime
    cycle_id: int
    is_open: bool
    days: Mapping[str, date]


class AssignmentChange(NamedTuple):
    """Something about one assignment. `what` says how to read the rest; see `assignment_changes.sql`."""

    at: datetime
    what: str
    assignment_id: int
    thing_id: int
    word: str
    day: date | None
    other_day: date | None
    people: list[int]


Change = ActorChange | StandInChange | CycleChange | AssignmentChange

_ASSIGNMENT_CHANGES = read_statement(__file__, "assignment_changes")


def assignment_changes(agency_ids: Collection[int], *, since: datetime) -> list[AssignmentChange]:
    """Return what happened to the agencies' assignments, without cycles closed before `since`. One query."""
    rows = fetch_rows(_ASSIGNMENT_CHANGES, {"agencies": sorted(agency_ids), "since": since})
    return [AssignmentChange(*row) for row in rows]


def actor_changes(person: User, *, since: datetime) -> list[ActorChange]:
    """Return who began or ceased to act at the agencies that the person has acted for since an instant. One query."""
    lately = Q(ended_at=None) | Q(ended_at__gt=since)
    agencies = Posting.objects.filter(lately, user=person, role__in=AGENCY_ROLES).values("agency")
    postings = Posting.objects.filter(agency__in=agencies).select_related("user")
    ordered = postings.order_by("agency_id", "user_id", "began_at", "pk")
    together = groupby(ordered, key=attrgetter("agency_id", "user_id"))
    return [change for _key, posts in together for change in _changes_of_postings(list(posts))]


def _changes_of_postings(postings: Sequence[Posting]) -> Iterator[ActorChange]:
    """Yield the changes of one person at one agency; a posting that follows another at once is no gap."""
    states: dict[datetime, bool | None] = {}
    for posting in postings:
        began_at, coordinating = posting.began_at, None
        if posting.is_active and posting.role in AGENCY_ROLES and posting.user.joined_at is not None:
            began_at = max(began_at, posting.user.joined_at)
            coordinating = coordinates(posting.role, is_acting=posting.is_acting)
        if posting.ended_at is None or began_at < posting.ended_at:
            states[began_at] = coordinating
        if posting.ended_at is not None:
            states[posting.ended_at] = None
    current: bool | None = None
    for at in sorted(states):
        if states[at] != current:
            current = states[at]
            yield ActorChange(at, postings[0].agency_id, postings[0].user_id, current)


def stand_in_changes(person: User, *, now: datetime) -> Iterator[StandInChange]:
    """Yield when the person began or ceased to stand in for a colleague. One query."""
    for row in StandIn.objects.filter(colleague=person).order_by("pk"):
        first = datetime.combine(row.from_on, time(), tzinfo=clock.KUALA_LUMPUR)
        begins_at = max(first, row.named_at)
        last = clock.end_of_day(row.until_on)
        ends_at = min(last, row.ended_at or last)
        if begins_at <= now and begins_at < ends_at:
            yield StandInChange(begins_at, row.absent_id, begins=True)
            if ends_at <= now:
                yield StandInChange(ends_at, row.absent_id, begins=False)


def cycle_changes(*, since: datetime) -> Iterator[CycleChange]:
    """Yield when cycles opened or closed and their dates changed, without those closed before `since`. One query."""
    lately = Q(cycle__closed_at=None) | Q(cycle__closed_at__gt=since)
    former: dict[int, tuple[bool, Mapping[str, date]]] = {}
    for row in CycleVersion.objects.filter(lately).order_by("began_at", "pk"):
        values = (
            row.closed_at is None,
            {kind: getattr(row, column) for kind, column in CYCLE_DATES.items()},
        )
        if values != former.get(row.cycle_id):
            former[row.cycle_id] = values
            yield CycleChange(row.began_at, row.cycle_id, *values)

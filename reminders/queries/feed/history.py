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
from recommendations.queries.sql import fetch_rows
from reminders.due.ladder import coordinates
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
    """Something about one assignment. `what` says how to read the rest; see `_ASSIGNMENT_CHANGES`."""

    at: datetime
    what: str
    assignment_id: int
    thing_id: int
    word: str
    day: date | None
    other_day: date | None
    people: list[int]


Change = ActorChange | StandInChange | CycleChange | AssignmentChange

#: The changes to the agencies' assignments, without suggestions and without cycles that were closed before `since`.
#: The past of who is named is only in the audit log: each Event holds all who were named before and after it. `place`
#: and `rank` put what happened in one instant into the order in which it must have happened.
_ASSIGNMENT_CHANGES = """
WITH own AS MATERIALIZED (
    SELECT assignment.id, assignment.created_at
    FROM recommendations_assignment assignment
    JOIN recommendations_item item ON item.id = assignment.item_id
    JOIN recommendations_cycle cycle ON cycle.id = item.cycle_id
    WHERE assignment.agency_id = ANY(%(agencies)s) AND assignment.confirmed_at IS NOT NULL
      AND (cycle.closed_at IS NULL OR cycle.closed_at > %(since)s)),
namings AS MATERIALIZED (
    SELECT own.id AS assignment_id, event.id, event.before, event.after,
           max(event.occurred_at) OVER (PARTITION BY own.id ORDER BY event.id) AS at
    FROM own
    JOIN audit_event event ON event.object_type = 'recommendations.Assignment'
        AND event.object_id = own.id::text AND event.action = 'assignment.officers_named')
SELECT at, what, assignment_id, thing_id, word, day, other_day, people
FROM (
    SELECT own.created_at AS at, 'named' AS what, own.id AS assignment_id, 0::bigint AS thing_id, '' AS word,
           NULL::date AS day, NULL::date AS other_day,
           CASE WHEN first.before IS NULL
               THEN ARRAY(
                   SELECT officer.user_id FROM recommendations_assignmentofficer officer
                   WHERE officer.assignment_id = own.id ORDER BY officer.user_id)
               ELSE ARRAY(SELECT jsonb_array_elements_text(first.before -> 'officers')::bigint)
               END AS people,
           0::bigint AS place, 0 AS rank, 0::bigint AS id
    FROM own
    LEFT JOIN LATERAL (
        SELECT namings.before FROM namings WHERE namings.assignment_id = own.id ORDER BY namings.id LIMIT 1
    ) first ON true
    UNION ALL
    SELECT at, 'named', assignment_id, 0, '', NULL, NULL,
           ARRAY(SELECT jsonb_array_elements_text(after -> 'officers')::bigint), 0, 1, id
    FROM namings
    UNION ALL
    SELECT version.began_at, 'version', own.id, 0, version.stage, version.due_on, version.next_due_on,
           '{}'::bigint[], 0, 2, version.id
    FROM own
    JOIN recommendations_assignmentversion version ON version.assignment_id = own.id
    UNION ALL
    SELECT submission.submitted_at, 'sent', own.id, sent.id,
           CASE WHEN sent.opening_id IS NULL OR NOT EXISTS (
               SELECT FROM recommendations_update lower
               WHERE lower.opening_id = sent.opening_id AND lower.assignment_id < sent.assignment_id)
               THEN 'speaks' ELSE '' END,
           NULL, NULL, '{}', submission.id, 0, 0
    FROM own
    JOIN recommendations_update sent ON sent.assignment_id = own.id
    JOIN recommendations_submission submission ON submission.update_id = sent.id
    UNION ALL
    SELECT review.decided_at, review.decision, own.id, submission.update_id, review.status,
           NULL, NULL, '{}', review.submission_id, 1, review.id
    FROM own
    JOIN recommendations_review review ON review.assignment_id = own.id
    JOIN recommendations_submission submission ON submission.id = review.submission_id
    UNION ALL
    SELECT taken.closed_at, 'withdrawn', own.id, taken.id, '', NULL, NULL, '{}', 9223372036854775807, 0, 0
    FROM own
    JOIN recommendations_update taken ON taken.assignment_id = own.id AND taken.state = 'withdrawn'
    UNION ALL
    SELECT version.began_at,
           CASE WHEN version.done_on IS NULL AND version.cancelled_at IS NULL THEN 'planned' ELSE 'settled' END,
           own.id, action.id, '', version.due_on, NULL, array_remove(ARRAY[version.owner_id], NULL), 0, 3, version.id
    FROM own
    JOIN recommendations_action action ON action.assignment_id = own.id AND NOT action.is_decision
    JOIN recommendations_actionversion version ON version.action_id = action.id
) change
ORDER BY at, place, rank, id, thing_id
"""


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

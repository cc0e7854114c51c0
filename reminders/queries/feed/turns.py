"""All that is on record and could have changed a calendar, in the order in which it happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from accounts.models import Posting, StandIn, User
from accounts.roles import AGENCY_ROLES, Role
from audit import clock
from recommendations.models import CycleVersion
from reminders.states import What


@dataclass(frozen=True, slots=True)
class StandingTurn:
    """From this instant on somebody acts for an agency, as its coordinator or not; or does no longer (None)."""

    at: datetime
    agency_id: int
    user_id: int
    coordinates: bool | None


@dataclass(frozen=True, slots=True)
class AbsenceTurn:
    """From this instant on the reader stands in for somebody, or does no longer."""

    at: datetime
    absent_id: int
    begins: bool


@dataclass(frozen=True, slots=True)
class CycleTurn:
    """From this instant on a cycle is open with these dates, or closed."""

    at: datetime
    cycle_id: int
    is_open: bool
    days: tuple[tuple[What, date], ...]


class AssignmentTurn(NamedTuple):
    """Something about one assignment. `what` says how to read the rest; see `_TURNS`."""

    at: datetime
    what: str
    assignment_id: int
    thing_id: int
    word: str
    day: date | None
    other_day: date | None
    people: list[int]


Turn = StandingTurn | AbsenceTurn | CycleTurn | AssignmentTurn

#: The assignments of some agencies, but those of cycles that were closed long ago; a suggestion is none.
_OWN = """
own AS MATERIALIZED (
    SELECT assignment.id, assignment.created_at
    FROM recommendations_assignment assignment
    JOIN recommendations_item item ON item.id = assignment.item_id
    JOIN recommendations_cycle cycle ON cycle.id = item.cycle_id
    WHERE assignment.agency_id = ANY(%(agencies)s) AND assignment.confirmed_at IS NOT NULL
      AND (cycle.closed_at IS NULL OR cycle.closed_at > %(since)s))
"""

#: Who is named is kept with its past by the log alone: each Event holds all who were named before and after it.
#: `place` and `rank` put what happened in one instant into the order in which it must have happened.
_TURNS = f"""
WITH {_OWN},
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
           '{{}}'::bigint[], 0, 2, version.id
    FROM own
    JOIN recommendations_assignmentversion version ON version.assignment_id = own.id
    UNION ALL
    SELECT submission.submitted_at, 'sent', own.id, sent.id,
           CASE WHEN sent.opening_id IS NULL OR NOT EXISTS (
               SELECT FROM recommendations_update lower
               WHERE lower.opening_id = sent.opening_id AND lower.id < sent.id)
               THEN 'speaks' ELSE '' END,
           NULL, NULL, '{{}}', submission.id, 0, 0
    FROM own
    JOIN recommendations_update sent ON sent.assignment_id = own.id
    JOIN recommendations_submission submission ON submission.update_id = sent.id
    UNION ALL
    SELECT review.decided_at, review.decision, own.id, submission.update_id, review.status,
           NULL, NULL, '{{}}', review.submission_id, 1, review.id
    FROM own
    JOIN recommendations_review review ON review.assignment_id = own.id
    JOIN recommendations_submission submission ON submission.id = review.submission_id
    UNION ALL
    SELECT taken.closed_at, 'withdrawn', own.id, taken.id, '', NULL, NULL, '{{}}', 9223372036854775807, 0, 0
    FROM own
    JOIN recommendations_update taken ON taken.assignment_id = own.id AND taken.state = 'withdrawn'
    UNION ALL
    SELECT action.created_at, 'planned', own.id, action.id, '', action.due_on, NULL, ARRAY[action.owner_id], 0, 3, 0
    FROM own
    JOIN recommendations_action action ON action.assignment_id = own.id
    UNION ALL
    SELECT action.cancelled_at, 'settled', own.id, action.id, '', NULL, NULL, '{{}}', 0, 4, 0
    FROM own
    JOIN recommendations_action action ON action.assignment_id = own.id AND action.cancelled_at IS NOT NULL
    UNION ALL
    SELECT event.occurred_at, 'settled', own.id, action.id, '', NULL, NULL, '{{}}', 0, 4, 0
    FROM own
    JOIN recommendations_action action ON action.assignment_id = own.id AND action.done_on IS NOT NULL
    JOIN audit_event event ON event.object_type = 'recommendations.Action'
        AND event.object_id = action.id::text AND event.action = 'action.finished'
) turn
ORDER BY at, place, rank, id, thing_id
"""  # noqa: S608 - nothing in it comes from outside


def assignment_turns(agency_ids: Collection[int], *, since: datetime) -> list[AssignmentTurn]:
    """Return what happened to the agencies' assignments, but to those of cycles closed before `since`. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_TURNS, {"agencies": sorted(agency_ids), "since": since})
        return [AssignmentTurn(*row) for row in cursor.fetchall()]


def standing_turns(person: User, *, since: datetime) -> list[StandingTurn]:
    """Return who began or ceased to act at the agencies that the person has acted for since an instant. One query."""
    still = Q(ended_at=None) | Q(ended_at__gt=since)
    homes = Posting.objects.filter(still, user=person, role__in=AGENCY_ROLES).values("agency")
    rows = (
        Posting.objects.filter(agency__in=homes)
        .order_by("agency_id", "user_id", "began_at", "pk")
        .values_list(
            "agency_id", "user_id", "began_at", "ended_at", "is_active", "role", "is_acting",
            "user__joined_at",
        )
    )  # fmt: skip
    together = groupby((_Post(*row) for row in rows), key=lambda post: (post.agency_id, post.user_id))
    return [turn for _key, posts in together for turn in _standing_of(list(posts))]


class _Post(NamedTuple):
    agency_id: int
    user_id: int
    began_at: datetime
    ended_at: datetime | None
    is_active: bool
    role: str
    is_acting: bool
    joined_at: datetime | None

    @property
    def coordinates(self) -> bool | None:
        if not self.is_active or self.role not in AGENCY_ROLES or self.joined_at is None:
            return None
        return self.role == Role.COORDINATOR or self.is_acting


def _standing_of(posts: list[_Post]) -> Iterator[StandingTurn]:
    """What changed of one person at one agency."""
    standing: bool | None = None
    followers = [post.began_at for post in posts[1:]]
    for post, next_began_at in zip(posts, [*followers, None], strict=True):
        begins_at = post.began_at
        if post.coordinates is not None and post.joined_at is not None:
            begins_at = max(begins_at, post.joined_at)
        if post.coordinates != standing and (post.ended_at is None or begins_at < post.ended_at):
            standing = post.coordinates
            yield StandingTurn(begins_at, post.agency_id, post.user_id, standing)
        if post.ended_at is not None and post.ended_at != next_began_at and standing is not None:
            standing = None
            yield StandingTurn(post.ended_at, post.agency_id, post.user_id, None)


def absence_turns(person: User, *, now: datetime) -> Iterator[AbsenceTurn]:
    """Yield when the person began or ceased to stand in for a colleague. One query."""
    for row in StandIn.objects.filter(colleague=person).order_by("pk"):
        first = datetime.combine(row.from_on, time(), tzinfo=clock.KUALA_LUMPUR)
        begins_at = max(first, row.named_at)
        last = clock.end_of_day(row.until_on)
        ends_at = min(last, row.ended_at or last)
        if begins_at <= now and begins_at < ends_at:
            yield AbsenceTurn(begins_at, row.absent_id, begins=True)
            if ends_at <= now:
                yield AbsenceTurn(ends_at, row.absent_id, begins=False)


def cycle_turns(*, since: datetime) -> Iterator[CycleTurn]:
    """Yield how the dates of cycles moved, and when these closed or opened, but for those closed before `since`.

    One query.
    """
    still = Q(cycle__closed_at=None) | Q(cycle__closed_at__gt=since)
    former: dict[int, tuple[bool, tuple[tuple[What, date], ...]]] = defaultdict(lambda: (False, ()))
    for row in CycleVersion.objects.filter(still).order_by("began_at", "pk"):
        days = (
            (What.INTERIM, row.interim_on),
            (What.WINDOW_END, row.window_end),
            (What.SUBMISSION, row.submission_on),
        )
        facts = (row.closed_at is None, days)
        if facts != former[row.cycle_id]:
            former[row.cycle_id] = facts
            yield CycleTurn(row.began_at, row.cycle_id, *facts)

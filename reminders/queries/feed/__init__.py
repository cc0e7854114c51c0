"""What stands in a person's own calendar: the dates that they would be reminded of, and those of open cycles.

The dates of open cycles are everybody's. Of the assignments of their agency people have those that they are named for,
and coordinators all; where nobody named can act, it falls to who would be reminded in their place. What was settled,
ended, or is no longer theirs stays as cancelled for `KEPT`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from django.db.models import Q

from accounts.models import User
from recommendations.models import Assignment, Cycle
from reminders.queries.feed.reader import find_reader, own_link
from reminders.queries.feed.replay import Entry, Place, replay
from reminders.queries.feed.turns import Turn, absence_turns, assignment_turns, cycle_turns, standing_turns

__all__ = ["KEPT", "Entry", "Feed", "find_reader", "own_link", "read_feed"]

#: For how long a calendar is told that a date is off, so that those which fetch rarely hear of it too.
KEPT = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Feed:
    """A person's calendar; `assignments` and `cycles` are what its entries are about, by number."""

    person: User
    entries: list[Entry]
    assignments: dict[int, Assignment]
    cycles: dict[int, Cycle]


def read_feed(person: User, *, now: datetime) -> Feed:
    """Return the calendar as it stands. Six queries for whoever acts or acted for an agency, else three."""
    since = now - KEPT
    cycles = list(Cycle.objects.order_by("pk"))
    standing = standing_turns(person, since=since)
    turns: list[Turn] = [*standing, *cycle_turns(since=since)]
    assignments: list[Assignment] = []
    if agency_ids := {turn.agency_id for turn in standing}:
        assignments = _assignments(agency_ids, since=since)
        turns += [*absence_turns(person, now=now), *assignment_turns(agency_ids, since=since)]
    places = [Place(row.pk, row.agency_id, row.item.cycle_id) for row in assignments]
    entries = replay(sorted(turns, key=attrgetter("at")), reader_id=person.pk, places=places)
    kept = [entry for entry in entries if entry.cancelled_at is None or entry.cancelled_at > since]
    return Feed(
        person=person,
        entries=sorted(kept, key=lambda entry: (entry.day, entry.what, entry.number)),
        assignments={row.pk: row for row in assignments},
        cycles={row.pk: row for row in cycles},
    )


def _assignments(agency_ids: Collection[int], *, since: datetime) -> list[Assignment]:
    still = Q(item__cycle__closed_at=None) | Q(item__cycle__closed_at__gt=since)
    rows = Assignment.objects.filter(still, agency__in=agency_ids).exclude(confirmed_at=None)
    return list(rows.select_related("item__cycle").order_by("pk"))

"""A person's calendar: the dates that they would be reminded of, and those of open cycles.

The dates of open cycles are for everybody. Of their agency's assignments people get those that they are named for, and
coordinators all; if nobody named can act, they go to whoever would be reminded instead. What was settled, has ended or
is no longer the person's is shown as cancelled for `CANCELLED_FOR`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from recommendations.models import Assignment, Cycle, Item
from reminders.calendar_file import CalendarEvent
from reminders.kinds import ReminderKind
from reminders.mails.content import site_host
from reminders.queries.feed.entries import FeedEntry
from reminders.queries.feed.history import (
    Change,
    actor_changes,
    assignment_changes,
    cycle_changes,
    stand_in_changes,
)
from reminders.queries.feed.months import month_entries
from reminders.queries.feed.replay import replay
from reminders.queries.feed.steps import step_entries
from ui import dates

#: Cancelled dates stay in the calendar so long, so that programs that fetch rarely see them too.
CANCELLED_FOR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Feed:
    """A person's calendar; `assignments`, `items` (of steps) and `cycles` are what its entries are about, by number."""

    person: User
    entries: list[FeedEntry]
    assignments: dict[int, Assignment]
    items: dict[int, Item]
    cycles: dict[int, Cycle]

    @property
    def name(self) -> str:
        """The name of the calendar, by the agency: who serves two agencies has two calendars."""
        return f"Jejak · {self.person.agency.code}"

    def events(self) -> list[CalendarEvent]:
        """Return the entries in words, in the language in force. Nothing classified: numbers, titles, dates.

        What the person may no longer see is cancelled without a word about it, under its UID and on its day.
        """
        return [_event(entry, self) for entry in self.entries]


def load_feed(person: User, *, now: datetime) -> Feed:
    """Return the calendar as it is now. Nine queries for people who act or acted for an agency, else four; one more
    where there are steps of MAPO or of the council, and two where the agency reports figures."""
    since = now - CANCELLED_FOR
    cycles = list(Cycle.objects.visible_to(person).order_by("pk"))
    actors = actor_changes(person, since=since)
    changes: list[Change] = [*actors, *cycle_changes(since=since)]
    assignments: list[Assignment] = []
    if agency_ids := {change.agency_id for change in actors}:
        lately = Q(item__cycle__closed_at=None) | Q(item__cycle__closed_at__gt=since)
        rows = Assignment.objects.filter(lately, agency__in=agency_ids).exclude(confirmed_at=None)
        assignments = list(rows.select_related("item__cycle").order_by("pk"))
        changes += [*stand_in_changes(person, now=now), *assignment_changes(agency_ids, since=since)]
    entries = replay(sorted(changes, key=attrgetter("at")), reader_id=person.pk, assignments=assignments)
    entries += [*step_entries(person, now=now), *month_entries(person, cycles)]
    recent = [entry for entry in entries if entry.cancelled_at is None or entry.cancelled_at > since]
    return Feed(
        person=person,
        entries=sorted(recent, key=lambda entry: (entry.day, entry.what, entry.number)),
        assignments={row.pk: row for row in assignments},
        items=_items_of(recent),
        cycles={row.pk: row for row in cycles},
    )


def _items_of(entries: Iterable[FeedEntry]) -> dict[int, Item]:
    """Return the items of steps, by number; no query where there is none."""
    ids = {entry.subject.item_id for entry in entries if entry.subject.item_id is not None}
    return Item.objects.select_related("cycle").in_bulk(ids) if ids else {}


def _event(entry: FeedEntry, feed: Feed) -> CalendarEvent:
    label = str(ReminderKind(entry.what).label)
    summary, text, path = _words(entry, feed, label=label)
    url = f"{settings.SITE_URL}{path}" if path else ""
    assert entry.subject.changed_at is not None
    return CalendarEvent(
        uid=f"{entry.what}-{entry.number}@{site_host()}",
        day=entry.day,
        summary=summary,
        description="\n".join(part for part in (text, url) if part),
        url=url,
        category=label,
        sequence=entry.subject.revision,
        changed_at=entry.subject.changed_at,
        is_cancelled=entry.cancelled_at is not None,
    )


def _words(entry: FeedEntry, feed: Feed, *, label: str) -> tuple[str, str, str]:
    """Return what it is, more about it, and the page that it leads to."""
    if not entry.subject.is_readable:
        return _("No longer yours"), "", ""
    if entry.subject.item_id is not None:
        item = feed.items[entry.subject.item_id]
        return _summary(item, label), item.title, reverse("recommendations:item", args=[item.pk])
    if entry.subject.month is not None:
        month = dates.month_year(entry.subject.month)
        path = reverse("indicators:month", args=[entry.subject.month])
        return _("Report the figures of %(month)s") % {"month": month}, "", path
    if entry.subject.assignment_id is None:
        cycle = feed.cycles[entry.subject.cycle_id]
        overview = f"{reverse('overview:overview')}?cycle={cycle.year}"
        path = reverse("recommendations:my_work") if feed.person.is_agency_actor else overview
        return f"{cycle}: {label}", "", path
    assignment = feed.assignments[entry.subject.assignment_id]
    item = assignment.item
    if entry.what == ReminderKind.ACTION_DUE:
        path = reverse("recommendations:item", args=[item.pk])
    else:
        path = reverse("recommendations:update_start", args=[assignment.pk])
    return _summary(item, label), item.title, path


def _summary(item: Item, label: str) -> str:
    """Return "Recommendation 4 · 2023: Next update due. Train officials …": what a calendar shows of an entry."""
    words = f"{item.label_with_year}: {label}"
    return f"{words}. {item.short_title}" if item.short_title else words

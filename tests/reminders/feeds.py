"""A calendar program for tests: it subscribes to a person's link, reads the feed, and remembers it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from icalendar import Calendar, Event

from accounts.models import User
from recommendations.models import Assignment
from recommendations.services import name_officers
from reminders.queries.feed.links import feed_token
from tests.conftest import Clock
from tests.recommendations.conftest import Desk
from tests.shared import shared


def path_of(person: User, *, number: int = 0) -> str:
    """Return the address of the person's calendar, after so many renewals."""
    times_left = person.postings.filter(is_active=False).count()
    return reverse("reminders:feed", args=[person.pk, feed_token(person.pk, number, times_left=times_left)])


def fetch(person: User, **headers: Any) -> HttpResponse:
    """Return the answer to a program without cookies."""
    return Client().get(path_of(person), headers=headers)


@dataclass(frozen=True)
class Seen:
    """One event as a program reads it."""

    day: date
    status: str
    sequence: int
    changed_at: datetime
    summary: str

    @property
    def stands(self) -> bool:
        return self.status == "CONFIRMED"


def events_of(body: bytes) -> dict[str, Event]:
    """Return the events by the part of their UID before the @."""
    events = Calendar.from_ical(body).walk("VEVENT")
    named = {str(event["UID"]).partition("@")[0]: event for event in events}
    assert len(named) == len(events)
    return named


def seen(event: Event) -> Seen:
    return Seen(
        day=event.decoded("DTSTART"),
        status=str(event["STATUS"]),
        sequence=int(event["SEQUENCE"]),
        changed_at=event.decoded("LAST-MODIFIED"),
        summary=str(event["SUMMARY"]),
    )


@dataclass
class Subscriber:
    """Fetches again and again, and checks that the feed only moves forward."""

    person: User
    known: dict[str, Seen] = field(default_factory=dict)

    def look(self) -> dict[str, Seen]:
        """Return all events; fail if a known event went back, or changed without a higher number."""
        now = {name: seen(event) for name, event in events_of(fetch(self.person).content).items()}
        for name, former in self.known.items():
            if name in now:
                self._compare(name, former, now[name])
        self.known |= now
        return now

    def days(self) -> dict[str, date]:
        """Return what is confirmed, without the dates of cycles."""
        of_cycle = ("interim", "window_end", "submission")
        return {
            name: event.day
            for name, event in self.look().items()
            if event.stands and not name.startswith(of_cycle)
        }

    @staticmethod
    def _compare(name: str, former: Seen, now: Seen) -> None:
        assert now.sequence >= former.sequence, name
        assert now.changed_at >= former.changed_at, name
        if (now.day, now.status) != (former.day, former.status):
            assert now.sequence > former.sequence, name


class Days:
    """The clock, a day at a time."""

    def __init__(self, clock: Clock, now: datetime) -> None:
        self._clock = clock
        self.now = now

    def go(self, days: int = 1) -> datetime:
        self.now = self._clock.move_to(self.now + timedelta(days=days))
        return self.now


@shared
def days(clock: Clock, now: datetime) -> Days:
    return Days(clock, now)


@shared
def named(desk: Desk, days: Days) -> Assignment:
    """The officer is named for the assignment of the desk."""
    return name_officers(desk.assignment, officers=[desk.officer], actor=desk.coordinator, now=days.go())


def keys(assignment: Assignment) -> tuple[str, str, str]:
    pk = assignment.pk
    return f"update_due-{pk}", f"resubmit_due-{pk}", f"final_due-{pk}"

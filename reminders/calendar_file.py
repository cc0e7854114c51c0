"""Calendars as files (RFC 5545, 7986): days on which something is due, as subscriptions take them.

Every occasion lasts one whole day and blocks no time. What is off stays in the file as cancelled, since programs that
only merge would keep it for ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vDuration

#: The whole day begins at midnight: three days before, at nine, and on the day itself at nine.
ALARMS = (timedelta(hours=9) - timedelta(days=3), timedelta(hours=9))
#: How often programs are asked to look again.
REFRESHED_EVERY = timedelta(hours=6)

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """One day in a calendar. `changed_at` and `sequence` move together, and never back."""

    uid: str
    day: date
    summary: str
    description: str
    url: str
    category: str
    sequence: int
    changed_at: datetime
    is_cancelled: bool


def calendar_file(occasions: Iterable[Occasion], *, name: str) -> bytes:
    """Return the calendar in UTF-8. The same occasions give the same bytes: nothing in it is the clock's."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Jejak//Jejak//EN")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _line(name))
    calendar.add("x-wr-calname", _line(name))
    calendar.add("refresh-interval", REFRESHED_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESHED_EVERY).to_ical().decode())
    for occasion in occasions:
        calendar.add_component(_event(occasion))
    return calendar.to_ical()


def _event(occasion: Occasion) -> Event:
    event = Event()
    changed_at = occasion.changed_at.astimezone(UTC).replace(microsecond=0)
    event.add("uid", occasion.uid)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", occasion.sequence)
    event.add("dtstart", occasion.day)
    if occasion.day < date.max:
        event.add("dtend", occasion.day + timedelta(days=1))
    event.add("summary", _plain(occasion.summary))
    if occasion.description:
        event.add("description", _plain(occasion.description))
    if occasion.url:
        event.add("url", occasion.url)
    event.add("categories", [_line(occasion.category)])
    event.add("status", "CANCELLED" if occasion.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    if not occasion.is_cancelled:
        for lead in ALARMS:
            event.add_component(_alarm(occasion, lead))
    return event


def _alarm(occasion: Occasion, lead: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _plain(occasion.summary))
    alarm.add("trigger", lead)
    return alarm


def _plain(text: str) -> str:
    """The text without the control characters that a calendar may not hold; line breaks and tabs stay."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _line(text: str) -> str:
    """The text in one line: the library escapes no line break in categories."""
    return " ".join(_plain(text).split())

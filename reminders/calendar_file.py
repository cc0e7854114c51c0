"""Calendars as files (RFC 5545, 7986) for programs that subscribe to them: days on which something is due.

Every event lasts one whole day and blocks no time. Cancelled events stay in the file, since programs that only merge
would keep them for ever.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vDuration, vText

from ui.line_ends import with_line_feeds

#: Alarms count from midnight of the day: at nine three days before, and at nine on the day.
ALARMS = (timedelta(hours=9) - timedelta(days=3), timedelta(hours=9))
#: How often programs are asked to fetch it.
REFRESH_INTERVAL = timedelta(hours=6)

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEvent:
    """One event. `changed_at` and `sequence` rise together, and never go back."""

    uid: str
    day: date
    summary: str
    description: str
    url: str
    category: str
    sequence: int
    changed_at: datetime
    is_cancelled: bool


class _Text(vText):
    r"""A text whose `\N` stays as typed, in `C:\Notes`: the library writes these two characters as a line break."""

    def to_ical(self) -> bytes:
        return rb"\\N".join(vText(part).to_ical() for part in self.split(r"\N"))


def render_calendar(events: Iterable[CalendarEvent], *, name: str) -> bytes:
    """Return the calendar in UTF-8. The same events give the same bytes: nothing in it depends on the clock."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Jejak//Jejak//EN")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _line(name))
    calendar.add("x-wr-calname", _line(name))
    calendar.add("refresh-interval", REFRESH_INTERVAL, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH_INTERVAL).to_ical().decode())
    for event in events:
        calendar.add_component(_component(event))
    return calendar.to_ical()


def _component(event: CalendarEvent) -> Event:
    component = Event()
    changed_at = event.changed_at.astimezone(UTC).replace(microsecond=0)
    component.add("uid", event.uid)
    component.add("dtstamp", changed_at)
    component.add("last-modified", changed_at)
    component.add("sequence", event.sequence)
    component.add("dtstart", event.day)
    if event.day < date.max:
        component.add("dtend", event.day + timedelta(days=1))
    component.add("summary", _plain(event.summary))
    if event.description:
        component.add("description", _plain(event.description))
    if event.url:
        component.add("url", event.url)
    component.add("categories", [_line(event.category)])
    component.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    component.add("transp", "TRANSPARENT")
    if not event.is_cancelled:
        for lead in ALARMS:
            component.add_component(_alarm(event, lead))
    return component


def _alarm(event: CalendarEvent, lead: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _plain(event.summary))
    alarm.add("trigger", lead)
    return alarm


def _plain(text: str) -> _Text:
    """Return the text without the control characters that calendars forbid; line breaks and tabs stay."""
    return _Text(_UNPRINTABLE.sub("", with_line_feeds(text)))


def _line(text: str) -> _Text:
    """Return the text on one line: the library does not escape line breaks in categories."""
    return _Text(" ".join(_plain(text).split()))

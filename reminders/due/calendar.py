"""Working days with the days off that administrators added: those of the library, and what it cannot know.

For days of the Islamic calendar that are not proclaimed yet the library has estimates: administrators add what is
proclaimed otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import accumulate, compress, count, islice
from typing import Any

from accounts.regions import Place
from audit.clock import KUALA_LUMPUR
from recommendations.working_days import closed_days
from reminders.models import DayOff
from reminders.states import CLOSING_HOUR, OPENING_HOUR

_DAY = timedelta(days=1)
#: How far the calendars in the parameters of the statement reach around a day. Levels before a date reach
#: `MAX_RULE_DAYS` working days; what has been due for longer than this counts from the farthest day.
BEHIND, _AHEAD = timedelta(days=750), timedelta(days=200)


class WorkCalendar:
    """The working days of one place."""

    def __init__(self, place: str, days_off: frozenset[date] = frozenset()) -> None:
        self.place = place
        self._days_off = days_off

    def is_working(self, day: date) -> bool:
        """Whether offices are open on the day."""
        return day not in self._days_off and day not in closed_days(self.place, day.year)

    def which_working(self, days: Sequence[date]) -> list[bool]:
        """Return for each of many days whether offices are open on it."""
        years = {day.year for day in days}
        closed = self._days_off.union(*(closed_days(self.place, year) for year in years))
        return [day not in closed for day in days]

    def next_working(self, day: date) -> date:
        """Return the first working day after a day."""
        return next(each for each in _days_from(day + _DAY, _DAY) if self.is_working(each))

    def last_working(self, day: date) -> date:
        """Return the day itself or, if it is not a working day, the last one before it."""
        return next(each for each in _days_from(day, -_DAY) if self.is_working(each))

    def day_of_level(self, due_on: date, level: int) -> date:
        """Return the working day that is so many working days from a date; negative levels lie before it.

        Level 0 of a day off is the last working day before it.
        """
        if level == 0:
            return self.last_working(due_on)
        step = _DAY if level > 0 else -_DAY
        working = (each for each in _days_from(due_on + step, step) if self.is_working(each))
        return next(day for number, day in enumerate(working, start=1) if number == abs(level))

    def days_of_levels(
        self, due_on: date, start: int, *, every: int | None, times: int | None, since: date, most: int
    ) -> Iterator[date]:
        """Yield the first `most` days from `since` on whose level is `start`, or a repeat of it, counted from a date."""
        last = 0 if every is None else times
        step = every or 1
        # What lies long back is not counted out one by one.
        first = max(0, (self.count(due_on, since) - start) // step - 1) if since > due_on else 0
        numbers = count(first) if last is None else range(first, last + 1)
        days = (self.day_of_level(due_on, start + step * number) for number in numbers)
        return islice((day for day in days if day >= since), most)

    def count(self, after: date, until: date) -> int:
        """Return how many working days follow a day, up to and including another."""
        days = (after + timedelta(days=ahead) for ahead in range(1, (until - after).days + 1))
        return sum(self.is_working(day) for day in days)

    def is_open(self, instant: datetime) -> bool:
        """Whether mails may go out at an instant: on a working day, within the sending hours of Kuala Lumpur."""
        local = instant.astimezone(KUALA_LUMPUR)
        return OPENING_HOUR <= local.hour < CLOSING_HOUR and self.is_working(local.date())


@dataclass(frozen=True)
class WorkCalendars:
    """The calendars of all places, with the days off that administrators added: (day, place); an empty place means all."""

    days_off: frozenset[tuple[date, str]] = frozenset()

    @classmethod
    def load(cls) -> WorkCalendars:
        """Return the calendars with the days off in force. One query."""
        return cls(frozenset(DayOff.objects.in_force().values_list("day", "place")))

    @cached_property
    def _calendars(self) -> dict[str, WorkCalendar]:
        return {
            place: WorkCalendar(place, frozenset(day for day, at in self.days_off if at in ("", place)))
            for place in Place.values
        }

    def __getitem__(self, place: str) -> WorkCalendar:
        return self._calendars[place]

    def __iter__(self) -> Iterator[WorkCalendar]:
        return iter(self._calendars.values())

    def open_at(self, instant: datetime) -> list[WorkCalendar]:
        """Return the calendars of the places to which mails may go out at an instant."""
        return [calendar for calendar in self if calendar.is_open(instant)]


def secretariat_days_off(before: datetime | None) -> frozenset[date]:
    """Return the days off of the secretariat, as recorded before an instant; None for now. One query."""
    found = DayOff.objects.in_force() if before is None else DayOff.objects.in_force_before(before)
    return frozenset(found.filter(place__in=["", Place.PUTRAJAYA]).order_by().values_list("day", flat=True))


def day_parameters(today: date, *, calendars: WorkCalendars) -> dict[str, Any]:
    """Return the parameters of `due.sql` for a day: it, and the calendar of each place around it.

    The statement looks working days up by position and never joins them: a calendar is the number of working days so
    far by day, and by that number the day itself, both counted from `first_day`.
    """
    return {"today": today, "first_day": today - BEHIND, **_calendars_around(today, calendars)}


@lru_cache(maxsize=2)
def _calendars_around(today: date, calendars: WorkCalendars) -> dict[str, tuple[str, str, str]]:
    """Return for each place its name and two arrays of whole numbers as PostgreSQL reads them."""
    texts = [str(number) for number in range((BEHIND + _AHEAD).days)]
    days = [today - BEHIND + timedelta(days=number) for number in range(len(texts))]
    found = {}
    for calendar in calendars:
        works = calendar.which_working(days)
        numbers = ",".join(texts[number] for number in accumulate(map(int, works)))
        working_days = ",".join(compress(texts, works))
        found[calendar.place] = (calendar.place, f"{{{numbers}}}", f"{{{working_days}}}")
    return found


def _days_from(day: date, step: timedelta) -> Iterator[date]:
    while True:
        yield day
        day += step

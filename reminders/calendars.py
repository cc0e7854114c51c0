"""Working days of each state and federal territory: public holidays, weekends, and days that administrators added.

Holidays and weekends come from the library `holidays`, without a network; weekends differ between states, and have
moved (Johor, 2025). Days of the Islamic calendar that are not proclaimed yet are its estimates: an administrator adds
what is proclaimed otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

from holidays.countries.malaysia import Malaysia

from accounts.places import Place
from audit.clock import KUALA_LUMPUR
from reminders.hours import CLOSES, OPENS

_DAY = timedelta(days=1)


@lru_cache(maxsize=len(Place) * 8)
def _free_days(place: str, year: int) -> frozenset[date]:
    """The days of a year on which offices of the place are closed."""
    calendar = Malaysia(subdiv=place, years=year)
    first, days = date(year, 1, 1), (date(year + 1, 1, 1) - date(year, 1, 1)).days
    every = (first + timedelta(days=number) for number in range(days))
    return frozenset(day for day in every if not calendar.is_working_day(day))


class Calendar:
    """The working days of one place."""

    def __init__(self, place: str, days_off: frozenset[date] = frozenset()) -> None:
        self.place = place
        self._days_off = days_off

    def is_working(self, day: date) -> bool:
        """Whether offices are open on the day."""
        return day not in self._days_off and day not in _free_days(self.place, day.year)

    def next_working(self, day: date) -> date:
        """The first working day after a day."""
        return next(each for each in _days_from(day + _DAY, _DAY) if self.is_working(each))

    def last_working(self, day: date) -> date:
        """The day itself, or the last working day before it."""
        return next(each for each in _days_from(day, -_DAY) if self.is_working(each))

    def day_of_rung(self, due_on: date, rung: int) -> date:
        """The working day that lies so many working days from a date; rung 0 of a free day is the one before it."""
        if rung == 0:
            return self.last_working(due_on)
        step = _DAY if rung > 0 else -_DAY
        working = (each for each in _days_from(due_on + step, step) if self.is_working(each))
        return next(day for number, day in enumerate(working, start=1) if number == abs(rung))

    def is_open(self, instant: datetime) -> bool:
        """Whether mails may go out at an instant: on a working day, within the open hours of Kuala Lumpur."""
        local = instant.astimezone(KUALA_LUMPUR)
        return OPENS <= local.hour < CLOSES and self.is_working(local.date())


class Calendars:
    """The calendars of all places, with the days off that administrators added."""

    def __init__(self, days_off: Iterable[tuple[date, str]] = ()) -> None:
        """`days_off` are (day, place); an empty place means all."""
        added = self._added = frozenset(days_off)
        self._calendars = {
            place: Calendar(place, frozenset(day for day, where in added if where in ("", place)))
            for place in Place.values
        }

    @classmethod
    def read(cls) -> Calendars:
        """Those in force (one query)."""
        from reminders.models import DayOff

        return cls(DayOff.objects.standing().values_list("day", "place"))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendars) and self._added == other._added

    def __hash__(self) -> int:
        return hash(self._added)

    def __getitem__(self, place: str) -> Calendar:
        return self._calendars[place]

    def __iter__(self) -> Iterator[Calendar]:
        return iter(self._calendars.values())

    def open_at(self, instant: datetime) -> list[Calendar]:
        """The calendars of the places to which mails may go out at an instant."""
        return [calendar for calendar in self if calendar.is_open(instant)]


def _days_from(day: date, step: timedelta) -> Iterator[date]:
    while True:
        yield day
        day += step

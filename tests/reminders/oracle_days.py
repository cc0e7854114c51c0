"""The working days of the oracle: the library `holidays`, and the days off that were added."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

import holidays

from tests.reminders.records import World

DAY = timedelta(days=1)


@cache
def _library(place: str, year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("MY", subdiv=place, years=year)


@cache
def _is_in_library(place: str, day: date) -> bool:
    return _library(place, day.year).is_working_day(day)


def days_of(world: World) -> Days:
    """The working days of a world, kept as long as nobody adds a day off."""
    return _days(frozenset((place, day) for place, days in world.days_off.items() for day in days))


@cache
def _days(days_off: frozenset[tuple[str, date]]) -> Days:
    return Days(days_off)


class Days:
    """The working days of each place, with days off by place; those of the empty place hold everywhere."""

    def __init__(self, days_off: Iterable[tuple[str, date]] = ()) -> None:
        self._off = frozenset(days_off)
        self._known: dict[tuple[str, date, int], date] = {}
        #: The highest level of a rule reached by a day, kept: it is asked for again and again.
        self.highest: dict[tuple[object, ...], tuple[int, date] | None] = {}

    def is_working(self, place: str, day: date) -> bool:
        is_added = ("", day) in self._off or (place, day) in self._off
        return not is_added and _is_in_library(place, day)

    def next_after(self, place: str, day: date) -> date:
        return self.at_level(place, day, 1)

    def at_level(self, place: str, due_on: date, level: int) -> date:
        """The working day on which a level is reached."""
        key = (place, due_on, level)
        if key not in self._known:
            self._known[key] = self._walk(place, due_on, level)
        return self._known[key]

    def _walk(self, place: str, day: date, level: int) -> date:
        if level == 0:
            while not self.is_working(place, day):
                day -= DAY
            return day
        way = DAY if level > 0 else -DAY
        left = abs(level)
        while left:
            day += way
            left -= self.is_working(place, day)
        return day

"""Working days of each state and federal territory, without the days off that administrators add (`reminders`).

Weekends, public holidays and days in lieu come from the library `holidays`, without a network; weekends differ between
states and have changed (Johor, 2025). Days of the Islamic calendar that are not proclaimed yet are its estimates.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays

from accounts.regions import Place


@lru_cache(maxsize=len(Place) * 8)
def closed_days(place: str, year: int) -> frozenset[date]:
    """Return the days of a year on which offices of the place (a value of `Place`) are closed."""
    # Importing its class instead would load every country of the world at the start of each command.
    calendar = holidays.country_holidays("MY", subdiv=place, years=year)
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return frozenset(day for day in days if not calendar.is_working_day(day))


def is_working_day(day: date) -> bool:
    """Whether the secretariat works on the day: offices in Putrajaya are open. Kuala Lumpur has the same days."""
    return day not in closed_days(Place.PUTRAJAYA, day.year)


@lru_cache(maxsize=64)
def count_working_days(after: date, until: date) -> int:
    """Return how many working days of the secretariat follow a day, up to and with another; 0 if that is not later."""
    return sum(is_working_day(after + timedelta(days=ahead)) for ahead in range(1, (until - after).days + 1))

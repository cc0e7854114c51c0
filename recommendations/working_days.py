"""Working days of the secretariat: Monday to Friday, but for the public holidays of Putrajaya.

Federal holidays and those of the federal territories, with the days in lieu, from the library `holidays`, without a
network. Kuala Lumpur has the same. Days of the Islamic calendar that are not proclaimed yet are its estimates.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from holidays.countries.malaysia import Malaysia

_SATURDAY = 5


@lru_cache(maxsize=32)
def _holidays(year: int) -> frozenset[date]:
    return frozenset(Malaysia(subdiv="PJY", years=year))


def is_working_day(day: date) -> bool:
    """Whether offices in Putrajaya are open on the day."""
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


@lru_cache(maxsize=64)
def count_working_days(after: date, until: date) -> int:
    """How many working days follow a day, up to and with another; none where that is not later."""
    return sum(is_working_day(after + timedelta(days=ahead)) for ahead in range(1, (until - after).days + 1))

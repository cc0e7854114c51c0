"""The calendar around a day as parameters of the statement: working days are looked up by position, never joined."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any

from reminders.calendars import Calendars

#: How far the calendar reaches around a day. Rungs before a date reach `MOST_DAYS` working days; what has been due
#: for longer than this is reckoned from the farthest day.
BEHIND, AHEAD = timedelta(days=750), timedelta(days=200)


def day_parameters(today: date, *, calendars: Calendars) -> dict[str, Any]:
    """The day, and for each place the calendar around it: working days so far by day, and the day by that number."""
    return {"today": today, "first_day": today - BEHIND, **_calendars_around(today, calendars)}


@lru_cache(maxsize=2)
def _calendars_around(today: date, calendars: Calendars) -> dict[str, tuple[str, str, str]]:
    days = [today - BEHIND + timedelta(days=number) for number in range((BEHIND + AHEAD).days)]
    found = {}
    for calendar in calendars:
        works = [calendar.is_working(day) for day in days]
        numbers = ",".join(map(str, accumulate(map(int, works))))
        working_days = ",".join(str(day) for day, is_working in zip(days, works, strict=True) if is_working)
        found[calendar.place] = (calendar.place, f"{{{numbers}}}", f"{{{working_days}}}")
    return found

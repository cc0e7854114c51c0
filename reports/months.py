"""The calendar of what is made every month, in days of Kuala Lumpur."""

from __future__ import annotations

from datetime import date, timedelta

#: Days of the month that every month has.
FIRST_DAY, LAST_DAY = 1, 28


def end_of_month_before(day: date) -> date:
    """31 August for every day of September."""
    return day.replace(day=1) - timedelta(days=1)


def due_day(day_of_month: int, *, today: date, since: date) -> date | None:
    """The day of this month on which it was to be made, if that has come; none that lies before it was set up."""
    due = today.replace(day=day_of_month)
    return due if since <= due <= today else None


def next_day(day_of_month: int, *, today: date, since: date) -> date:
    """The next day after today on which it is to be made; today too, where it was not set up after today."""
    first = max(today, since)
    this_month = first.replace(day=day_of_month)
    if this_month >= first:
        return this_month
    return (first.replace(day=LAST_DAY) + timedelta(days=7)).replace(day=day_of_month)

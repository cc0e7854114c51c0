"""When monthly summaries are made, in days of Kuala Lumpur."""

from __future__ import annotations

from datetime import date, timedelta

#: The days that every month has.
FIRST_DAY, LAST_DAY = 1, 28


def end_of_month_before(day: date) -> date:
    """Return the last day of the month before: 31 August for every day of September."""
    return day.replace(day=1) - timedelta(days=1)


def due_day(day_of_month: int, *, today: date, since: date) -> date | None:
    """Return this month's day if it has come, and the schedule was set up (`since`) by then; else None."""
    due = today.replace(day=day_of_month)
    return due if since <= due <= today else None


def next_day(day_of_month: int, *, today: date, since: date) -> date:
    """Return the next day on which a report is made, today included; never before it was set up (`since`)."""
    first = max(today, since)
    this_month = first.replace(day=day_of_month)
    if this_month >= first:
        return this_month
    return (first.replace(day=LAST_DAY) + timedelta(days=7)).replace(day=day_of_month)

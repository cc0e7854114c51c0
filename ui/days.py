"""The day that a page is asked to show, and links to other days."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from ui import dates
from ui.query_state import QueryState
from ui.typed_days import day_or_none


def asked_day(text: str, *, today: date) -> tuple[date | None, str]:
    """Return the day that the address asks for (None for today), and a message if it cannot be shown."""
    if not text:
        return None, ""
    day = day_or_none(text)
    if day is None:
        return None, _("The date is not valid. Today is shown.")
    if day > today:
        return None, _("%(day)s is in the future. Today is shown.") % {"day": dates.day(day)}
    return (None, "") if day == today else (day, "")


def not_recorded(day: date) -> str:
    """Return the message that today is shown instead of a day before the cycle was recorded."""
    return _("Nothing was recorded in this cycle by %(day)s. Today is shown.") % {"day": dates.day(day)}


def day_query(day: date | None) -> str:
    """Return the query string that keeps to a past day: ?day=2031-08-31; nothing for today."""
    return f"?day={day.isoformat()}" if day else ""


def day_context(place: QueryState, *, day: date | None, today: date, first: date | None) -> dict[str, Any]:
    """Return the template variables of `overview/day.html`: the day (None for today), and links to others.

    `day_query` is what links to other pages add to keep to a past day. There is no link before `first`, the first recorded day.
    """
    on = day or today
    following = on + timedelta(days=1)
    return {
        "day": day,
        "shown_day": on,
        "today": today,
        "day_query": day_query(day),
        "day_fields": place.fields("day"),
        "previous_url": place.url(day=str(on - timedelta(days=1))) if first and first < on else "",
        "next_url": place.url(day=str(following) if following < today else "") if day else "",
        "today_url": place.url(day="") if day else "",
        "first_day": first,
    }

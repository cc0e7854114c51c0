"""Which day a page is asked to show."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from ui import dates


def asked_day(text: str, *, today: date) -> tuple[date | None, str]:
    """Return the day that the address asks for, or None for today, and why it cannot be shown where it cannot."""
    if not text:
        return None, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, _("The day was not understood. Today is shown.")
    if day > today:
        return None, _("%(day)s has not come yet. Today is shown.") % {"day": dates.day(day)}
    return (None, "") if day == today else (day, "")

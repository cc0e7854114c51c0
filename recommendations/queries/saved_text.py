"""The sentence that says when a draft was saved."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from audit import clock
from ui import dates


def saved_text(saved_at: datetime, *, today: date) -> str:
    """Return "Draft saved today, 10.42 am", or the day when it was an earlier one."""
    if clock.local_date(saved_at) == today:
        return _("Draft saved today, %(time)s") % {"time": dates.time_of_day(saved_at)}
    return _("Draft saved %(day)s") % {"day": dates.day_month(saved_at)}

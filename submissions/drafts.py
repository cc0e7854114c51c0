"""Drafts: how long a text they keep, and when somebody last saved one."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audit.clock import local_date
from audit.errors import BadValue
from ui import dates
from ui.numbers import number

#: What a draft keeps of a long paste until its writer shortens it. Bounded, because pages read, compare and examine it.
DRAFT_LENGTH = 20_000


def require_keepable(text: str, *, field: str = "narrative") -> None:
    """Raise `BadValue` for a text that is longer than a draft keeps."""
    if len(text) > DRAFT_LENGTH:
        raise BadValue(
            _(
                "This text has %(length)s characters, and a draft keeps up to %(most)s. It was not saved; it is kept on "
                "this page: shorten it, or attach the rest as a file."
            )
            % {"length": number(len(text)), "most": number(DRAFT_LENGTH)},
            field=field,
        )


def saved_text(saved_at: datetime, *, today: date) -> str:
    """Return "Draft saved today, 10.42 am", or the day when it was an earlier one."""
    if local_date(saved_at) == today:
        return gettext("Draft saved today, %(time)s") % {"time": dates.time_of_day(saved_at)}
    return gettext("Draft saved %(day)s") % {"day": dates.day_month(saved_at)}


def last_saved_text(saved_at: datetime, *, name: str, is_own: bool, today: date) -> str:
    """Return "Last saved by Aminah today, 10.42 am", or the day when it was an earlier one.

    `is_own`: the reader saved it, who is then called "you".
    """
    by = gettext("you") if is_own else name
    if local_date(saved_at) == today:
        words = {"name": by, "time": dates.time_of_day(saved_at)}
        return gettext("Last saved by %(name)s today, %(time)s") % words
    return gettext("Last saved by %(name)s on %(day)s") % {"name": by, "day": dates.day_month(saved_at)}

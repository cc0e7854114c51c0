"""Pace in words: 12 of 40. 28 left in 133 working days: 4 a month needed; the last 3 months gave 2 a month."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.numbers import amount
from indicators.pace import Pace
from recommendations.queries.window_clock import working_days
from ui import dates


def pace_text(pace: Pace) -> str:
    """Return the sentences of a pace, in the reader's language."""
    sentences = _summed(pace) if pace.is_summed else [_newest(pace)]
    return " ".join(sentences)


def _summed(pace: Pace) -> list[str]:
    if pace.is_over:
        words = _("Reached: %(done)s of %(number)s by %(day)s.")
        if not pace.is_reached:
            words = _("Missed: %(done)s of %(number)s by %(day)s.")
        found = [words % _values(pace)]
    elif pace.is_reached:
        found = [_("Reached: %(done)s of %(number)s.") % _values(pace)]
    else:
        found = [_("%(done)s of %(number)s.") % _values(pace), f"{_left(pace)}{_recent(pace)}."]
    return found + _missing(pace)


def _values(pace: Pace) -> dict[str, str]:
    done = amount(pace.done, pace.unit) if pace.done is not None else ""
    return {
        "done": done,
        "number": amount(pace.number, pace.unit),
        "left": amount(pace.left, pace.unit),
        "needed": amount(pace.needed, pace.unit) if pace.needed is not None else "",
        "average": amount(pace.average, pace.unit) if pace.average is not None else "",
        "working_days": working_days(pace.working_days_left),
        "day": dates.day(pace.due_on),
        "newest_day": dates.day(pace.newest_on),
    }


def _left(pace: Pace) -> str:
    """Return what is left and what each month must give, without the full stop."""
    if pace.day == pace.due_on:
        words = _("%(left)s left on the last day")
    elif pace.needed is None:
        words = _("%(left)s left in %(working_days)s")
    else:
        words = _("%(left)s left in %(working_days)s: %(needed)s a month needed")
    return words % _values(pace)


def _recent(pace: Pace) -> str:
    """Return what the newest months gave, to go on after a semicolon; empty without any."""
    if pace.average is None:
        return ""
    words = ngettext(
        "; the last month reported gave %(average)s",
        "; the last %(count)s months reported gave %(average)s a month",
        pace.recent_count,
    )
    return words % {**_values(pace), "count": pace.recent_count}


def _missing(pace: Pace) -> list[str]:
    if not pace.missing_count:
        return []
    words = ngettext(
        "%(count)s month that is over is not reported in full.",
        "%(count)s months that are over are not reported in full.",
        pace.missing_count,
    )
    return [words % {"count": pace.missing_count}]


def _newest(pace: Pace) -> str:
    """Return how the newest value stands beside the target; it is never summed."""
    if pace.done is None:
        return _("Nothing of this window was reported yet.")
    if pace.is_over:
        words = _("Missed: %(done)s on %(newest_day)s, below the target of %(number)s.")
        if pace.is_reached:
            words = _("Reached: %(done)s on %(newest_day)s, with a target of %(number)s.")
    else:
        words = _("%(done)s on %(newest_day)s, below the target of %(number)s.")
        if pace.is_reached:
            words = _("%(done)s on %(newest_day)s: the target of %(number)s is reached.")
    return words % _values(pace)

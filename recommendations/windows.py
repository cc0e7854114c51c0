"""Dates against the assessment window of a cycle."""

from datetime import date
from typing import Literal, Protocol

from django.utils.translation import gettext as _

#: "reversed" is only said of days that are still being typed.
WindowPlace = Literal["inside", "spanning", "before", "after", "reversed", ""]


class Window(Protocol):
    """What has a first and a last day, both inclusive."""

    @property
    def window_start(self) -> date: ...
    @property
    def window_end(self) -> date: ...


def window_label(start: date | None, end: date | None, window: Window) -> WindowPlace:
    """Return where the days from `start` to `end` (both inclusive; one may be missing) lie against the window."""
    first, last = start or end, end or start
    if first is None or last is None:
        return ""
    if last < window.window_start:
        return "before"
    if first > window.window_end:
        return "after"
    if first >= window.window_start and last <= window.window_end:
        return "inside"
    return "spanning"


#: A window is about a year; a much longer one is a typing error.
MAX_WINDOW_DAYS = 2 * 366


def date_problems(*, start: date, end: date, interim_on: date, submission_on: date) -> dict[str, str]:
    """Return, by field, which dates of a cycle contradict each other; empty when none do."""
    if end < start:
        words = {"start": start.isoformat(), "end": end.isoformat()}
        return {"window_end": _("The window ends (%(end)s) before it starts (%(start)s).") % words}
    found = {}
    if (end - start).days > MAX_WINDOW_DAYS:
        found["window_end"] = _("The window is longer than two years.")
    if not start <= interim_on <= end:
        found["interim_on"] = _("The interim date is outside the window.")
    if submission_on < start:
        found["submission_on"] = _("Information is due before the window starts.")
    return found

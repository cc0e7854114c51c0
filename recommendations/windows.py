"""Dates against the assessment window of a cycle."""

from datetime import date
from typing import Literal, Protocol

WindowPlace = Literal["inside", "spanning", "before", "after", ""]


class Window(Protocol):
    """What has a first and a last day, both inclusive."""

    window_start: date
    window_end: date


def window_label(start: date | None, end: date | None, window: Window) -> WindowPlace:
    """Say where the days from `start` to `end` (both inclusive; one may be missing) lie against the window."""
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

"""Which cycle a page is about, and in which phase each cycle is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ui import dates

if TYPE_CHECKING:
    from recommendations.models import Cycle


class Phase(StrEnum):
    """The phase of a cycle on a day."""

    UNOPENED = "unopened"
    PREPARATION = "preparation"
    RUNNING = "running"
    OVER = "over"
    CLOSED = "closed"


_PHASE_LABELS = {
    Phase.UNOPENED: gettext_lazy("Not opened yet"),
    Phase.PREPARATION: gettext_lazy("In preparation"),
    Phase.RUNNING: gettext_lazy("Running"),
    Phase.OVER: gettext_lazy("Window ended, cycle still open"),
    Phase.CLOSED: gettext_lazy("Closed"),
}


def phase_of(cycle: Cycle, today: date) -> Phase:
    """Closed once MAPO has closed it; before that, where today lies against the window (both ends count)."""
    if not cycle.is_opened:
        return Phase.UNOPENED
    if cycle.is_closed:
        return Phase.CLOSED
    if today < cycle.window_start:
        return Phase.PREPARATION
    return Phase.RUNNING if today <= cycle.window_end else Phase.OVER


def phase_label(phase: Phase) -> str:
    """The phase in words."""
    return str(_PHASE_LABELS[phase])


def usual_cycle(cycles: Sequence[Cycle], today: date) -> Cycle | None:
    """Return the cycle that pages are about when the address names none.

    It is the open one whose window holds today; else the open one that began last, else the next to begin, else the
    newest closed one, and one that is not opened yet where there is no other. So next year's, while it is prepared, never
    takes the place of the one that runs; nor does one that was loaded later with the same window.
    """
    is_open = [cycle for cycle in cycles if not cycle.is_closed]
    begun = [cycle for cycle in is_open if cycle.window_start <= today]
    running = [cycle for cycle in begun if today <= cycle.window_end]
    if begun:
        return max(running or begun, key=lambda cycle: (cycle.window_start, -cycle.pk))
    if is_open:
        return min(is_open, key=lambda cycle: (cycle.window_start, cycle.year))
    return max(cycles, key=lambda cycle: (cycle.is_opened, cycle.year), default=None)


def requested_cycle(text: str, cycles: Sequence[Cycle]) -> tuple[Cycle | None, str]:
    """Return the cycle of the year that the address asks for, and why there is none where there is none."""
    if not text:
        return None, ""
    named = next((cycle for cycle in cycles if str(cycle.year) == text), None)
    if named is not None:
        return named, ""
    if text.isascii() and text.isdecimal() and len(text) == len("2000"):
        return None, _("There is no %(year)s cycle.") % {"year": text}
    return None, _("The cycle in the address is not valid.")


def window_of(cycle: Cycle) -> str:
    """Return the first and the last day of the window, in words."""
    return dates.day_range(cycle.window_start, cycle.window_end)


def note_on(cycle: Cycle, today: date) -> str:
    """Return the note on top of every page of a cycle that is not opened, in preparation or closed; else nothing."""
    phase = phase_of(cycle, today)
    if phase is Phase.UNOPENED:
        note = _("The %(cycle)s is not open yet: only MAPO can see it, and nothing in it is due.")
        return note % {"cycle": cycle}
    if phase is Phase.CLOSED and cycle.closed_at is not None:
        words = {"cycle": cycle, "day": dates.day(cycle.closed_at)}
        return (
            _(
                "The %(cycle)s was closed on %(day)s. You can still read everything. Nothing can be changed, "
                "but MAPO can still decide on what was sent before."
            )
            % words
        )
    if phase is Phase.PREPARATION:
        words = {"cycle": cycle, "day": dates.day(cycle.window_start)}
        return _("The %(cycle)s is in preparation. Its window opens on %(day)s.") % words
    return ""

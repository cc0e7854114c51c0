"""What pages show of any cycle: its line in the list, and its settings in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef
from django.utils.translation import gettext as _

from accounts.models import User
from recommendations.models import Assignment, Cycle, Item, Update
from recommendations.queries.cycles import Phase, phase_label, phase_of, window_of
from recommendations.queries.sql import RowCount
from submissions.states import SubmissionState
from ui import dates

#: The tone and icon of each phase.
LOOKS = {
    Phase.UNOPENED: ("info", "eye-off"),
    Phase.PREPARATION: ("info", "pencil-ruler"),
    Phase.RUNNING: ("success", "play"),
    Phase.OVER: ("warning", "hourglass"),
    Phase.CLOSED: ("neutral", "lock"),
}
#: The languages of texts, by the ends of their columns.
LANGUAGES = {"ms": "Bahasa Melayu", "en": "English"}


def setting_label(name: str) -> str:
    """Return the label of a setting of a cycle; of a text, with its language."""
    labels = {
        "window_start": _("Window start"),
        "window_end": _("Window end"),
        "interim_on": _("Interim date"),
        "submission_on": _("Information due"),
        "cadence_days": _("Days between updates"),
        "due_soon_days": _("Due soon within"),
        "stale_after_days": _("Stale after"),
    }
    if name in labels:
        return labels[name]
    column, _line, code = name.rpartition("_")
    texts = {
        "tier_before": _("Tier of the year before"),
        "tier_after": _("Tier in this report"),
        "submission_source": _("Source of the date for information"),
    }
    return f"{texts[column]} ({LANGUAGES[code]})"


@dataclass(frozen=True)
class CycleLine:
    """One cycle in the list."""

    cycle: Any
    phase: Phase

    @property
    def phase_text(self) -> str:
        return phase_label(self.phase)

    @property
    def tone(self) -> str:
        return LOOKS[self.phase][0]

    @property
    def icon(self) -> str:
        return LOOKS[self.phase][1]

    @property
    def window_text(self) -> str:
        return window_of(self.cycle)


def cycle_lines(*, user: User, today: date) -> list[CycleLine]:
    """Return the cycles that a person may see, newest first, with their counts of items, assignments and waiting updates (one query)."""
    items = Item.objects.filter(cycle=OuterRef("pk")).order_by().values("pk")
    assignments = Assignment.objects.in_force().filter(item__cycle=OuterRef("pk")).order_by().values("pk")
    waiting = Update.objects.filter(assignment__item__cycle=OuterRef("pk"), state=SubmissionState.SUBMITTED)
    rows = (
        Cycle.objects.visible_to(user)
        .order_by("-year")
        .annotate(
            items_count=RowCount(items),
            assignments_count=RowCount(assignments),
            waiting_count=RowCount(waiting.order_by().values("pk")),
        )
    )
    return [CycleLine(cycle, phase_of(cycle, today)) for cycle in rows]


def shown_setting(value: date | int | str) -> str:
    """Return a setting in words: a date, a number of days, or a text."""
    if isinstance(value, str):
        return value or "–"
    return dates.days(value) if isinstance(value, int) else dates.day(value)

"""What the page where a summary is chosen offers: days that are often meant, and the export formats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from accounts.models import User
from recommendations.models import Cycle
from reports.permissions import formats_for
from reports.states import FORMATS, ExportFormat, FormatSpec
from reports.summary.selection import AskedSelection, Selection, default_day
from reports.summary.statement import guarantee
from ui.query_state import QueryState


@dataclass(frozen=True, slots=True)
class DayShortcut:
    """A day that is often meant."""

    label: str
    day: date
    url: str
    is_current: bool


def day_shortcuts(asked: AskedSelection, *, cycle: Cycle, today: date) -> list[DayShortcut]:
    """Return today, yesterday, the end of last month and the days of the cycle, as far as they can be chosen."""
    days = [
        (_("Today"), today),
        (_("Yesterday"), today - timedelta(days=1)),
        (_("End of last month"), today.replace(day=1) - timedelta(days=1)),
        (_("Interim date"), cycle.interim_on),
        (_("End of the window"), cycle.window_end),
    ]
    last = default_day(cycle, today=today)
    here = QueryState({name: value for name, value in asked.shown.items() if value})
    found: dict[date, DayShortcut] = {}
    for label, day in days:
        if cycle.window_start <= day <= last:
            is_current = asked.shown["day"] == day.isoformat()
            # Where two are the same day, the first label stays.
            found.setdefault(day, DayShortcut(label, day, here.url(day=day.isoformat()), is_current))
    return list(found.values())


def day_words(selection: Selection, *, today: date) -> str:
    """Return the sentence that says whether the chosen day can still change."""
    if selection.day < today:
        return guarantee(is_closed=True)
    return _("Today still moves: what is recorded later today changes the summary.")


def has_begun(cycle: Cycle, *, today: date) -> bool:
    """Return whether the cycle has any day that can be chosen."""
    return cycle.window_start <= default_day(cycle, today=today)


def format_choices(user: User, *, usual: bool) -> list[tuple[ExportFormat, FormatSpec]]:
    """Return the formats that a person may ask for: those that most people want, or the others."""
    choices = [(each, FORMATS[each]) for each in formats_for(user)]
    return [(each, spec) for each, spec in choices if spec.is_usual == usual]

"""What the page where a summary is chosen offers: days that are often meant, export formats, saved selections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.models import User
from recommendations.models import Cycle
from reports.models.saved_selection import SavedSelection
from reports.permissions import formats_for
from reports.states import FORMATS, ExportFormat, FormatSpec
from reports.summary.selection import NAMES, AskedSelection, Selection, asked_of, default_day
from reports.summary.statement import guarantee
from ui.query_state import QueryState

#: What is saved: neither the cycle nor the day, so that it opens on the page's cycle and the default day.
SAVED_NAMES = NAMES[2:]


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
    return _("Today is not over: what is recorded later today changes the summary.")


def format_choices(user: User) -> dict[str, list[tuple[ExportFormat, FormatSpec]]]:
    """Return the formats that a person may ask for: those of a meeting, those that most people want, the others."""
    choices = [(each, FORMATS[each]) for each in formats_for(user)]
    return {
        "meeting_formats": [(each, spec) for each, spec in choices if spec.asks_since],
        "usual_formats": [(each, spec) for each, spec in choices if spec.is_usual],
        "more_formats": [(each, spec) for each, spec in choices if not (spec.is_usual or spec.asks_since)],
    }


@dataclass(frozen=True, slots=True)
class SavedSelectionLink:
    """One saved selection; `sharer` is the colleague who owns it, empty for one's own."""

    selection_id: int
    name: str
    url: str
    sharer: str
    is_shared: bool
    is_current: bool


def saved_query(asked: Mapping[str, str]) -> str:
    """Return what is saved of a selection: its names and values in their order, without cycle and day."""
    values = asked_of(asked)
    return urlencode({name: values[name] for name in SAVED_NAMES if values[name]})


def saved_selections(user: User, *, shown: Mapping[str, str], cycle_query: str) -> list[SavedSelectionLink]:
    """Return one's own by name, then what colleagues share; `shown` is what the page shows now. One query."""
    here = saved_query(shown)
    rows = SavedSelection.objects.visible_to(user).select_related("user").order_by("name", "pk")
    found = [_link(row, user=user, here=here, cycle_query=cycle_query) for row in rows]
    return sorted(found, key=lambda link: bool(link.sharer))


def _link(row: SavedSelection, *, user: User, here: str, cycle_query: str) -> SavedSelectionLink:
    query = _with_rights_of(user, row.query)
    address = "&".join(filter(None, [cycle_query, query]))
    return SavedSelectionLink(
        selection_id=row.pk,
        name=row.name,
        url=f"{reverse('reports:choose')}?{address}",
        sharer="" if row.user_id == user.pk else row.user.name,
        is_shared=row.is_shared,
        is_current=query == here,
    )


def _with_rights_of(user: User, query: str) -> str:
    """Return a colleague's query, lowered to the reader's own class."""
    asked = dict(parse_qsl(query))
    ceiling = asked.get("ceiling", "")
    if ceiling.isdecimal() and int(ceiling) > user.clearance:
        asked["ceiling"] = str(int(Clearance(user.clearance)))
    return urlencode(asked)

"""What lies ahead of the reader in a cycle, and what MAPO decided last: from the state that the overview has read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from overview.queries.marks import MarkedState
from overview.queries.needs import listed_names
from recommendations.models import Cycle
from recommendations.queries.cycle_state import AgencyState, ItemRow
from recommendations.states import STATUS_ICONS, Status

#: Days ahead and decisions that stand beside the figures.
DAYS_SHOWN, DECISIONS_SHOWN = 5, 4


@dataclass(frozen=True, slots=True)
class DayAhead:
    """A day on which something is due, what it is, and of whom."""

    day: date
    words: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class LatestDecision:
    """A decision of MAPO that holds: on an item and an agency, or without an agency the state that it set itself."""

    row: ItemRow
    agency: AgencyState | None
    decided_at: datetime

    @property
    def status(self) -> str:
        return (self.agency or self.row.state).status

    @property
    def percent(self) -> int:
        return (self.agency or self.row.state).percent

    @property
    def icon(self) -> str:
        return STATUS_ICONS[self.status]

    @property
    def status_label(self) -> str:
        return str(Status(self.status).label)


def days_ahead(marked: MarkedState, *, cycle: Cycle, user: User) -> list[DayAhead]:
    """Return the next days on which updates are due that the reader may know of, and the next date of the cycle."""
    due: dict[date, list[tuple[ItemRow, AgencyState]]] = defaultdict(list)
    for row, agency in marked.state.pairs():
        is_readers = user.is_mapo or agency.agency_id == user.agency_id
        if is_readers and agency.owes_update and agency.next_due_on and agency.next_due_on >= marked.on:
            due[agency.next_due_on].append((row, agency))
    days = [_updates_due(day, pairs, user=user) for day, pairs in due.items()]
    days += [each for each in _dates_of(cycle) if each.day >= marked.on]
    return sorted(days, key=lambda each: each.day)[:DAYS_SHOWN]


def _updates_due(day: date, pairs: list[tuple[ItemRow, AgencyState]], *, user: User) -> DayAhead:
    words = ngettext("%(count)s update is due", "%(count)s updates are due", len(pairs))
    names = [agency.code if user.is_mapo else row.label for row, agency in pairs]
    return DayAhead(day, words % {"count": len(pairs)}, listed_names(dict.fromkeys(names)))


def _dates_of(cycle: Cycle) -> Iterator[DayAhead]:
    yield DayAhead(cycle.interim_on, _("Interim assessment"))
    yield DayAhead(cycle.submission_on, _("Information is due"))
    yield DayAhead(cycle.window_end, _("Last day of the window"))


def latest_decisions(marked: MarkedState) -> list[LatestDecision]:
    """Return the newest verdicts, and states that MAPO set itself, that hold, newest first."""
    decided: list[Any] = [
        (agency.decided_at, row, agency) for row, agency in marked.state.pairs() if agency.decided_at
    ]
    decided += [(row.state.override.set_at, row, None) for row in marked.state.items if row.state.override]
    newest = sorted(decided, key=lambda each: each[0], reverse=True)
    return [LatestDecision(row, agency, at) for at, row, agency in islice(newest, DECISIONS_SHOWN)]

"""The list of reports: one's own, those of colleagues, and for administrators those of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from accounts.models import Agency, User
from evidence.display import Badge
from reports.models.report import Report, ReportQuerySet
from reports.queries.signs import state_sign
from reports.states import ReportState
from reports.summary.selection import stored_selection
from reports.summary.statement import scope_words
from ui.query_state import read_text

#: The value of `whose` that keeps one's own.
_MINE = "mine"


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report of the list. `others`: those that its schedule made as at the same day for other readers."""

    report: Report
    sign: Badge
    words: str
    others: list[Report]


@dataclass(frozen=True)
class ReportsPage:
    """The list and its filters; `found` are newest first, `rows` the same with one for each schedule and day."""

    user: User
    found: ReportQuerySet
    state: str
    agency: str
    name: str
    whose: str

    @property
    def is_filtered(self) -> bool:
        return bool(self.state or self.agency or self.name or self.whose)

    @property
    def states(self) -> list[tuple[str, str]]:
        return [(state.value, str(state.label)) for state in ReportState]

    @property
    def has_colleagues(self) -> bool:
        """Whether the person shares summaries with colleagues; observers do not."""
        return not self.user.is_observer

    @property
    def owners(self) -> list[tuple[str, str]]:
        return [(_MINE, _("My own"))]

    @cached_property
    def agencies(self) -> list[tuple[str, str]]:
        """Codes and names, for administrators alone (one query)."""
        if not self.user.is_administrator:
            return []
        return [(agency.code, agency.code) for agency in Agency.objects.order_by("code")]

    @property
    def rows(self) -> ReportQuerySet:
        return self.found.one_of_each_month(self.user)

    def lines(self, rows: list[Report]) -> list[ReportRow]:
        """Return each report as the list shows it (one query, where a schedule made one)."""
        others = self._others(rows)
        return [
            ReportRow(
                row,
                state_sign(row),
                scope_words(stored_selection(row.query)),
                others.get((row.schedule_id, row.as_at), []),
            )
            for row in rows
        ]

    def _others(self, rows: list[Report]) -> dict[tuple[int | None, date], list[Report]]:
        """Return, by schedule and day, what was found beside these rows, by the name of its reader."""
        monthly = [row for row in rows if row.schedule_id]
        if not monthly:
            return {}
        same = self.found.filter(
            schedule__in={row.schedule_id for row in monthly}, as_at__in={row.as_at for row in monthly}
        )
        others: dict[tuple[int | None, date], list[Report]] = {}
        for row in same.exclude(pk__in=[row.pk for row in rows]).order_by("asked_by__name", "pk"):
            others.setdefault((row.schedule_id, row.as_at), []).append(row)
        return others


def read_made(query: Mapping[str, str], *, user: User) -> ReportsPage:
    """Return the reports that a person may know of, filtered as the address says; an unknown value filters nothing."""
    state = query.get("state", "") if query.get("state", "") in ReportState.values else ""
    whose = _MINE if query.get("whose", "") == _MINE else ""
    agency, name = ("", "")
    if user.is_administrator:
        agency, name = read_text(query, "agency"), " ".join(read_text(query, "name").split())
    people = ("asked_by__agency", "reader_agency", "cycle", "schedule", "laid_agenda__meeting")
    rows = Report.objects.visible_to(user).without_agendas().select_related(*people)
    rows = rows.of(user) if whose else rows
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(reader_agency__code=agency) if agency else rows
    rows = rows.filter(asked_by__name__icontains=name) if name else rows
    return ReportsPage(user, rows, state, agency, name, whose)

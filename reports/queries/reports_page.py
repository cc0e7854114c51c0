"""The list of reports: one's own, those of colleagues, and for administrators those of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from accounts.models import Agency, User
from evidence.display import Badge
from reports.models.report import Report, ReportQuerySet
from reports.queries.signs import state_sign
from reports.states import ReportState
from reports.summary.selection import stored_selection
from reports.summary.statement import selection_words

_NAME_LENGTH = 100
#: The value of `whose` that keeps one's own.
_MINE = "mine"


@dataclass(frozen=True)
class ReportsPage:
    """The list and its filters; `rows` are newest first."""

    user: User
    rows: ReportQuerySet
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

    def lines(self, rows: list[Report]) -> list[tuple[Report, Badge, str]]:
        """Return each report with the sign of its state and its selection in words."""
        return [(row, state_sign(row), selection_words(stored_selection(row.query))) for row in rows]


def read_made(query: Mapping[str, str], *, user: User) -> ReportsPage:
    """Return the reports that a person may know of, filtered as the address says; an unknown value filters nothing."""
    state = query.get("state", "") if query.get("state", "") in ReportState.values else ""
    whose = _MINE if query.get("whose", "") == _MINE else ""
    agency, name = ("", "")
    if user.is_administrator:
        agency = query.get("agency", "").replace("\0", "")[:_NAME_LENGTH]
        name = " ".join(query.get("name", "").replace("\0", "").split())[:_NAME_LENGTH]
    rows = Report.objects.visible_to(user).select_related(
        "asked_by__agency", "reader_agency", "cycle", "schedule"
    )
    rows = rows.of(user) if whose else rows
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(reader_agency__code=agency) if agency else rows
    rows = rows.filter(asked_by__name__icontains=name) if name else rows
    return ReportsPage(user, rows, state, agency, name, whose)

"""The table of items by agencies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from overview.queries.filters import OverviewFilters
from overview.queries.marks import Mark, MarkedState
from overview.queries.status_counts import count_words
from recommendations.queries.cycle_state import AgencyState, ItemRow
from recommendations.states import STATUS_KINDS, ItemKind, Status
from recommendations.status_icons import ICONS
from ui import components
from ui.numbers import percent as percent_text
from ui.query_state import QueryState


@dataclass(frozen=True, slots=True)
class MatrixGroup:
    """The items of one kind; each row is drawn in one piece."""

    label: str
    rows: list[SafeString]


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """One agency; its code leads to what it answers for. `is_own`: the reader's."""

    code: str
    name: str
    url: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """Items by agencies; `shown_count` of `total_count` items fit the filters."""

    columns: list[MatrixColumn]
    heads: SafeString
    groups: list[MatrixGroup]
    shown_count: int
    total_count: int


def matrix(marked: MarkedState, filters: OverviewFilters, *, place: QueryState, user: User) -> Matrix:
    """The table of those items that fit; a column for each agency that has a part in one of them.

    Where only one kind of mark is asked for, no other part is drawn: what is seen is what was asked for.
    """
    kept = [
        _narrowed(row, filters, marked) for row in marked.state.items if filters.keeps(row, marked=marked)
    ]
    agencies = _agencies(kept)
    words = CellWords(marked)
    groups = [
        MatrixGroup(_group_label(kind, kept), _rows(kept, kind, agencies, words)) for kind in STATUS_KINDS
    ]
    columns = [_column(agency, place=place, user=user) for agency in agencies]
    return Matrix(
        columns,
        components.heat_table_heads((each.code, each.name, each.url, each.is_own) for each in columns),
        [group for group in groups if group.rows],
        len(kept),
        len(marked.state.items),
    )


def _narrowed(row: ItemRow, filters: OverviewFilters, marked: MarkedState) -> ItemRow:
    if not filters.show:
        return row
    kept = tuple(agency for agency in row.agencies if filters.keeps_agency(agency, marked=marked))
    return replace(row, agencies=kept)


def _agencies(rows: Iterable[ItemRow]) -> list[AgencyState]:
    """One for each agency, in the order in which agencies were entered."""
    known = {agency.agency_id: agency for row in rows for agency in row.agencies}
    return [known[agency_id] for agency_id in sorted(known)]


def _column(agency: AgencyState, *, place: QueryState, user: User) -> MatrixColumn:
    is_own = user.is_agency_actor and user.agency_id == agency.agency_id
    return MatrixColumn(agency.code, agency.name, place.url("matrix", agency=agency.code), is_own)


def _group_label(kind: ItemKind, rows: Iterable[ItemRow]) -> str:
    count = sum(row.kind == kind for row in rows)
    return f"{count} {count_words(kind, count)}"


def _rows(
    rows: Iterable[ItemRow], kind: ItemKind, agencies: list[AgencyState], words: CellWords
) -> list[SafeString]:
    return [_row(row, agencies, words) for row in rows if row.kind == kind]


def _row(row: ItemRow, agencies: list[AgencyState], words: CellWords) -> SafeString:
    url = words.item_url.replace("/0/", f"/{row.item_id}/")
    mine = {agency.agency_id: _cell(agency, url, words) for agency in row.agencies}
    status = row.state.status
    return components.heat_table_row(
        row.number,
        row.text,
        url=url,
        state=components.state(ICONS[status], words.statuses[status], percent=row.state.percent),
        notes=_notes(row),
        cells=components.heat_table_cells((agency.code, mine.get(agency.agency_id)) for agency in agencies),
        reason=_reason(row),
    )


def _notes(row: ItemRow) -> Iterator[tuple[str, str]]:
    """Why the state is another than the lead's verdict: whom it waits for, or that MAPO has set it."""
    if row.state.held_by:
        yield "", _("Waits for %(agencies)s") % {"agencies": ", ".join(row.state.held_by)}
    if row.state.override:
        yield "stamp", _("Set by MAPO")


def _reason(row: ItemRow) -> str:
    """Why MAPO has set the state; nothing where it has not."""
    if not row.state.override:
        return ""
    return _("Set by MAPO: %(reason)s") % {"reason": row.state.override.reason}


def _cell(agency: AgencyState, url: str, words: CellWords) -> SafeString:
    return components.cell(
        ICONS[agency.status],
        words.of(agency),
        url=url,
        lead=agency.is_lead,
        dashed=agency.is_suggested,
        marks=() if agency.is_suggested else words.marked.of(agency),
    )


class CellWords:
    """All that a cell shows, in words: PDRM, lead agency: In progress 40%, awaiting MAPO, late.

    The words, and the address that cells lead to, are looked up once for all cells of a page.
    """

    def __init__(self, marked: MarkedState) -> None:
        self.marked = marked
        #: Looked up once, with 0 in the place of the item.
        self.item_url = reverse("recommendations:item", args=[0])
        self._roles = {True: pgettext("cell", "lead agency"), False: pgettext("cell", "supporting agency")}
        self.statuses = {status.value: str(status.label) for status in Status}
        self._suggested = _("%(agency)s, suggested as %(role)s")
        self._marks = {
            Mark.WAITING: pgettext("cell", "awaiting MAPO"),
            Mark.LATE: pgettext("cell", "late"),
            Mark.RETURNED: pgettext("cell", "returned and not sent again"),
            Mark.STALE: pgettext("cell", "stale"),
            Mark.DIFFERS: pgettext("cell", "the agency claimed %(claim)s"),
        }

    def of(self, agency: AgencyState) -> str:
        """The words of one cell."""
        role = self._roles[agency.is_lead]
        if agency.is_suggested:
            return self._suggested % {"agency": agency.code, "role": role}
        said = [f"{agency.code}, {role}: {self.state(agency.status, agency.percent)}"]
        return ", ".join(said + [self._mark(mark, agency) for mark in self.marked.of(agency)])

    def state(self, status: str, percent: int) -> str:
        """In progress 40%."""
        return f"{self.statuses[status]} {percent_text(percent)}"

    def _mark(self, mark: Mark, agency: AgencyState) -> str:
        words = self._marks[mark]
        if mark is Mark.DIFFERS and agency.claim:
            return words % {"claim": self.state(*agency.claim)}
        return words


def legend(marked: MarkedState) -> list[dict[str, Any]]:
    """The signs that the table may show to this reader, each drawn with its words."""
    signs: list[tuple[SafeString, str]] = [
        (components.cell(ICONS[status], ""), str(status.label)) for status in Status
    ]
    signs.append((components.cell("half", "", lead=True), _("Lead agency")))
    present = {mark for marks in marked.marks.values() for mark in marks}
    words = {
        Mark.WAITING: _("Awaiting MAPO"),
        Mark.LATE: _("Late"),
        Mark.RETURNED: _("Returned, not sent again"),
        Mark.STALE: _("Stale: nothing accepted for long"),
        Mark.DIFFERS: _("MAPO's verdict differs from the claim"),
    }
    signs += [
        (components.cell("", "", marks=(mark,)), label) for mark, label in words.items() if mark in present
    ]
    if Mark.SUGGESTED in present:
        signs.append((components.cell("", "", dashed=True), _("Suggested")))
    return [{"sign": sign, "label": label} for sign, label in signs]

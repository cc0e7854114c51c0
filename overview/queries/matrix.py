"""The table of items by agencies, drawn in one piece a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import User
from overview.queries.filters import LATE_FIRST, OverviewFilters
from overview.queries.marks import Mark, MarkedState, marks_for
from overview.queries.status_counts import count_words
from recommendations.queries.cycle_state import AgencyState, ItemRow
from recommendations.states import STATUS_ICONS, STATUS_KINDS, Status
from ui import components
from ui.addresses import address_of
from ui.numbers import percent as percent_text
from ui.query_state import QueryState

#: Number, text and state stand before the agencies.
_COLUMNS_BEFORE = 3


@dataclass(frozen=True, slots=True)
class MatrixGroup:
    """The items of one kind, each row as HTML."""

    label: str
    rows: list[SafeString]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Items by agencies, `width` columns in all; `shown_count` of `total_count` items fit the filters."""

    columns_count: int
    width: int
    heads: SafeString
    groups: list[MatrixGroup]
    shown_count: int
    total_count: int


def matrix(marked: MarkedState, filters: OverviewFilters, *, place: QueryState, user: User) -> Matrix:
    """Return the table of the items that fit, with a column for each agency that is assigned to one of them.

    If the filters ask for one mark, only assignments with it are drawn. With the order "late first", the items and the
    agencies that have late parts come first, the longest late at the head; each kind keeps its place.
    """
    kept = [
        _narrowed(row, filters, marked) for row in marked.state.items if filters.keeps(row, marked=marked)
    ]
    agencies = _agencies(kept)
    if filters.order == LATE_FIRST:
        kept, agencies = _late_first(kept, agencies, marked=marked)
    words = CellWords(marked, day=place.asked.get("day", ""))
    groups = []
    for kind in STATUS_KINDS:
        rows = [_row(row, agencies, words, chosen=filters.agency) for row in kept if row.kind == kind]
        groups.append(MatrixGroup(f"{len(rows)} {count_words(kind, len(rows))}", rows))
    own_id = user.agency_id if user.is_agency_actor else None
    return Matrix(
        len(agencies),
        _COLUMNS_BEFORE + len(agencies),
        components.heat_table_heads(
            (
                each.code,
                each.name,
                place.url("matrix", agency=each.code),
                each.agency_id == own_id,
                each.code == filters.agency,
            )
            for each in agencies
        ),
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
    """Return one state for each agency, in the order of their ids."""
    known = {agency.agency_id: agency for row in rows for agency in row.agencies}
    return [known[agency_id] for agency_id in sorted(known)]


def _late_first(
    rows: list[ItemRow], agencies: list[AgencyState], *, marked: MarkedState
) -> tuple[list[ItemRow], list[AgencyState]]:
    """Return items and agencies with those first that have been late for longest; the others keep their order."""
    since_by_item: dict[int, date] = {}
    since_by_agency: dict[int, date] = {}
    for row in rows:
        for agency in row.agencies:
            if agency.next_due_on and Mark.LATE in marked.of(agency):
                due_on = agency.next_due_on
                since_by_item[row.item_id] = min(due_on, since_by_item.get(row.item_id, due_on))
                since_by_agency[agency.agency_id] = min(due_on, since_by_agency.get(agency.agency_id, due_on))
    return (
        sorted(rows, key=lambda row: since_by_item.get(row.item_id, date.max)),
        sorted(agencies, key=lambda agency: since_by_agency.get(agency.agency_id, date.max)),
    )


def order_options(filters: OverviewFilters, *, place: QueryState, user: User) -> list[dict[str, Any]]:
    """Return the two orders of the table as links; none for who may not know what is late."""
    if Mark.LATE not in marks_for(user):
        return []
    orders = [("", _("By number")), (LATE_FIRST, _("Late first"))]
    return [
        {
            "label": label,
            "url": place.url("matrix", order=order),
            "is_current": filters.order == order,
            "lang": "",
        }
        for order, label in orders
    ]


def _row(row: ItemRow, agencies: list[AgencyState], words: CellWords, *, chosen: str) -> SafeString:
    url = words.item_url.replace("/0/", f"/{row.item_id}/")
    mine = {agency.agency_id: _cell(agency, url, words) for agency in row.agencies}
    status = row.state.status
    return components.heat_table_row(
        row.number,
        row.title,
        url=url,
        state=components.state(STATUS_ICONS[status], words.statuses[status], percent=row.state.percent),
        notes=_notes(row),
        cells=components.heat_table_cells(
            (mine.get(agency.agency_id), agency.code == chosen) for agency in agencies
        ),
        reason=_reason(row),
    )


def _notes(row: ItemRow) -> Iterator[tuple[str, str]]:
    """Return icon and words of why the state differs from the lead's verdict: it waits for agencies, or MAPO set it."""
    if row.state.held_by:
        yield "", _("Waits for %(agencies)s") % {"agencies": ", ".join(row.state.held_by)}
    if row.state.override:
        yield "stamp", row.state.override.mark
        yield "", row.state.beneath_words


def _reason(row: ItemRow) -> str:
    """Return why MAPO has set the state; empty if it has not."""
    if not row.state.override:
        return ""
    override = row.state.override
    return _("Set by %(who)s: %(reason)s") % {"who": override.setter, "reason": override.reason}


def _cell(agency: AgencyState, url: str, words: CellWords) -> SafeString:
    return components.cell(
        STATUS_ICONS[agency.status],
        words.of(agency),
        url=url,
        lead=agency.is_lead,
        dashed=agency.is_suggested,
        marks=() if agency.is_suggested else words.marked.of(agency),
    )


class CellWords:
    """The words of a cell: PDRM, lead agency: In progress 40%, awaiting MAPO, late.

    Words and the URL of items, which keeps to a past `day`, are looked up once for all cells of a page.
    """

    def __init__(self, marked: MarkedState, *, day: str = "") -> None:
        self.marked = marked
        #: Looked up once, with 0 in the place of the item.
        self.item_url = address_of("recommendations:item", 0) + (f"?day={day}" if day else "")
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
        """Return the words of one cell."""
        role = self._roles[agency.is_lead]
        if agency.is_suggested:
            return self._suggested % {"agency": agency.code, "role": role}
        said = [f"{agency.code}, {role}: {self.state(agency.status, agency.percent)}"]
        return ", ".join(said + [self._mark(mark, agency) for mark in self.marked.of(agency)])

    def state(self, status: str, percent: int) -> str:
        """Return a status and a percentage in words: In progress 40%."""
        return f"{self.statuses[status]} {percent_text(percent)}"

    def _mark(self, mark: Mark, agency: AgencyState) -> str:
        words = self._marks[mark]
        if mark is Mark.DIFFERS and agency.claim:
            return words % {"claim": self.state(*agency.claim)}
        return words


def legend(marked: MarkedState) -> list[dict[str, Any]]:
    """Return the signs that stand in the table for this reader, each drawn, with its words."""
    signs: list[tuple[SafeString, str]] = [
        (components.cell(STATUS_ICONS[status], ""), str(status.label)) for status in Status
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

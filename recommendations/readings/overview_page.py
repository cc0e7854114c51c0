"""The overview as a page shows it: counts, the table of items by agencies, and its filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from recommendations.readings.overview import AgencyState, CycleState, ItemRow
from recommendations.readings.signs import ICONS
from recommendations.states import Kind, Pillar, Status
from ui import pieces
from ui.numbers import percent as percent_text

#: The kinds that carry a state, in the order of the page.
KINDS = (Kind.RECOMMENDATION, Kind.WEAKNESS)


@dataclass(frozen=True)
class Filters:
    """What the address asks for; empty text asks for nothing."""

    kind: str = ""
    status: str = ""
    agency: str = ""
    pillar: str = ""
    text: str = ""
    show: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        """Read the query string."""
        names = ("kind", "status", "agency", "pillar", "text", "show")
        return cls(**{name: query.get(name, "").strip()[:200] for name in names})

    @property
    def is_set(self) -> bool:
        return any((self.kind, self.status, self.agency, self.pillar, self.text, self.show))

    def keeps(self, row: ItemRow, *, today: date) -> bool:
        """Whether the item fits all that is asked for."""
        return all(
            (
                self.kind in ("", row.kind),
                self.status in ("", row.state.status),
                self.pillar in ("", row.pillar),
                self._keeps_text(row),
                not (self.agency or self.show)
                or any(self._keeps_agency(each, today) for each in row.agencies),
            )
        )

    def _keeps_text(self, row: ItemRow) -> bool:
        wanted = self.text.casefold()
        return not wanted or any(wanted in text.casefold() for text in (row.text_ms, row.text_en, row.label))

    def _keeps_agency(self, agency: AgencyState, today: date) -> bool:
        shown = SHOWN[self.show](agency, today) if self.show in SHOWN else not self.show
        return shown and self.agency in ("", agency.code)


#: What the row of choices above the table narrows it to.
SHOWN: dict[str, Callable[[AgencyState, date], bool]] = {
    "waiting": lambda agency, today: agency.is_awaiting,
    "late": lambda agency, today: agency.is_overdue(today),
    "suggested": lambda agency, today: agency.is_suggested,
}


@dataclass(frozen=True, slots=True)
class KindCount:
    """One kind's items by state, as a bar and in words."""

    label: str
    total: int
    parts: list[dict[str, Any]]
    words: str
    waiting: int
    late: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One item of the table; `cells` are the table cells under the columns, drawn in one piece."""

    number: int
    text: str
    url: str
    icon: str
    status_label: str
    percent: int
    held_words: str
    cells: SafeString


@dataclass(frozen=True, slots=True)
class MatrixGroup:
    """The items of one kind."""

    label: str
    rows: list[MatrixRow]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Items by agencies; `shown_count` of `total_count` items fit the filters."""

    columns: list[AgencyState]
    groups: list[MatrixGroup]
    shown_count: int
    total_count: int


def counts(state: CycleState, *, today: date) -> list[KindCount]:
    """Recommendations and weaknesses, counted apart."""
    return [_count(state, kind, today=today) for kind in KINDS if state.of_kind(kind)]


def _count(state: CycleState, kind: Kind, *, today: date) -> KindCount:
    rows, by_status = state.of_kind(kind), state.count_states(kind)
    agencies = [agency for row in rows for agency in row.agencies]
    return KindCount(
        label=count_words(kind, len(rows)),
        total=len(rows),
        parts=_parts(by_status, len(rows)),
        words=", ".join(f"{status.label}: {by_status[status]}" for status in Status),
        waiting=sum(agency.is_awaiting for agency in agencies),
        late=sum(agency.is_overdue(today) for agency in agencies),
    )


def _parts(by_status: Mapping[str, int], total: int) -> list[dict[str, Any]]:
    parts, offset = [], 0.0
    for status in Status:
        share = 100 * by_status.get(status, 0) / total
        label = f"{status.label}: {by_status.get(status, 0)}"
        parts.append(
            {
                "state": ICONS[status],
                "count": by_status.get(status, 0),
                "percent": share,
                "offset_percent": offset,
                "label": label,
            }
        )
        offset += share
    return parts


def count_words(kind: str, count: int) -> str:
    """The word for so many items of a kind, without the number."""
    if kind == Kind.RECOMMENDATION:
        return ngettext("recommendation", "recommendations", count)
    return ngettext("weakness", "weaknesses", count)


def matrix(state: CycleState, filters: Filters, *, today: date) -> Matrix:
    """The table of those items that fit; a column for each agency that has a part in one of them."""
    kept = [row for row in state.items if filters.keeps(row, today=today)]
    columns = _columns(kept)
    words = CellWords(today)
    groups = [MatrixGroup(_group_label(kind, kept), _rows(kept, kind, columns, words)) for kind in KINDS]
    return Matrix(columns, [group for group in groups if group.rows], len(kept), len(state.items))


def _columns(rows: Iterable[ItemRow]) -> list[AgencyState]:
    """One for each agency, in the order in which agencies were entered."""
    known = {agency.agency_id: agency for row in rows for agency in row.agencies}
    return [known[agency_id] for agency_id in sorted(known)]


def _group_label(kind: Kind, rows: Iterable[ItemRow]) -> str:
    count = sum(row.kind == kind for row in rows)
    return f"{count} {count_words(kind, count)}"


def _rows(
    rows: Iterable[ItemRow], kind: Kind, columns: list[AgencyState], words: CellWords
) -> list[MatrixRow]:
    return [_matrix_row(row, columns, words) for row in rows if row.kind == kind]


def _matrix_row(row: ItemRow, columns: list[AgencyState], words: CellWords) -> MatrixRow:
    url = reverse("recommendations:item", args=[row.item_id])
    mine = {agency.agency_id: _cell(agency, url, words) for agency in row.agencies}
    return MatrixRow(
        number=row.number,
        text=row.text,
        url=url,
        icon=ICONS[row.state.status],
        status_label=str(Status(row.state.status).label),
        percent=row.state.percent,
        held_words=_held_words(row),
        cells=pieces.cells_of_row((column.code, mine.get(column.agency_id)) for column in columns),
    )


def _held_words(row: ItemRow) -> str:
    if not row.state.held_by:
        return ""
    return _("Waits for %(agencies)s") % {"agencies": ", ".join(row.state.held_by)}


def _cell(agency: AgencyState, url: str, words: CellWords) -> SafeString:
    return pieces.cell(
        ICONS[agency.status],
        words.of(agency),
        url=url,
        lead=agency.is_lead,
        waiting=agency.is_awaiting,
        late=agency.is_overdue(words.today),
        dashed=agency.is_suggested,
    )


class CellWords:
    """All that a cell shows, in words: PDRM, lead agency: In progress 40%, awaiting MAPO, late.

    The words are looked up once for all cells of a page.
    """

    def __init__(self, today: date) -> None:
        self.today = today
        self._roles = {True: pgettext("cell", "lead agency"), False: pgettext("cell", "supporting agency")}
        self._statuses = {status.value: str(status.label) for status in Status}
        self._awaiting, self._late = pgettext("cell", "awaiting MAPO"), pgettext("cell", "late")
        self._suggested = _("%(agency)s, suggested as %(role)s")

    def of(self, agency: AgencyState) -> str:
        """The words of one cell."""
        role = self._roles[agency.is_lead]
        if agency.is_suggested:
            return self._suggested % {"agency": agency.code, "role": role}
        text = f"{agency.code}, {role}: {self._statuses[agency.status]} {percent_text(agency.percent)}"
        if agency.is_awaiting:
            text += f", {self._awaiting}"
        return f"{text}, {self._late}" if agency.is_overdue(self.today) else text


def choices(state: CycleState, filters: Filters) -> list[dict[str, Any]]:
    """The selects of the filter form: name, label and options."""
    agencies = [(each.code, f"{each.code} · {each.name}") for each in _columns(state.items)]
    selects = [
        ("kind", _("Kind"), [(kind.value, str(kind.label)) for kind in KINDS]),
        ("status", _("Status"), [(value, str(label)) for value, label in Status.choices]),
        ("agency", _("Agency"), agencies),
        ("pillar", _("Pillar"), [(value, str(label)) for value, label in Pillar.choices]),
    ]
    return [
        {"name": name, "label": label, "options": pieces.options(options, getattr(filters, name))}
        for name, label, options in selects
    ]


def show_options(filters: Filters, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """The row of choices above the table, for MAPO; the other filters stay as they are."""
    words = {
        "": pgettext("items", "All"),
        "waiting": pgettext("items", "Waiting"),
        "late": pgettext("items", "Late"),
        "suggested": pgettext("items", "Suggested"),
    }
    rest = {name: value for name, value in query.items() if name != "show" and value}
    return [
        {
            "label": label,
            "url": f"?{urlencode({**rest, 'show': value} if value else rest)}#matrix",
            "is_current": filters.show == value,
            "lang": "",
        }
        for value, label in words.items()
    ]

"""A month of an agency as its form shows it: where it stands, its cells with notes, its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import F

from accounts.clearance import Clearance
from accounts.models import Agency, User
from accounts.roles import Role
from evidence.models import Document
from indicators.cells import MonthContent
from indicators.models import DimensionValue, FigureReport, Indicator
from indicators.months import last_day_of, month_problem
from indicators.queries.month_sheet import Cell, MonthSheet, SheetRow, read_month_sheet
from recommendations.errors import CYCLE_CLOSED
from recommendations.models import Cycle
from recommendations.queries.cited_files import file_of, file_row
from recommendations.queries.update_page import OFFERED_FILES
from ui import dates

if TYPE_CHECKING:
    from indicators.forms.month import MonthForm
    from indicators.queries.month_rules import MonthJudgement


#: The form has fewer fields than this beside its cells, with the documents that it cites.
_OTHER_FIELDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPlace:
    """An agency's month: the cycle in whose window it lies, its open report, its cells.

    `refusal` says why nothing can be reported of it; "" where it can. `is_above`: the report cites a document above the
    person's clearance, so they type figures, and read neither its explanation nor why MAPO returned any.
    """

    agency: Agency
    month: date
    cycle: Cycle | None
    report: FigureReport | None
    sheet: MonthSheet
    content: MonthContent
    refusal: str
    is_above: bool = False

    @property
    def revision(self) -> int:
        return self.report.revision if self.report else 0

    @property
    def needs_scripts(self) -> bool:
        """Whether there are more cells than a form can send as a field each."""
        return len(self.sheet.cells) + _OTHER_FIELDS > settings.DATA_UPLOAD_MAX_NUMBER_FIELDS

    @property
    def month_text(self) -> str:
        return dates.month_year(self.month)


def cycle_of_month(month: date) -> Cycle | None:
    """Return the cycle in whose window a month lies, an open one first."""
    within = Cycle.objects.opened().filter(window_start__lte=month, window_end__gte=last_day_of(month))
    return within.order_by(F("closed_at").asc(nulls_first=True), "-window_start", "pk").first()


def read_month(agency: Agency, month: date, *, today: date, clearance: int) -> MonthPlace:
    """Return a month of an agency as somebody of this clearance may see it.

    Seven queries at most, those of `read_month_sheet` for what stands beside cells, and one where documents are cited.
    """
    cycle = cycle_of_month(month)
    open_ones = FigureReport.objects.open().filter(agency=agency, cycle=cycle, month=month)
    report = open_ones.select_related("saved_by").first() if cycle else None
    if report is not None and cycle is not None:
        report.agency, report.cycle = agency, cycle
    sheet = read_month_sheet(agency, month, report=report)
    refusal = month_problem(cycle, month, today=today)
    if cycle is not None and cycle.is_closed:
        refusal = str(CYCLE_CLOSED)
    content = MonthContent.of(report) if report else MonthContent.accepted_of(sheet)
    return MonthPlace(
        agency=agency,
        month=month,
        cycle=cycle,
        report=report,
        sheet=sheet,
        content=content,
        refusal=refusal,
        is_above=_is_above(content, clearance),
    )


def _is_above(content: MonthContent, clearance: int) -> bool:
    """Whether a document that is cited is above a clearance; one query where any is."""
    cited = content.document_ids
    return bool(cited) and Document.objects.filter(pk__in=cited).above(clearance).exists()


def figure_senders(agency: Agency) -> list[str]:
    """Return the names of those who may send the agency's figures."""
    coordinators = User.objects.filter(agency=agency, role=Role.COORDINATOR, is_active=True)
    return list(coordinators.order_by("name").values_list("name", flat=True))


def evidence_rows(place: MonthPlace, *, user: User, document_ids: Iterable[Any], find: str) -> dict[str, Any]:
    """Return the cited documents as rows of the drop zone, and others of the agency that may be cited (two queries)."""
    assert place.cycle is not None
    wanted = [int(each) for each in document_ids if str(each).isascii() and str(each).isdecimal()]
    theirs = Document.objects.visible_to(user).of_agency(place.agency.pk)
    cited = theirs.filter(pk__in=[number for number in wanted if number < 2**63])
    others = theirs.citable().exclude(pk__in=[document.pk for document in cited])
    if find:
        others = others.named_like(find)
    cycle = place.cycle
    rows = [
        file_row(
            file_of(document, cycle),
            window="",
            following_ids=frozenset(),
            classification=Clearance.CONFIDENTIAL.value,
        )
        for document in cited
    ]
    return {
        "attached_rows": rows,
        "attached": list(cited),
        "offered": [file_of(document, cycle) for document in others[:OFFERED_FILES]],
    }


@dataclass(frozen=True, slots=True)
class ProofRow:
    """A file that is cited, the field that says of which figure it is the proof, and what is chosen there."""

    document_id: int
    name: str
    chosen: str

    @property
    def field(self) -> str:
        return f"proof-{self.document_id}"


def proof_rows(form: MonthForm, documents: Iterable[Document]) -> list[ProofRow]:
    """Return the rows in which each cited file is given to all figures or to one."""
    return [ProofRow(each.pk, each.display_name, form.proof_of(each.pk)) for each in documents]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCell:
    """A cell as the page shows it, with what is typed and everything that is said beside it."""

    cell: Cell
    text: str
    beside: list[tuple[str, str]]
    returned: str
    problems: list[str]
    notes: list[str]
    theirs: str | None

    @property
    def name(self) -> str:
        return self.cell.name

    @property
    def is_wrong(self) -> bool:
        return bool(self.problems)


@dataclass(frozen=True, slots=True)
class ShownRow:
    """An indicator with its cells as the page shows them."""

    indicator: Indicator
    cells: list[ShownCell | None]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """Indicators that are broken down alike; `heads` are what the columns behind the total are about."""

    name: str
    heads: list[DimensionValue]
    rows: list[ShownRow] = field(default_factory=list)


def shown_tables(
    place: MonthPlace, form: MonthForm, found: MonthJudgement, *, theirs: Mapping[str, str] | None = None
) -> list[ShownTable]:
    """Return the tables with what is typed; `theirs` is what somebody else saved meanwhile."""
    sheet, typed = place.sheet, form.typed_now()
    shown = {
        name: _shown(
            cell,
            typed.get(name, ""),
            found=found,
            theirs=theirs,
            returned="" if place.is_above else cell.returned,
        )
        for name, cell in sheet.cells.items()
    }

    def row(of: SheetRow) -> ShownRow:
        return ShownRow(of.indicator, [shown[cell.name] if cell else None for cell in of.cells])

    return [
        ShownTable(
            table.dimension.name if table.dimension else "", table.values, [row(each) for each in table.rows]
        )
        for table in sheet.tables
    ]


def _shown(
    cell: Cell,
    text: str,
    *,
    found: MonthJudgement,
    theirs: Mapping[str, str] | None,
    returned: str,
) -> ShownCell:
    name = cell.name
    problem = found.problems.get(name)
    said = (found.contradictions.get(name), found.revised.get(name), found.unusual.get(name))
    other = None if theirs is None or theirs.get(name, "") == text else theirs.get(name, "")
    return ShownCell(
        cell=cell,
        text=text,
        beside=cell.beside,
        returned=returned,
        problems=[problem] if problem else [],
        notes=[words for words in said if words],
        theirs=other,
    )

"""The sections of a council paper that is made of an agenda, as it was laid before the council.

Order, headings, rows and texts are those that were laid: what the secretary left out is not in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from meetings.queries.agenda import newest_rows
from meetings.states import DecisionOutcome, PointKind
from reports.writers.council import issues
from reports.writers.council.changes import MOST_DECISIONS, write_left_out
from reports.writers.council.draft import CouncilDraft, PaperSection, chosen
from reports.writers.council.earlier import still_open
from reports.writers.docx.document import Cell, DocxColumn, labelled_columns
from reports.writers.docx.text import NOTHING, plain
from reports.writers.wording import agenda as wording
from reports.writers.wording.decisions import counted_decisions
from reports.writers.wording.sentences import listed
from ui import dates
from ui.numbers import number

if TYPE_CHECKING:
    from meetings.queries.gathering import AgendaRow
    from meetings.queries.laid import LaidContent, LaidPoint
    from meetings.queries.turnaround import MonthOfDecisions

Rows = Sequence["AgendaRow"]


def agenda_sections(agenda: LaidContent, usual: Sequence[PaperSection]) -> tuple[PaperSection, ...]:
    """Return the sections of a paper: what it is about, the points as they were laid, all items, the decisions sought."""
    points = [
        PaperSection(f"point-{place}", partial(_write_point, point=point, months=agenda.months)).with_text(
            ms=point.text, en=point.text
        )
        for place, point in enumerate(agenda.points, start=1)
    ]
    asked = PaperSection("decisions", partial(_write_asked, points=agenda.points))
    return (
        *chosen(usual, ("purpose", "background")),
        *points,
        *chosen(usual, ("progress",)),
        asked,
    )


def _write_point(draft: CouncilDraft, *, point: LaidPoint, months: Sequence[MonthOfDecisions]) -> None:
    """Write the heading of a point and its rows."""
    draft.heading(point.heading)
    if point.all_rows:
        _WRITERS[point.kind](draft, point.all_rows)
    elif point.kind == PointKind.WAITING:
        draft.paragraph(_("Nothing is waiting for MAPO."))
    if point.kind == PointKind.WAITING and any(month.count for month in months):
        _write_months(draft, months)


def _write_earlier(draft: CouncilDraft, rows: Rows) -> None:
    late = sum(row.what == DecisionOutcome.LATE for row in rows)
    still = late + sum(row.what == DecisionOutcome.OPEN for row in rows)
    draft.paragraph(still_open(still, late), leads_in=True)
    translate = draft.translate
    columns = labelled_columns(translate, item=26, council_decision=70, agency=20, status=54)
    cells: list[list[Cell]] = [
        [
            translate(lambda row=row: row.label),
            [plain(row.text), plain(row.by)],
            plain(row.agency),
            translate(wording.outcome_words, row),
        ]
        for row in rows
    ]
    draft.builder.table(columns, cells, caption=translate(PointKind.EARLIER.label))


def _write_changed(draft: CouncilDraft, rows: Rows) -> None:
    words = {
        "since": dates.day(draft.content.selection.decisions_since),
        "until": dates.day(draft.content.selection.day),
        "kinds": listed(list(counted_decisions(row.what for row in rows))),
    }
    introduction = _("MAPO’s decisions after %(since)s and until %(until)s: %(kinds)s.")
    draft.paragraph(introduction % words, leads_in=True)
    translate = draft.translate
    columns = [
        *labelled_columns(translate, item=36, day=26, agency=19, decision=50),
        DocxColumn(39, translate(_("Before → after"))),
    ]
    # The newest, where there are too many to read.
    listed_rows = newest_rows(rows, most=MOST_DECISIONS)
    draft.builder.table(columns, _changed_rows(draft, listed_rows), caption=translate(_("Decisions by item")))
    write_left_out(draft, len(rows) - len(listed_rows))


def _changed_rows(draft: CouncilDraft, rows: Rows) -> Iterator[list[Cell]]:
    """Yield a row for each decision; the first of an item names it."""
    translate, named = draft.translate, 0
    for row in rows:
        change = [translate(wording.row_change, row)]
        if row.item_after is not None:
            change.append(translate(wording.item_change, row))
        yield [
            NOTHING if row.item_id == named else _item(draft, row),
            translate(dates.short_day, row.on),
            plain(row.agency or "MAPO", "Strong"),
            [translate(wording.decided_words, row), *([plain(row.text)] if row.text else [])],
            change,
        ]
        named = row.item_id


def _item(draft: CouncilDraft, row: AgendaRow) -> Cell:
    """Return the name of an item, and its short title below it."""
    translate = draft.translate
    return [translate(lambda: row.label, style="Strong"), translate(lambda: row.title)]


def _write_by_agency(draft: CouncilDraft, rows: Rows, *, kind: str) -> None:
    issues.write_agencies(draft, wording.cases_by_agency(draft.content, rows), kind)


def _write_cases(
    draft: CouncilDraft, rows: Rows, *, introduction: Promise, words: Callable[[str, Sequence[str]], str]
) -> None:
    draft.paragraph(issues.counted(introduction, rows), leads_in=True)
    for row in rows:
        draft.point(words(row.label, row.codes))


def _write_overridden(draft: CouncilDraft, rows: Rows) -> None:
    draft.paragraph(_("MAPO set these statuses itself:"), leads_in=True)
    translate = draft.translate
    columns = [
        DocxColumn(40, translate.label("item")),
        DocxColumn(55, translate.label("status")),
        DocxColumn(75, translate(_("Reason"))),
    ]
    cells = [[_item(draft, row), translate(wording.override_change, row), plain(row.text)] for row in rows]
    draft.builder.table(columns, cells, caption=translate(PointKind.OVERRIDDEN.label))


def _write_requests(draft: CouncilDraft, rows: Rows) -> None:
    draft.paragraph(_("Agencies ask for the following, which MAPO has not answered:"), leads_in=True)
    translate = draft.translate
    columns = [
        DocxColumn(20, translate.label("agency")),
        DocxColumn(40, translate.label("item")),
        DocxColumn(45, translate(_("Request"))),
        DocxColumn(65, translate(_("Reason"))),
    ]
    cells: list[list[Cell]] = [
        [
            plain(row.agency, "Strong"),
            _item(draft, row),
            translate(wording.request_words, row),
            plain(row.text),
        ]
        for row in rows
    ]
    draft.builder.table(columns, cells, caption=translate(PointKind.REQUESTS.label))


def _write_months(draft: CouncilDraft, months: Sequence[MonthOfDecisions]) -> None:
    """Write how long MAPO took to decide, month by month."""
    draft.paragraph(_("MAPO’s own turnaround, from submission to decision:"), leads_in=True)
    translate = draft.translate
    columns = [
        DocxColumn(60, translate(_("Month"))),
        DocxColumn(55, translate(_("Median of days")), is_figure=True),
        DocxColumn(55, translate(_("Decisions")), is_figure=True),
    ]
    cells: list[list[Cell]] = [
        [
            translate(lambda month=month: month.month_text),
            plain(month.median_text),
            plain(number(month.count)),
        ]
        for month in months
    ]
    draft.builder.table(columns, cells, caption=translate(_("MAPO’s own turnaround")))


#: How the rows of each kind of point are written; a point of the secretary's own has a text alone.
_WRITERS: dict[str, Callable[[CouncilDraft, Rows], None]] = {
    PointKind.EARLIER: _write_earlier,
    PointKind.CHANGED: _write_changed,
    PointKind.LATE: partial(_write_by_agency, kind="late"),
    PointKind.WAITING: partial(_write_by_agency, kind="waiting"),
    PointKind.NO_LEAD: partial(
        _write_cases, introduction=issues.WITHOUT_LEAD, words=issues.without_lead_words
    ),
    PointKind.REQUESTS: _write_requests,
    PointKind.RETURNED: partial(_write_by_agency, kind="returned"),
    PointKind.HELD_BACK: partial(_write_cases, introduction=issues.HELD_BACK, words=issues.held_back_words),
    PointKind.OVERRIDDEN: _write_overridden,
}


def _write_asked(draft: CouncilDraft, *, points: Sequence[LaidPoint]) -> None:
    """Write what the meeting is asked to decide on what was laid before it."""
    rows = {point.kind: point.all_rows for point in points}
    late, returned = rows.get(PointKind.LATE, ()), rows.get(PointKind.RETURNED, ())
    held_back, no_lead = rows.get(PointKind.HELD_BACK, ()), rows.get(PointKind.NO_LEAD, ())
    codes = [code for row in held_back for code in row.codes]
    issues.write_asked(
        draft,
        [
            (issues.SEND, [row.agency for row in late], []),
            (issues.CORRECT, [row.agency for row in returned], []),
            (issues.COMPLETE, codes, [row.label for row in held_back]),
            (issues.APPOINT, [], [row.label for row in no_lead]),
        ],
    )

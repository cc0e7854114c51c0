"""The points of an agenda in a council paper, as it was laid before the council; `issues` has those that are issues.

Order, headings, rows and texts are those that were laid: what the secretary left out is not in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from meetings.queries.agenda import newest_rows
from meetings.states import PointKind
from recommendations.outcomes import DecisionOutcome
from reports.writers.council.draft import CouncilDraft, DraftTable
from reports.writers.docx.document import Cell, DocxColumn, labelled_columns
from reports.writers.docx.text import plain
from reports.writers.wording import agenda as wording
from reports.writers.wording.decisions import (
    MOST_DECISIONS,
    counted_decisions,
    decider_words,
    left_out_words,
    only_decider,
)
from reports.writers.wording.sentences import listed
from reports.writers.wording.steps import still_open
from ui import dates
from ui.numbers import number

if TYPE_CHECKING:
    from meetings.queries.rows import AgendaRow
    from meetings.queries.turnaround import MonthOfDecisions

Rows = Sequence["AgendaRow"]


def _write_earlier(draft: CouncilDraft, rows: Rows) -> None:
    late = sum(row.what == DecisionOutcome.LATE for row in rows)
    still = late + sum(row.what == DecisionOutcome.OPEN for row in rows)
    translate = draft.translate
    columns = labelled_columns(translate, item=32, council_decision=65, agency=19, status=54)
    cells: list[list[Cell]] = [
        [
            translate(lambda row=row: row.label),
            [plain(row.text), plain(row.by)],
            plain(row.agency),
            translate(wording.outcome_words, row),
        ]
        for row in rows
    ]
    table = DraftTable(columns, cells, caption=translate(PointKind.EARLIER.label))
    draft.table(table, still_open(still, late))


def _write_changed(draft: CouncilDraft, rows: Rows) -> None:
    words = {
        "since": dates.day(draft.content.selection.decisions_since),
        "until": dates.day(draft.content.selection.day),
        "kinds": listed(list(counted_decisions(row.what for row in rows))),
    }
    introduction = _("MAPO’s decisions after %(since)s and until %(until)s: %(kinds)s.")
    translate = draft.translate
    columns = [
        *labelled_columns(translate, item=33, day=22, agency=17, decision=50),
        DocxColumn(48, translate(_("Before → after"))),
    ]
    who = only_decider(row.by for row in rows)
    # The newest, where there are too many to read.
    listed_rows = newest_rows(rows, most=MOST_DECISIONS)
    cells, caption = list(_changed_rows(draft, listed_rows, who)), translate(_("Decisions by item"))
    note = " ".join(filter(None, (decider_words(who), left_out_words(len(rows) - len(listed_rows)))))
    draft.table(DraftTable(columns, cells, caption=caption, note=note), introduction % words)


def _changed_rows(draft: CouncilDraft, rows: Rows, who: str) -> Iterator[list[Cell]]:
    """Yield a row for each decision, named by its item; the first also has its title. `who` decided all of them, and is named once."""
    translate, named = draft.translate, 0
    for row in rows:
        decided = row.what_label if who else wording.decided_words(row)
        change = [translate(wording.row_change, row)]
        if row.item_after is not None:
            change.append(translate(wording.item_change, row))
        yield [
            # Each row stands by itself: a table goes on on further pages.
            translate(lambda row=row: row.label) if row.item_id == named else _item(draft, row),
            translate(dates.short_day, row.on),
            plain(row.agency or "MAPO", "Strong"),
            [translate(decided), *([plain(row.text)] if row.text else [])],
            change,
        ]
        named = row.item_id


def _item(draft: CouncilDraft, row: AgendaRow) -> Cell:
    """Return the name of an item, and its short title below it."""
    translate = draft.translate
    return [translate(lambda: row.label, style="Strong"), translate(lambda: row.title)]


def _write_overridden(draft: CouncilDraft, rows: Rows) -> None:
    translate = draft.translate
    columns = [
        DocxColumn(40, translate.label("item")),
        DocxColumn(55, translate.label("status")),
        DocxColumn(75, translate(_("Reason"))),
    ]
    cells = [[_item(draft, row), translate(wording.override_change, row), plain(row.text)] for row in rows]
    table = DraftTable(columns, cells, caption=translate(PointKind.OVERRIDDEN.label))
    draft.table(table, _("MAPO set these statuses itself:"))


def _write_requests(draft: CouncilDraft, rows: Rows) -> None:
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
    table = DraftTable(columns, cells, caption=translate(PointKind.REQUESTS.label))
    draft.table(table, _("Agencies ask for the following, which MAPO has not answered:"))


def write_months(draft: CouncilDraft, months: Sequence[MonthOfDecisions]) -> None:
    """Write how long MAPO took to decide, month by month."""
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
    table = DraftTable(columns, cells, caption=translate(_("MAPO’s own turnaround")))
    draft.table(table, _("MAPO’s own turnaround, from submission to decision:"))


#: How the rows of the kinds of points that are no issues are written.
WRITERS: dict[str, Callable[[CouncilDraft, Rows], None]] = {
    PointKind.EARLIER: _write_earlier,
    PointKind.CHANGED: _write_changed,
    PointKind.REQUESTS: _write_requests,
    PointKind.OVERRIDDEN: _write_overridden,
}

"""The issues of a council paper and the decisions that follow from them, from the rows that a meeting gathers.

What is late, returned or waiting stands in tables by agency, the longest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from meetings.states import PointKind
from reports.writers.council.draft import DraftTable
from reports.writers.docx.document import Cell, DocxColumn, labelled_columns
from reports.writers.docx.overview import agency_table
from reports.writers.docx.text import plain
from reports.writers.wording import sentences
from reports.writers.wording.agenda import cases_by_agency, suggested_words
from reports.writers.wording.labels import LABELS
from ui import dates
from ui.number_words import count_words

if TYPE_CHECKING:
    from meetings.queries.rows import AgendaRow
    from reports.writers.council.draft import CouncilDraft

Rows = Sequence["AgendaRow"]

#: The introductions of the kinds of issues, with their number of cases.
_LATE = ngettext_lazy(
    "%(count)s update is late, from %(agencies)s:", "%(count)s updates are late, from %(agencies)s:", "number"
)
_RETURNED = ngettext_lazy(
    "%(count)s update of %(agencies)s was returned and has not been sent again:",
    "%(count)s updates of %(agencies)s were returned and have not been sent again:",
    "number",
)
_WAITING = ngettext_lazy(
    "%(count)s update of %(agencies)s awaits MAPO’s review:",
    "%(count)s updates of %(agencies)s await MAPO’s review:",
    "number",
)
_DIFFERING = ngettext_lazy(
    "MAPO’s verdict differs from what the agency reported in %(count)s case:",
    "MAPO’s verdict differs from what the agency reported in %(count)s cases:",
    "number",
)
_HELD_BACK = ngettext_lazy(
    "%(count)s item is held back by a supporting agency although its lead has completed:",
    "%(count)s items are held back by supporting agencies although their leads have completed:",
    "number",
)
_WITHOUT_LEAD = ngettext_lazy(
    "%(count)s item has no confirmed lead agency:",
    "%(count)s items have no confirmed lead agency:",
    "number",
)
_WITHOUT_ACTION = ngettext_lazy(
    "%(count)s item has a lead agency, but no action yet:",
    "%(count)s items have a lead agency, but no action yet:",
    "number",
)

#: The decision that follows from each kind of them.
_ASKED: dict[str, Promise] = {
    PointKind.LATE: gettext_lazy("direct %(agencies)s to send the updates that are late, by [date];"),
    PointKind.RETURNED: gettext_lazy(
        "direct %(agencies)s to correct the updates that were returned and to send them again, by [date];"
    ),
    PointKind.HELD_BACK: gettext_lazy("direct %(agencies)s to complete their parts of %(items)s, by [date];"),
    PointKind.NO_LEAD: gettext_lazy("appoint a lead agency for %(items)s;"),
    PointKind.NO_ACTION: gettext_lazy(
        "direct %(agencies)s to submit a plan of action for %(items)s, by [date];"
    ),
    PointKind.CONTRADICTS: gettext_lazy(
        "direct %(agencies)s to explain the contradictions in their figures, by [date];"
    ),
}

#: The kinds of issues, in their usual order.
ISSUES = (
    PointKind.LATE,
    PointKind.RETURNED,
    PointKind.WAITING,
    PointKind.DIFFERING,
    PointKind.HELD_BACK,
    PointKind.NO_LEAD,
    PointKind.NO_ACTION,
    PointKind.CONTRADICTS,
)


def write_issues(
    draft: CouncilDraft, *, names: Sequence[str] = ISSUES, texts: Mapping[str, str] | None = None
) -> None:
    """Write a numbered paragraph for each kind of issue, in the order of the names, with its cases below it.

    `texts` are what the secretariat wrote to a kind, by its name: they stand below its cases.
    """
    texts, issues = texts or {}, draft.content.issues
    draft.heading(_("Issues"))
    if not any(issues[name] or name in texts for name in names):
        draft.paragraph(_("No issue follows from what had been recorded by that day."))
    for name in names:
        if issues[name]:
            WRITERS[name](draft, issues[name])
        if name in texts:
            draft.typed(texts[name])


#: The introduction and the column of items of what is late, returned or waiting.
_AGENCY_TABLES: dict[str, tuple[Promise, Promise | str]] = {
    PointKind.LATE: (_LATE, LABELS["late_items"]),
    PointKind.RETURNED: (_RETURNED, gettext_lazy("Items (days since return)")),
    PointKind.WAITING: (_WAITING, gettext_lazy("Items (days waiting)")),
}


def _write_by_agency(draft: CouncilDraft, rows: Rows, *, kind: str) -> None:
    """Write a table with a line for each agency, the longest first: its items, their number, and its longest days."""
    agencies = cases_by_agency(draft.content, rows)
    introduction, head = _AGENCY_TABLES[kind]
    of_agencies = ngettext("%(count)s agency", "%(count)s agencies", len(agencies))
    words = {
        "number": len(rows),
        "count": count_words(len(rows)),
        "agencies": of_agencies % {"count": count_words(len(agencies))},
    }
    items = draft.translate(head)
    columns, cells = agency_table(draft.translate, agencies, items)
    told = DraftTable(columns, cells, caption=items, title=str(PointKind(kind).label))
    draft.table(told, capfirst(str(introduction % words)))


def _write_differing(draft: CouncilDraft, rows: Rows) -> None:
    """Write what agencies reported beside what MAPO decided."""
    translate = draft.translate
    columns = [
        *labelled_columns(translate, agency=30, item=40),
        DocxColumn(50, translate(_("Reported by the agency"))),
        DocxColumn(50, translate(_("MAPO’s verdict"))),
    ]
    cells: list[list[Cell]] = [
        [
            plain(row.agency, "Strong"),
            translate(lambda row=row: row.label),
            translate(sentences.verdict_words, row.status_before, row.percent_before),
            translate(sentences.verdict_words, row.status, row.percent),
        ]
        for row in rows
    ]
    caption = translate(_("Reports and verdicts that differ"))
    draft.table(DraftTable(columns, cells, caption=caption), counted(_DIFFERING, rows))


def counted(introduction: Promise, cases: Sequence[object]) -> str:
    return capfirst(str(introduction % {"number": len(cases), "count": count_words(len(cases))}))


def _write_held_back(draft: CouncilDraft, rows: Rows) -> None:
    draft.paragraph(counted(_HELD_BACK, rows), leads_in=True)
    for row in rows:
        words = {"item": row.label, "agencies": sentences.listed(row.codes)}
        draft.point(_("%(item)s waits for %(agencies)s.") % words)


def _write_without_lead(draft: CouncilDraft, rows: Rows) -> None:
    draft.paragraph(counted(_WITHOUT_LEAD, rows), leads_in=True)
    for row in rows:
        draft.point(suggested_words(row))


def _write_without_action(draft: CouncilDraft, rows: Rows) -> None:
    """Write a point for each lead agency, with the items on which nothing has been done."""
    draft.paragraph(counted(_WITHOUT_ACTION, rows), leads_in=True)
    by_lead: dict[str, list[str]] = {}
    for row in rows:
        by_lead.setdefault(row.agency, []).append(row.label)
    for lead, labels in by_lead.items():
        draft.point(f"{lead}: {sentences.listed(labels)}.")


def _write_contradictions(draft: CouncilDraft, rows: Rows) -> None:
    """Write what contradicts in the figures: what was found, whose figures these are, and MAPO's explanation."""
    translate, explained = draft.translate, sum(bool(row.text) for row in rows)
    words = ngettext(
        "%(count)s contradiction was found in the figures; %(explained)s.",
        "%(count)s contradictions were found in the figures; %(explained)s.",
        len(rows),
    )
    told = ngettext("%(count)s has been explained", "%(count)s have been explained", explained)
    cells: list[list[Cell]] = [
        [
            [translate(lambda row=row: row.title), translate(lambda row=row: row.about)],
            plain(", ".join(row.codes) or "–"),
            plain(row.text) if row.text else translate(_("Not explained yet.")),
        ]
        for row in rows
    ]
    caption = translate.label("contradictions")
    table = DraftTable(
        labelled_columns(translate, found=80, agency=30, explanation=60), cells, caption=caption
    )
    counts = {
        "count": count_words(len(rows)),
        "explained": told % {"count": count_words(explained)} if explained else _("none has been explained"),
    }
    draft.table(table, capfirst(words % counts))


#: How each kind of issue is written.
WRITERS: dict[str, Callable[[CouncilDraft, Rows], None]] = {
    PointKind.LATE: partial(_write_by_agency, kind=PointKind.LATE),
    PointKind.RETURNED: partial(_write_by_agency, kind=PointKind.RETURNED),
    PointKind.WAITING: partial(_write_by_agency, kind=PointKind.WAITING),
    PointKind.DIFFERING: _write_differing,
    PointKind.HELD_BACK: _write_held_back,
    PointKind.NO_LEAD: _write_without_lead,
    PointKind.NO_ACTION: _write_without_action,
    PointKind.CONTRADICTS: _write_contradictions,
}


def write_asked(draft: CouncilDraft, rows: Mapping[str, Rows], *, more: Sequence[str] = ()) -> None:
    """Write what the meeting is asked to note, each decision that follows from the rows of a kind of point, and `more`."""
    draft.heading(_("Decisions sought"))
    draft.paragraph(_("The Meeting is asked to:"), leads_in=True)
    noted = {
        "items": sentences.all_items(draft.content.totals, count_words),
        "day": dates.day(draft.content.selection.day),
    }
    points = [_("note the progress on %(items)s as at %(day)s;") % noted]
    for kind, words in _ASKED.items():
        asked = [row for row in rows.get(kind, ()) if kind != PointKind.CONTRADICTS or not row.text]
        agencies, labels = _agencies_of(asked), [row.label for row in asked if row.label]
        if agencies or labels:
            named = {"agencies": sentences.listed(agencies), "items": sentences.listed(labels)}
            points.append(str(words) % named)
    *points, last = [*points, *more]
    for point in points:
        draft.point(point)
    draft.point(f"{last.rstrip(';.')}.")


def _agencies_of(rows: Iterable[AgendaRow]) -> list[str]:
    """Return the codes of the agencies that rows name, row by row: those listed in it, else its own."""
    return [code for row in rows for code in (row.codes or (row.agency,)) if code]


def write_decisions(draft: CouncilDraft) -> None:
    """Write what the meeting is asked to note, to direct and to appoint; the last point is the secretariat's own."""
    write_asked(
        draft,
        draft.content.issues,
        more=[_("[Secretariat: any other decision that is asked, or remove this line].")],
    )

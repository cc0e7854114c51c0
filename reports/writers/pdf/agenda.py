"""The sections of a meeting sheet that is made of an agenda, as it was laid before the council."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from meetings.queries.agenda import ranks_by_day
from meetings.states import PointKind
from recommendations.queries.decisions import DecidedStatus, DecisionKind
from recommendations.states import item_key
from reports.writers.pdf.parts import PdfContext, TypstData, agency_rows
from reports.writers.pdf.typst_data import TypedText
from reports.writers.wording import agenda as wording
from reports.writers.wording.decisions import summed_decisions
from reports.writers.wording.labels import LABELS
from reports.writers.wording.sentences import override_words
from reports.writers.wording.statuses import status_words
from ui import dates

if TYPE_CHECKING:
    from datetime import date

    from meetings.queries.laid import LaidContent, LaidPoint
    from meetings.queries.rows import AgendaRow
    from reports.summary.rows import ReportedItem

Rows = Sequence["AgendaRow"]
#: Labels that are others where an agenda is behind the sheet.
AGENDA_LABELS = {
    "more": gettext_lazy("and {count} more: see the council paper"),
    "text": pgettext_lazy("column", "Decided by, and the reason"),
    "each_decision": gettext_lazy("Each decision, with its reason, is in the council paper."),
    "text_cut": gettext_lazy("This text goes on: see the council paper."),
}
#: So many characters of all texts of the secretary's have room beside the rows; each has its share, and at least some.
_ALL_TEXTS, _LEAST_TEXT = 2_400, 160


def agenda_sections(context: PdfContext, agenda: LaidContent, *, most_rows: int) -> list[TypstData]:
    """Return a section for each point in the order in which they were laid; of each as many rows as are asked for."""
    share = max(_LEAST_TEXT, _ALL_TEXTS // max(1, sum(bool(point.text) for point in agenda.points)))
    return [
        {"name": f"point-{place}", "added": _added(point.text, share), "is_cut": len(point.text) > share}
        | _section(context, agenda, point, most_rows=most_rows)
        for place, point in enumerate(agenda.points, start=1)
    ]


def _added(text: str, share: int) -> TypedText | list[str]:
    """Return a text of the secretary's, or its beginning, below which the sheet says that the council paper has it whole."""
    if not text:
        return []
    return TypedText(text if len(text) <= share else text[:share].rstrip() + " …")


def _section(context: PdfContext, agenda: LaidContent, point: LaidPoint, *, most_rows: int) -> TypstData:
    """Return a section with the rank of each of its rows: where not all fit, the first ranks stay."""
    texts = context.translate.texts
    layout, make_rows = _LAYOUTS.get(point.kind, ("listed", _no_rows))
    rows = list(make_rows(context, point.all_rows))
    decided = [(row.item_kind, row.number, row.what) for row in point.all_rows]
    ranks = ranks_by_day(point.all_rows) if layout == "decided" else range(len(rows))
    ranked = [{"rank": rank} | row for rank, row in zip(ranks, rows, strict=True)]
    is_waiting = point.kind == PointKind.WAITING
    told = texts(wording.turnaround_words, agenda.months) if is_waiting else []
    return {
        "layout": layout,
        "title": texts(lambda: point.heading),
        "heads": [texts(head) for head in _HEADS.get(point.kind, ())],
        "nothing": texts(lambda: _("Nothing is waiting for MAPO.")) if is_waiting else [],
        "note": told if all(told) else [],
        "rows": [row for row in ranked if row["rank"] < most_rows],
        "summed": [{"rank": 0, "told": texts(summed_decisions, decided)}] if layout == "decided" else [],
        "count": len(rows),
    }


def _no_rows(_context: PdfContext, _rows: Rows) -> Iterator[TypstData]:
    yield from ()


def _item(context: PdfContext, row: AgendaRow) -> TypstData:
    return {
        "item": context.translate.texts(lambda: row.label),
        "line": context.translate.texts(lambda: row.title),
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _earlier(context: PdfContext, rows: Rows) -> Iterator[TypstData]:
    for row in rows:
        state = context.translate.texts(wording.outcome_words, row)
        yield {"agency": row.agency, "text": [_one_line(row.text)], "state": state} | _item(context, row)


def _late(context: PdfContext, rows: Rows) -> Iterator[TypstData]:
    return agency_rows(context, wording.cases_by_agency(context.content, rows))


def _waiting(context: PdfContext, rows: Rows) -> Iterator[TypstData]:
    for row in rows:
        days = context.translate.texts(dates.days, row.days)
        yield {"agency": row.agency, "day": context.day(row.on), "days": days} | _item(context, row)


def _changed(context: PdfContext, rows: Rows) -> Iterator[TypstData]:
    translate, overridden = context.translate, _told_as_overridden(context.content.agenda)
    for row in rows:
        # Why MAPO set a status is told once, where all such items stand.
        is_told = row.what == DecisionKind.SET and (row.item_id, row.on) in overridden
        told = ": ".join(part for part in (row.by, "" if is_told else _one_line(row.text)) if part)
        item = context.items[item_key(row.item_kind, row.number)]
        yield {
            "item": item["name"],
            "title": item["line"],
            "item_change": translate.texts(wording.item_change, row) if row.item_after else [],
            "day": context.day(row.on),
            "agency": row.agency or "MAPO",
            "what": translate.texts(lambda row=row: row.what_label),
            "change": translate.texts(wording.row_change, row),
            "text": [told] if told else [],
        }


def _told_as_overridden(agenda: LaidContent | None) -> set[tuple[int, date | None]]:
    """Return item and day of each status that MAPO set, of those on the agenda's point of them."""
    points = agenda.points if agenda else ()
    rows = (row for point in points if point.kind == PointKind.OVERRIDDEN for row in point.all_rows)
    return {(row.item_id, row.on) for row in rows}


def _suggested(context: PdfContext, rows: Rows) -> Iterator[TypstData]:
    for row in rows:
        yield {"told": context.translate.texts(lambda row=row: row.suggestions or "–")} | _item(context, row)


def _held_back(context: PdfContext, rows: Rows) -> Iterator[TypstData]:
    for row in rows:
        yield {"told": [", ".join(row.codes)]} | _item(context, row)


def _without_action(context: PdfContext, rows: Rows) -> Iterator[TypstData]:
    """Yield one sentence: each lead agency with its items."""
    if rows:
        yield {"told": context.translate.texts(wording.without_action_words, rows)}


def _differing(context: PdfContext, rows: Rows) -> Iterator[TypstData]:
    for row in rows:
        told = context.translate.texts(wording.differing_words, row)
        yield {"told": [f"{row.agency}: {each}" for each in told]} | _item(context, row)


def _contradictions(context: PdfContext, rows: Rows) -> Iterator[TypstData]:
    """Yield one sentence: how much contradicts in the figures of which agencies."""
    if rows:
        yield {"told": context.translate.texts(wording.contradicting_words, rows)}


def _requests(context: PdfContext, rows: Rows) -> Iterator[TypstData]:
    for row in rows:
        words = [f"{each}." for each in context.translate.texts(wording.request_words, row)]
        yield {"told": _with_reason(f"{row.agency}: ", words, row.text)} | _item(context, row)


def _overridden(context: PdfContext, rows: Rows) -> Iterator[TypstData]:
    """Yield each status that MAPO set, with who set it, when and why: nowhere else on the sheet is it told."""
    for row in rows:
        item = context.content.by_key[item_key(row.item_kind, row.number)]
        words = context.translate.texts(_override_words, row, item)
        yield {"told": _with_reason("", words, row.text)} | _item(context, row)


def _override_words(row: AgendaRow, item: ReportedItem) -> str:
    override = item.state.override
    if override is None:
        return wording.override_change(row)
    verdict = status_words(DecidedStatus(row.status, row.percent))
    return f"{verdict}. {override_words(override, item.state.beneath)}"


def _with_reason(before: str, words: list[str], reason: str) -> list[str]:
    return [f"{before}{each} {_one_line(reason)}".strip() for each in words]


#: The table of each kind of point, and what makes its rows.
_LAYOUTS: dict[str, tuple[str, Callable[[PdfContext, Rows], Iterator[TypstData]]]] = {
    PointKind.EARLIER: ("earlier", _earlier),
    PointKind.CHANGED: ("decided", _changed),
    PointKind.LATE: ("late", _late),
    PointKind.WAITING: ("waiting", _waiting),
    PointKind.RETURNED: ("waiting", _waiting),
    PointKind.NO_LEAD: ("listed", _suggested),
    PointKind.NO_ACTION: ("said", _without_action),
    PointKind.HELD_BACK: ("listed", _held_back),
    PointKind.DIFFERING: ("listed", _differing),
    PointKind.CONTRADICTS: ("said", _contradictions),
    PointKind.REQUESTS: ("listed", _requests),
    PointKind.OVERRIDDEN: ("listed", _overridden),
}
#: The heads of the last columns, where the table of a kind does not say them by itself.
_HEADS: dict[str, tuple[Callable[[], str], ...]] = {
    PointKind.WAITING: (lambda: str(LABELS["since"]), lambda: str(LABELS["waits_for"])),
    PointKind.RETURNED: (lambda: str(LABELS["returned_on"]), lambda: str(LABELS["returned_ago"])),
    PointKind.NO_LEAD: (lambda: _("Suggested"),),
    PointKind.HELD_BACK: (lambda: _("Held back by"),),
    PointKind.DIFFERING: (lambda: _("Reported by the agency, and MAPO’s verdict"),),
    PointKind.REQUESTS: (lambda: _("Request"),),
    PointKind.OVERRIDDEN: (lambda: str(LABELS["status"]),),
}

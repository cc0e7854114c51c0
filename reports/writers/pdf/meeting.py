"""The meeting sheet: two printed pages for whoever chairs, about what is late, what waits, and what was decided.

Where there is more than the two pages hold, the sheet says how much it leaves out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from heapq import nlargest
from itertools import count
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from audit.clock import end_of_day
from recommendations.states import Status
from reports.languages import Translator
from reports.summary.limits import collect_rows
from reports.summary.rows import ReportedUpdate, accepted_text
from reports.summary.selection import MEETING_DAYS
from reports.writers.pdf import parts
from reports.writers.pdf.compiler import compile_pdf
from reports.writers.pdf.parts import PdfContext, TypstData
from ui import dates
from ui.numbers import percent

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.statement import Maker

_TITLE = pgettext_lazy("paper", "Meeting sheet")
#: More rows of a kind than this never fit; the page is measured for the rest.
MOST_ROWS = 70
#: So many states that MAPO has set itself are explained, each with so many characters of its reason.
MOST_OVERRIDES, _REASON_LENGTH = 4, 160
#: The characters of a narrative that are passed on: one line is printed.
_NARRATIVE_LENGTH = 400

_LABELS = {
    "decided": gettext_lazy("Decided since the last meeting"),
    "decided_none": gettext_lazy("Nothing was decided."),
    "decided_on": pgettext_lazy("column", "Decided"),
    "decisions": pgettext_lazy("meeting sheet", "Decisions"),
    "more": gettext_lazy("and {count} more: see the full summary"),
    "what": pgettext_lazy("column", "What the agency reported"),
    "where": gettext_lazy("Status of all items"),
}


def write(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
    """Write the meeting sheet of a content (see `Writer`): always two pages."""
    target.write(compile_pdf("meeting.typ", meeting_data(content, maker=maker), maker.made_at))


def meeting_data(content: SummaryContent, *, maker: Maker) -> TypstData:
    """Return everything that may stand on the sheet; the template prints what fits, and counts the rest."""
    translate, selection = Translator(content.selection.language.codes), content.selection
    since = selection.since or selection.day - timedelta(days=MEETING_DAYS)
    newest, decided_count = _newest_decisions(content.updates(), since)
    context = PdfContext(collect_rows(content, maker), translate)
    data, attention = parts.frame(context, _TITLE), parts.attention(context)
    overrides = parts.overrides(context, most=_REASON_LENGTH)
    labels = {name: translate.texts(label) for name, label in _LABELS.items()}
    if not selection.since:
        lately = {"count": MEETING_DAYS}
        labels["decided"] = translate.texts(lambda: _("Decided in the last %(count)s days") % lately)
    return data | {
        "labels": data["labels"] | labels,
        "facts": _facts(context, data["facts"], since),
        "strips": [_strip(context, table) for table in parts.item_tables(context)],
        "overrides": overrides[:MOST_OVERRIDES],
        "overrides_left_out": len(overrides[MOST_OVERRIDES:]),
        "late": _cut(attention["late"]),
        "waiting": _cut(attention["waiting"]),
        "decided": {"rows": [_decision(context, update) for update in newest], "count": decided_count},
    }


def _cut(rows: list[TypstData]) -> TypstData:
    return {"rows": rows[:MOST_ROWS], "count": len(rows)}


def _facts(context: PdfContext, facts: list[TypstData], since: date) -> list[TypstData]:
    """Return the facts of a summary, with the last meeting in place of the window, which is drawn below."""
    day, _window, *others = facts
    decisions = {
        "label": context.translate.texts(_LABELS["decisions"]),
        "value": context.translate.texts(lambda: _("After %(day)s") % {"day": dates.day(since)}),
    }
    return [day, decisions, *others]


def _newest_decisions(updates: Iterable[ReportedUpdate], since: date) -> tuple[list[ReportedUpdate], int]:
    """Return what was accepted after a day, newest first, as many as may fit, and the count of all."""
    begin, counter = end_of_day(since), count()
    accepted = (update for update in updates if update.decided_at >= begin and next(counter) >= 0)
    newest = nlargest(MOST_ROWS, accepted, key=lambda update: (update.decided_at, update.review_id))
    return newest, next(counter)


def _decision(context: PdfContext, update: ReportedUpdate) -> TypstData:
    texts = [
        " ".join(accepted_text(update, language)[:_NARRATIVE_LENGTH].split())
        for language in context.translate.languages
    ]
    return {
        "day": context.day(update.decided_at),
        "agency": update.code,
        "item": context.items[update.item]["name"],
        "status": update.status,
        "percent": percent(update.percent),
        "what": texts if texts[0] != texts[-1] else texts[:1],
    }


def _strip(context: PdfContext, table: TypstData) -> TypstData:
    """Return a kind as a row of signs, and the same as text."""
    labels = {status.value: context.translate.texts(status.label) for status in Status}
    alt = (
        "; ".join(
            ", ".join(
                [f"{row['name'][place]}: {labels[row['status']][place]}", row["percent"], *_mark(row, place)]
            )
            for row in table["rows"]
        )
        for place in range(len(context.translate.languages))
    )
    names = ("number", "status", "percent", "set_by_mapo")
    cells = [{name: row[name] for name in names} for row in table["rows"]]
    return {"title": table["title"], "cells": cells, "alt": ". ".join(alt)}


def _mark(row: TypstData, place: int) -> list[str]:
    """Return that MAPO has set the state of an item; nothing where the verdicts give it."""
    return [row["set_by_mapo"][place]] if row["set_by_mapo"] else []

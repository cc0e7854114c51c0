"""The meeting sheet: two printed pages for whoever chairs. What is late, what waits, what was decided since last time.

Set as the summary is. Where more is owed than the two pages hold, the sheet says how much it leaves out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from heapq import nlargest
from itertools import count
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from audit.clock import end_of_day
from reports.languages import status_label
from reports.summary.content import SummaryContent
from reports.summary.rows import ReportedUpdate, accepted_text
from reports.summary.selection import MEETING_DAYS
from reports.summary.statement import Maker
from reports.writers.pdf import parts, tables
from reports.writers.pdf.parts import Gathered
from reports.writers.pdf.setting import set_paper
from reports.writers.pdf.voice import Said, Voice
from ui import dates
from ui.numbers import percent

TITLE = pgettext_lazy("paper", "Meeting sheet")
#: More rows of a kind than this never fit; the page is measured for the rest.
MOST_ROWS = 70
#: Of a narrative, its beginning: one line is printed.
_BEGINNING = 400

LABELS = {
    "decided": gettext_lazy("Decided since the last meeting"),
    "decided_none": gettext_lazy("Nothing was decided."),
    "decided_on": pgettext_lazy("column", "Decided"),
    "decisions": pgettext_lazy("meeting sheet", "Decisions"),
    "more": gettext_lazy("and {count} more: see the full summary"),
    "what": pgettext_lazy("column", "What the agency reported"),
    "where": gettext_lazy("Where everything stands"),
}


def write(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
    """Write the meeting sheet of a content: always two pages, however much there is to tell."""
    data = meeting_data(content, maker=maker)
    target.write(set_paper("meeting.typ", data, maker.made_at))


def meeting_data(content: SummaryContent, *, maker: Maker) -> dict[str, Any]:
    """Everything that may stand on the sheet; the typesetter prints what fits, and counts the rest."""
    voice = Voice(content.selection.language.value)
    since = content.selection.since or content.selection.day - timedelta(days=MEETING_DAYS)
    decided = _decided(content.updates(), since, voice)
    gathered = Gathered.of(content, maker)
    data = parts.frame(gathered, TITLE)
    return data | {
        "words": data["words"] | voice.all(LABELS) | ({} if content.selection.since else _usual_words(voice)),
        "facts": _facts(gathered, since),
        "statement": parts.statement_lines(gathered),
        "clock": parts.clock(gathered),
        "totals": parts.totals(gathered),
        "strips": _strips(gathered),
        "late": _cut(tables.late(gathered)),
        "waiting": _cut(tables.waiting(gathered)),
        "decided": decided,
    }


def _usual_words(voice: Voice) -> dict[str, Said]:
    """Nobody said when the last meeting was: the sheet does not speak of one."""
    return {"decided": voice.says(lambda: _("Decided in the last %(count)s days") % {"count": MEETING_DAYS})}


def _cut(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"rows": rows[:MOST_ROWS], "count": len(rows)}


def _facts(gathered: Gathered, since: date) -> list[dict[str, Any]]:
    """As the summary's, with the last meeting in the place of the window, which is drawn below."""
    facts = parts.facts(gathered)
    told_since = {
        "label": gathered.voice.words(LABELS["decisions"]),
        "value": gathered.voice.says(lambda: _("After %(day)s") % {"day": dates.day(since)}),
    }
    return [facts[0], told_since, *facts[2:]]


def _decided(updates: Iterable[ReportedUpdate], since: date, voice: Voice) -> dict[str, Any]:
    """What was accepted after a day, newest first: as many as may fit, and the count of all. Holds no more of them."""
    begun, counted = end_of_day(since), count()
    found = (update for update in updates if update.decided_at >= begun and next(counted) >= 0)
    newest = nlargest(MOST_ROWS, found, key=lambda update: (update.decided_at, update.review_id))
    return {"rows": [_decision(update, voice) for update in newest], "count": next(counted)}


def _decision(update: ReportedUpdate, voice: Voice) -> dict[str, Any]:
    said: Said = voice.each(lambda tongue: " ".join(accepted_text(update, tongue)[:_BEGINNING].split()))
    return {
        "day": voice.day(update.decided_at),
        "agency": update.code,
        "item": voice.item(update.item),
        "status": update.status,
        "percent": percent(update.percent),
        "what": said if said[0] != said[-1] else said[:1],
    }


def _strips(gathered: Gathered) -> list[dict[str, Any]]:
    """Each kind as a row of signs, and the same in words."""
    voice = gathered.voice
    found = []
    for table in tables.lines(gathered):
        told_items = [
            "; ".join(
                f"{row['name'][place]}: {status_label(row['status'], tongue)}, {row['percent']}"
                for row in table["rows"]
            )
            for place, tongue in enumerate(voice.tongues)
        ]
        cells = [
            {"number": row["number"], "status": row["status"], "percent": row["percent"]}
            for row in table["rows"]
        ]
        found.append({"title": table["title"], "cells": cells, "alt": ". ".join(told_items)})
    return found

"""The parts that papers share: what stands on each page, the head, the statement, the clock, and the state at a glance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from recommendations.queries.window_clock import WindowClock
from recommendations.states import Status
from reports.summary.content import SummaryContent
from reports.summary.rows import KindTotals, ReportedItem
from reports.summary.statement import Maker, Statement
from reports.writers import sentences, whose
from reports.writers.pdf.faces import FAMILIES
from reports.writers.pdf.typed import Typed
from reports.writers.pdf.voice import Said, Voice
from reports.writers.pdf.words import LABELS
from ui import dates
from ui.numbers import percent

#: What a page says of itself; the typesetter puts in the numbers.
_PAGE, _PAGES = "{page}", "{pages}"


@dataclass(frozen=True, slots=True)
class Gathered:
    """A content whose rows have all been taken, and who asks for it in which languages."""

    content: SummaryContent
    statement: Statement
    voice: Voice

    @classmethod
    def of(cls, content: SummaryContent, maker: Maker) -> Gathered:
        """Takes what is left of the rows."""
        selection = content.selection
        return cls(content, Statement.of(selection, maker, content.finish()), Voice(selection.language.value))


def frame(gathered: Gathered, title: str | Promise) -> dict[str, Any]:
    """What every paper has: languages, title, banner, foot, and the words of its labels."""
    voice, statement = gathered.voice, gathered.statement
    day, titles = statement.selection.day, voice.words(title)
    return {
        "tongues": list(voice.tongues),
        "faces": list(FAMILIES),
        "title": titles,
        "document_title": _document_title(titles, voice.says(lambda: dates.day(day))),
        "keywords": ["Jejak", str(statement.selection.year), day.isoformat(), statement.fingerprint],
        "banner": [said.upper() for said in voice.words(statement.classification.label)],
        "subtitle": voice.says(lambda: sentences.subtitle(gathered.content)),
        "as_at": voice.says(lambda: _("As at %(day)s") % {"day": dates.day(day)}),
        "source": voice.says(lambda: sentences.source_words(gathered.content)),
        "sees_files": gathered.content.sees_marks,
        "sample": voice.says(lambda: _("Sample data")) if settings.DEMO else [],
        "page": voice.says(lambda: _("Page %(page)s of %(pages)s") % {"page": _PAGE, "pages": _PAGES}),
        "words": voice.all(LABELS) | _words_for(gathered),
        "statuses": {status.value: voice.status(status) for status in Status},
        "marks": gathered.content.sees_marks,
        "is_of_one": bool(whose.only_code(gathered.content)),
    }


def _words_for(gathered: Gathered) -> dict[str, Said]:
    """The words that hang on who reads."""
    content = gathered.content
    made: dict[str, Callable[[SummaryContent], str]] = {
        "late": whose.late,
        "late_none": whose.none_late,
        "marks": whose.attention,
        "no_evidence": sentences.no_evidence,
        "returned": whose.returned,
        "waiting": whose.waiting,
        "waiting_none": whose.none_waiting,
    }
    return {name: gathered.voice.says(partial(make, content)) for name, make in made.items()}


def _document_title(titles: Said, days: Said) -> str:
    return " · ".join(f"{title}, {day}" for title, day in zip(titles, days, strict=True))


def facts(gathered: Gathered) -> list[dict[str, Any]]:
    """The four things that a reader asks first."""
    voice, maker, window = gathered.voice, gathered.statement.maker, gathered.content.dates
    span = voice.says(lambda: dates.day_range(window.window_start, window.window_end, long=True))
    found = {
        "as_at": voice.says(lambda: dates.day(gathered.statement.selection.day)),
        "window": span,
        "made_by": [maker.words],
        "made_on": voice.says(lambda: dates.day_time(maker.made_at)),
    }
    return [{"label": voice.words(LABELS[name]), "value": value} for name, value in found.items()]


def statement_lines(gathered: Gathered) -> list[dict[str, Any]]:
    """Label and value of everything that an output states, in each language."""
    told = gathered.voice.tongues
    placed = [fact["label"] for fact in facts(gathered)]
    lines = zip(*(gathered.statement.lines(tongue) for tongue in told), strict=True)
    return [
        {
            "label": [label for label, _value in pair],
            "value": [value for _label, value in pair],
            "in_facts": [label for label, _value in pair] in placed,
            "is_hash": gathered.statement.is_code(pair[0][1]),
        }
        for pair in lines
    ]


def clock(gathered: Gathered) -> dict[str, Any]:
    """The window as a line: shares from 0 to 100, and what is written beside each mark."""
    voice, window = gathered.voice, gathered.content.dates
    hand = WindowClock(window, gathered.statement.selection.day)
    day = voice.says(lambda: hand.day_text)
    interim = voice.says(lambda: _("Interim, %(day)s") % {"day": dates.day_month(window.interim_on)})
    due = voice.says(lambda: _("Due, %(day)s") % {"day": dates.day_month(window.submission_on)})
    ends = voice.says(lambda: dates.day_range(window.window_start, window.window_end, long=True))
    posts = [(hand.interim_percent, interim), (hand.submission_percent, due)]
    return {
        "share": hand.percent,
        "day": day,
        "start": voice.says(lambda: dates.day(window.window_start)),
        "end": voice.says(lambda: dates.day(window.window_end)),
        "posts": [{"share": share, "label": label} for share, label in posts if share is not None],
        "alt": " ".join(
            f"{span}. {words}. {first}. {second}."
            for span, words, first, second in zip(ends, day, interim, due, strict=True)
        ),
    }


def totals(gathered: Gathered) -> list[dict[str, Any]]:
    """One row for each kind: its items by status, and what stands out where the reader may know it."""
    return [_total(gathered.voice, each) for each in gathered.content.totals]


def _total(voice: Voice, each: KindTotals) -> dict[str, Any]:
    return {
        "label": voice.says(lambda: sentences.counted_items(each)),
        "counts": [each.none, each.progress, each.done],
        "waiting": each.waiting,
        "late": each.late,
        "returned": each.returned,
    }


def pillars(gathered: Gathered) -> dict[str, Any]:
    """Items by pillar and status, and the same as a sentence for whoever cannot see the bars."""
    voice = gathered.voice
    rows: list[dict[str, Any]] = [
        {"label": _pillar_label(voice, pillar), "counts": counts, "total": total}
        for pillar, counts, total in sentences.pillar_counts(gathered.content)
    ]
    return {
        "rows": rows,
        "most": max(row["total"] for row in rows),
        "alt": " ".join(_bars_in_words(voice, rows, place) for place in range(len(voice.tongues))),
    }


def _pillar_label(voice: Voice, pillar: str) -> Said:
    return voice.says(lambda: sentences.pillar_words(pillar))


def _bars_in_words(voice: Voice, rows: list[dict[str, Any]], place: int) -> str:
    statuses = [voice.status(status)[place] for status in Status]
    told = (
        f"{row['label'][place]}: "
        + ", ".join(f"{status} {count}" for status, count in zip(statuses, row["counts"], strict=True))
        for row in rows
    )
    return "; ".join(told) + "."


def state_of(gathered: Gathered, item: ReportedItem) -> dict[str, Any]:
    """What every table says of an item: its name, number, texts, status, percentage and lead."""
    voice = gathered.voice
    texts = {"ms": item.text_ms, "en": item.text_en}
    return {
        "key": item.key,
        "name": voice.item(item.key),
        "number": item.number,
        "kind": item.kind,
        "pillar": voice.pillar(item.pillar),
        "texts": [Typed(texts[tongue]) for tongue in voice.tongues],
        "line": [" ".join(texts[tongue].split()) for tongue in voice.tongues],
        "status": item.status,
        "percent": percent(item.percent),
        "state_notes": voice.sentences(lambda: sentences.state_notes(item)),
        "lead": item.lead.code if item.lead else "",
        "suggested": voice.sentences(lambda: sentences.suggested_leads(item)),
        "accepted": voice.day(item.decided_on),
    }

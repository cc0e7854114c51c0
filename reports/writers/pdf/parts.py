"""The parts that papers share: what stands on each page, the head, the statement, the clock, and the state at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.models.cycle import in_reading_language
from recommendations.readings.window_clock import WindowClock
from recommendations.states import Kind, Pillar, Status
from reports.content import Content, ReportedItem
from reports.content.rows import Totals
from reports.statement import Maker, Statement
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

    content: Content
    statement: Statement
    voice: Voice

    @classmethod
    def of(cls, content: Content, maker: Maker) -> Gathered:
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
        "subtitle": voice.says(lambda: _subtitle(gathered)),
        "as_at": voice.says(lambda: _("As at %(day)s") % {"day": dates.day(day)}),
        "source": voice.says(lambda: _source(gathered)),
        "sees_files": gathered.content.sees_marks,
        "sample": voice.says(lambda: _("Sample data")) if settings.DEMO else [],
        "page": voice.says(lambda: _("Page %(page)s of %(pages)s") % {"page": _PAGE, "pages": _PAGES}),
        "words": voice.all(LABELS) | _no_evidence(gathered),
        "statuses": {status.value: voice.status(status) for status in Status},
        "marks": gathered.content.sees_marks,
    }


def _no_evidence(gathered: Gathered) -> dict[str, Said]:
    """Who does not see every document is not told that there is none."""
    sees_all = gathered.content.reader.is_mapo
    return {"no_evidence": gathered.voice.words(LABELS["no_evidence" if sees_all else "no_evidence_known"])}


def _document_title(titles: Said, days: Said) -> str:
    return " · ".join(f"{title}, {day}" for title, day in zip(titles, days, strict=True))


def _subtitle(gathered: Gathered) -> str:
    """15 recommendations and 6 weaknesses, 2023 cycle, KDN press statement, 16 June 2023."""
    kinds = [count_of_kind(totals.kind, totals.items) for totals in gathered.content.totals]
    cycle = gathered.content.cycle
    counted = (
        _("%(first)s and %(second)s") % dict(zip(("first", "second"), kinds, strict=False))
        if kinds[1:]
        else kinds[0]
    )
    parts = {"items": counted, "year": cycle.year, "source": in_reading_language(cycle, "source")}
    return _("%(items)s, assessment cycle %(year)s. Source: %(source)s") % parts


def _source(gathered: Gathered) -> str:
    return _("The official text, unchanged. %(source)s.") % {
        "source": in_reading_language(gathered.content.cycle, "source")
    }


def count_of_kind(kind: str, count: int) -> str:
    """15 recommendations, in the language in force."""
    if kind == Kind.RECOMMENDATION:
        return ngettext("%(count)s recommendation", "%(count)s recommendations", count) % {"count": count}
    return ngettext("%(count)s weakness", "%(count)s weaknesses", count) % {"count": count}


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
            "is_hash": pair[0][1] == gathered.statement.fingerprint,
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


def _total(voice: Voice, each: Totals) -> dict[str, Any]:
    return {
        "label": voice.says(lambda: count_of_kind(each.kind, each.items)),
        "counts": [each.none, each.progress, each.done],
        "waiting": each.waiting,
        "late": each.late,
    }


def pillars(gathered: Gathered) -> dict[str, Any]:
    """Items by pillar and status, and the same as a sentence for whoever cannot see the bars."""
    voice, items = gathered.voice, gathered.content.items
    known = [*(pillar.value for pillar in Pillar), ""]
    rows = [_pillar(voice, pillar, [item for item in items if item.pillar == pillar]) for pillar in known]
    rows = [row for row in rows if row["total"]]
    return {
        "rows": rows,
        "most": max(row["total"] for row in rows),
        "alt": " ".join(_bars_in_words(voice, rows, place) for place in range(len(voice.tongues))),
    }


def _pillar(voice: Voice, pillar: str, items: Sequence[ReportedItem]) -> dict[str, Any]:
    found = Counter(item.status for item in items)
    label = voice.pillar(pillar) or voice.says(lambda: _("Without a pillar"))
    return {"label": label, "counts": [found[status.value] for status in Status], "total": len(items)}


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
        "lead": item.lead.code if item.lead else "",
        "accepted": voice.day(item.last_decided_on),
    }

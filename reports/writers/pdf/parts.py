"""The data of what PDF files share: page frame, head, statement, window, totals, and who is late or waits."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from recommendations.queries.window_clock import WindowClock
from recommendations.states import KIND_HEADINGS, ItemKind, Status
from reports.summary.monthly_counts import MonthCounts, monthly_counts
from reports.writers.pdf.fonts import FONT_FAMILIES
from reports.writers.pdf.typst_data import TypedText
from reports.writers.wording import figures, sentences
from reports.writers.wording.by_agency import by_agency, items_with_days
from reports.writers.wording.labels import (
    ATTENTION,
    LABELS,
    LATE,
    RETURNED,
    WAITING,
    none_late,
    none_waiting,
    scope_code,
    scoped,
)
from ui import dates
from ui.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date, datetime

    from reports.languages import Translator
    from reports.summary.content import SummaryContent
    from reports.summary.limits import SummaryRows
    from reports.summary.rows import ReportedAgency, ReportedItem
    from reports.summary.statement import Statement
    from reports.writers.wording.by_agency import AgencyCases

#: Labels that name the one agency of a reader who sees the lateness of one.
_SCOPED_LABELS = {
    "late": LATE,
    "marks": ATTENTION,
    "returned": RETURNED,
    "waiting": WAITING,
}
#: Sentences that depend on who reads.
_READER_SENTENCES = {
    "late_none": none_late,
    "no_evidence": sentences.no_evidence,
    "waiting_none": none_waiting,
}

#: Data of the templates: names, texts in each language, numbers, lists and dictionaries of these.
TypstData = dict[str, Any]


@dataclass(frozen=True)
class PdfContext:
    """The rows of a summary and the translator into its languages; each item is described once."""

    rows: SummaryRows
    translate: Translator

    @property
    def content(self) -> SummaryContent:
        return self.rows.content

    @property
    def statement(self) -> Statement:
        return self.rows.statement

    @cached_property
    def items(self) -> dict[str, TypstData]:
        """What every table says of an item, by its key."""
        return {item.key: _item(self.translate, item) for item in self.content.items}

    def day(self, moment: date | datetime | None) -> list[str]:
        """Return "16 Aug 2023", or nothing without a day."""
        return self.translate.texts(dates.short_day, moment) if moment else []


def _item(translate: Translator, item: ReportedItem) -> TypstData:
    texts = translate.pick(item.text_ms, item.text_en)
    titles = translate.pick(item.title_ms, item.title_en)
    return {
        "key": item.key,
        "name": translate.texts(sentences.item_name, item),
        "number": item.number,
        "kind": item.kind,
        "pillar": translate.texts(sentences.pillar_words, item.pillar) if item.pillar else [],
        "texts": [TypedText(text) for text in texts],
        "title": titles if item.title_ms else [],
        "line": [title or " ".join(text.split()) for title, text in zip(titles, texts, strict=True)],
        "divergence": _divergence(translate, item),
        "status": item.status,
        "percent": percent(item.percent),
        "state_notes": translate.text_lists(sentences.state_notes, item),
        "set_by_mapo": _set_by_mapo(translate, item),
        "lead": item.lead.code if item.lead else "",
        "suggested": translate.text_lists(sentences.suggested_leads, item),
        "accepted": _accepted(translate, item),
        "attention": translate.text_lists(sentences.attention_counts, item),
    }


def _accepted(translate: Translator, item: ReportedItem) -> list[str]:
    """Return the day of the verdict that gave the state; a dash where MAPO set it; [] before any verdict."""
    if item.state.override:
        return ["–"]
    return translate.texts(dates.short_day, item.decided_on) if item.decided_on else []


def _divergence(translate: Translator, item: ReportedItem) -> list[TypedText]:
    """Return MAPO's note on where the Malay text says less than the English, or something else; [] without one."""
    notes = translate.pick(item.divergence_ms, item.divergence_en)
    return [TypedText(note) for note in notes] if all(notes) else []


def _set_by_mapo(translate: Translator, item: ReportedItem) -> list[str]:
    """Return the mark of a state that MAPO has set itself; nothing where the verdicts give it."""
    override = item.state.override
    return translate.texts(lambda: override.mark) if override else []


def overrides(context: PdfContext, *, most: int | None = None, but: Collection[int] = ()) -> list[TypstData]:
    """Return each state that MAPO has set itself, with all that is to be said of it; `most`: of the reason.

    `but`: items of which it is told elsewhere.
    """
    translate = context.translate
    return [
        {
            "title": translate.texts(sentences.override_title, item),
            "words": translate.texts(sentences.override_words, item.state.override, item.state.beneath),
            "reason": TypedText(sentences.reason_of(item, most=most)),
        }
        for item in sentences.set_by_mapo(context.content)
        if item.item_id not in but
    ]


def frame(context: PdfContext, title: Promise) -> TypstData:
    """Return what every document has: languages, title, banner, foot, labels, and what it states of itself."""
    translate, content, statement = context.translate, context.content, context.statement
    day, titles, facts = statement.selection.day, translate.texts(title), _facts(context)
    titles_with_day = zip(titles, translate.texts(dates.day, day), strict=True)
    return {
        "languages": list(translate.languages),
        "fonts": FONT_FAMILIES,
        "title": titles,
        "document_title": " · ".join(f"{title}, {day}" for title, day in titles_with_day),
        "keywords": ["Jejak", str(statement.selection.year), day.isoformat(), statement.fingerprint],
        "banner": [text.upper() for text in translate.texts(statement.classification.label)],
        "subtitle": translate.texts(sentences.subtitle, content),
        "as_at": translate.texts(lambda: _("As at %(day)s") % {"day": dates.day(day)}),
        "source": translate.texts(sentences.source_words, content),
        "sees_files": content.sees_marks,
        "sample": translate.texts(sentences.sample_data) if settings.DEMO else [],
        "page": translate.texts(sentences.page_numbers, "{page}", "{pages}"),
        "labels": _labels(context),
        "statuses": {status.value: translate.texts(status.label) for status in Status},
        "marks": content.sees_marks,
        "is_of_one": bool(scope_code(content)),
        "facts": facts,
        "statement": _statement_lines(context, facts),
        "clock": window_clock(context),
        "totals": totals(context),
    }


def _labels(context: PdfContext) -> TypstData:
    texts, content = context.translate.texts, context.content
    return (
        {name: texts(label) for name, label in LABELS.items()}
        | {name: texts(scoped, content, label) for name, label in _SCOPED_LABELS.items()}
        | {name: texts(sentence, content) for name, sentence in _READER_SENTENCES.items()}
        | {"see_checks": texts(figures.see_checks, "{numbers}")}
    )


def _facts(context: PdfContext) -> list[TypstData]:
    """Return the four things that a reader asks first: day, window, maker, and when it was made."""
    translate, maker = context.translate, context.statement.maker
    values = {
        "as_at": translate.texts(dates.day, context.statement.selection.day),
        "window": translate.texts(sentences.window_span, context.content),
        "made_by": [maker.words],
        "made_on": translate.texts(dates.day_time, maker.made_at),
    }
    return [{"label": translate.texts(LABELS[name]), "value": value} for name, value in values.items()]


def _statement_lines(context: PdfContext, facts: list[TypstData]) -> list[TypstData]:
    """Return label and value of each line of the statement, and whether it stands among the facts too."""
    fact_labels = [fact["label"] for fact in facts]
    return [
        {
            "label": labels,
            "value": values,
            "in_facts": labels in fact_labels,
            "is_hash": context.statement.is_code(values[0]),
        }
        for labels, values in context.statement.lines_in(context.translate.languages)
    ]


def window_clock(context: PdfContext) -> TypstData:
    """Return the assessment window as a line: positions from 0 to 100, and what is written beside each mark."""
    translate, window = context.translate, context.content.dates
    clock = WindowClock(window, context.statement.selection.day)
    day = translate.texts(lambda: clock.day_text)
    interim = translate.texts(lambda: _("Interim, %(day)s") % {"day": dates.day_month(window.interim_on)})
    due = translate.texts(
        lambda: _("Information due, %(day)s") % {"day": dates.day_month(window.submission_on)}
    )
    span = translate.texts(sentences.window_span, context.content)
    posts = [(clock.interim_percent, interim), (clock.submission_percent, due)]
    return {
        "share": clock.percent,
        "day": day,
        "start": translate.texts(dates.day, window.window_start),
        "end": translate.texts(dates.day, window.window_end),
        "posts": [{"share": share, "label": label} for share, label in posts if share is not None],
        "alt": " ".join(". ".join(texts) + "." for texts in zip(span, day, interim, due, strict=True)),
    }


def totals(context: PdfContext) -> list[TypstData]:
    """Return one row for each kind: its items by status, and what stands out where the reader may know it."""
    return [
        {
            "label": context.translate.texts(sentences.counted_items, each),
            "counts": [each.none, each.progress, each.done],
            "waiting": each.waiting,
            "late": each.late,
            "returned": each.returned,
        }
        for each in context.content.totals
    ]


def pillars(context: PdfContext) -> TypstData:
    """Return the items by pillar and status, and the same as text for readers who cannot see the bars."""
    translate = context.translate
    rows: list[TypstData] = [
        {"label": translate.texts(sentences.pillar_words, pillar), "counts": counts, "total": total}
        for pillar, counts, total in sentences.pillar_counts(context.content)
    ]
    alt = translate.texts(_pillar_sentence, context.content)
    return {"rows": rows, "most": max(row["total"] for row in rows), "alt": " ".join(alt)}


def _pillar_sentence(content: SummaryContent) -> str:
    """Return "Protection: No action 1, In progress 2; …." in the active language."""
    pillars = []
    for pillar, counts, _total in sentences.pillar_counts(content):
        figures = (f"{status.label} {count}" for status, count in zip(Status, counts, strict=True))
        pillars.append(f"{sentences.pillar_words(pillar)}: {', '.join(figures)}")
    return "; ".join(pillars) + "."


def course(context: PdfContext) -> list[TypstData]:
    """Return for each kind the counts by month up to the day, and the same as text; nothing before the window."""
    return [
        {
            "title": context.translate.texts(KIND_HEADINGS[ItemKind(kind)]),
            "months": [_month(context, each) for each in months],
            "most": max(
                each.counts.none + each.counts.progress + each.counts.done for each in months if each.counts
            ),
            "alt": " ".join(context.translate.texts(_course_sentence, kind, months)),
        }
        for kind, months in monthly_counts(context.content).items()
        if any(each.counts for each in months)
    ]


def _month(context: PdfContext, each: MonthCounts) -> TypstData:
    """Return a month's name and its counts in the order of `Status`; the day instead where it is that of the summary."""
    counts = each.counts
    is_day = counts is not None and counts.day == context.content.selection.day
    return {
        "name": context.translate.texts(dates.short_month, each.month),
        "day": str(counts.day.day) if counts and is_day else "",
        "counts": [counts.of(status) for status in Status] if counts else [],
    }


def _course_sentence(kind: str, months: Sequence[MonthCounts]) -> str:
    """Return "Recommendations by status. 30 April 2023: No action 15, …; …." in the active language."""
    told = []
    for counts in (each.counts for each in months if each.counts):
        figures = ", ".join(f"{status.label} {counts.of(status)}" for status in Status)
        told.append(f"{dates.day(counts.day)}: {figures}")
    title = _("%(kind)s by status") % {"kind": KIND_HEADINGS[ItemKind(kind)]}
    return f"{title}. {'; '.join(told)}."


def item_tables(context: PdfContext) -> list[TypstData]:
    """Return for each kind its title and a row for each of its items."""
    return [
        {
            "kind": totals.kind,
            "title": context.translate.texts(sentences.counted_items, totals),
            "rows": [row for row in context.items.values() if row["kind"] == totals.kind],
        }
        for totals in context.content.totals
    ]


def attention(context: PdfContext) -> dict[str, list[TypstData]]:
    """Return what is late, by agency, what waits for MAPO and what was returned; of each the longest first."""
    found = {kind: sentences.attention_parts(context.content, kind) for kind in sentences.ATTENTION_SINCE}
    late = by_agency(context.content, found.pop("late"), "late")
    return {"late": list(agency_rows(context, late))} | {
        kind: [
            _attention_row(context, item, agency, sentences.ATTENTION_SINCE[kind](agency))
            for item, agency in agency_parts
        ]
        for kind, agency_parts in found.items()
    }


def agency_rows(context: PdfContext, agencies: Iterable[AgencyCases]) -> Iterator[TypstData]:
    """Yield a row for each agency: its items with their days, their number, the most days."""
    for agency, items in agencies:
        yield {
            "agency": agency.code,
            "items": context.translate.texts(items_with_days, items),
            "count": len(items),
            "days": context.translate.texts(dates.days, items[0][1]),
        }


def _attention_row(
    context: PdfContext, item: ReportedItem, agency: ReportedAgency, day: date | None
) -> TypstData:
    """Return an agency, its item, and a day with the number of days since then."""
    on = context.content.selection.day
    return {
        "agency": agency.code,
        "item": context.items[item.key]["name"],
        "line": context.items[item.key]["line"],
        "day": context.day(day),
        "days": context.translate.texts(dates.days, (on - (day or on)).days),
    }


def agencies(context: PdfContext) -> list[TypstData]:
    """Return every agency code in the summary with its name of the day."""
    versions = [context.content.names[code] for code in sentences.agency_codes(context.content)]
    return [
        {"code": each.code, "name": context.translate.pick(each.name_ms, each.name_en)} for each in versions
    ]

"""The meeting sheet: at most two printed pages for whoever chairs, about what is late, what waits, and what was decided.

Where the two pages do not hold all, decisions stand item by item; what does not fit then is counted. No text is cut without a
word.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from meetings.states import PointKind
from recommendations.queries.decisions import DecisionKind, RecordedDecision
from recommendations.states import Status
from reports.languages import Translator
from reports.summary.limits import collect_rows
from reports.summary.rows import ReportedUpdate, accepted_text
from reports.summary.selection import MEETING_DAYS
from reports.writers.pdf import parts
from reports.writers.pdf.agenda import AGENDA_LABELS, agenda_sections
from reports.writers.pdf.compiler import compile_pdf
from reports.writers.pdf.parts import PdfContext, TypstData
from reports.writers.pdf.typst_data import TypedText
from reports.writers.wording import decisions as wording
from reports.writers.wording import sentences
from reports.writers.wording.agenda import meeting_words
from reports.writers.wording.steps import earlier_decisions, step_state
from ui import dates

if TYPE_CHECKING:
    from meetings.queries.laid import LaidContent
    from reports.summary.content import SummaryContent
    from reports.summary.statement import Maker

_TITLE = pgettext_lazy("paper", "Meeting sheet")
#: More rows of a kind than this never fit; the page is measured for the rest.
MOST_ROWS = 70
#: So many states that MAPO has set itself are explained.
MOST_OVERRIDES = 4
#: The characters of a text that are passed on, and then where the rest is: more would fill a page alone.
_TEXT_LENGTH = 600
#: The sections of a sheet, in their usual order.
SECTIONS = ("earlier", "late", "waiting", "decided")

_LABELS = {
    "change": gettext_lazy("Before → after"),
    "decisions": pgettext_lazy("meeting sheet", "Decisions"),
    "each_decision": gettext_lazy("Each decision, with its reason, is in the full summary."),
    "more": gettext_lazy("and {count} more: see the full summary"),
    "text": pgettext_lazy("column", "What the agency reported, or MAPO’s reason"),
    "where": gettext_lazy("Status of all items"),
}


def write(
    content: SummaryContent,
    target: BinaryIO,
    *,
    maker: Maker,
    sections: Sequence[str] = SECTIONS,
    texts: Mapping[str, str] | None = None,
) -> None:
    """Write the meeting sheet of a content (see `Writer`): two pages, or one where that holds everything.

    That of a meeting has the points of its agenda, as they were laid before the council.
    `sections` are the names of those that it has, in their order; `texts` what the secretariat wrote to them, by name.
    """
    data = meeting_data(content, maker=maker, sections=sections, texts=texts or {})
    target.write(compile_pdf("meeting.typ", data, maker.made_at))


def meeting_data(
    content: SummaryContent,
    *,
    maker: Maker,
    sections: Sequence[str] = SECTIONS,
    texts: Mapping[str, str] | None = None,
) -> TypstData:
    """Return everything that may stand on the sheet; the template prints what fits, and counts the rest."""
    translate, texts = Translator(content.selection.language.codes), texts or {}
    newest = content.decisions[-MOST_ROWS:]
    reported = _reported(content.updates(), newest)
    context = PdfContext(collect_rows(content, maker), translate)
    told = {item.item_id for item in sentences.set_by_mapo(content)[:MOST_OVERRIDES]}
    data = parts.frame(context, _TITLE)
    if content.agenda:
        data["subtitle"] = translate.texts(meeting_words, content.agenda)
    makers: dict[str, Callable[[], TypstData]] = {
        "earlier": lambda: _earlier(context),
        "late": lambda: _listed(context, data["labels"], "late"),
        "waiting": lambda: _listed(context, data["labels"], "waiting"),
        "decided": lambda: _decided(context, newest, reported, told),
    }
    made: list[TypstData] = [
        {"name": name, "layout": name, "added": TypedText(texts[name]) if texts.get(name) else []}
        | makers[name]()
        for name in sections
        if name != "earlier" or earlier_decisions(content)
    ]
    if content.agenda:
        made = agenda_sections(context, content.agenda, most_rows=MOST_ROWS)
    labels = _LABELS | AGENDA_LABELS if content.agenda else _LABELS
    overrides = parts.overrides(context, but=_items_overridden(content.agenda))
    return data | {
        "labels": data["labels"] | {name: translate.texts(label) for name, label in labels.items()},
        "facts": _facts(context, data["facts"], content.selection.decisions_since),
        "strips": [_strip(context, table) for table in parts.item_tables(context)],
        "overrides": overrides[:MOST_OVERRIDES],
        "overrides_left_out": len(overrides[MOST_OVERRIDES:]),
        "sections": made,
        "has_agenda": content.agenda is not None,
    }


def _items_overridden(agenda: LaidContent | None) -> frozenset[int]:
    """Return the items whose point on the agenda tells that MAPO set their status: the head need not tell it again."""
    points = agenda.points if agenda else ()
    rows = (row for point in points if point.kind == PointKind.OVERRIDDEN for row in point.all_rows)
    return frozenset(row.item_id for row in rows)


def _facts(context: PdfContext, facts: list[TypstData], since: date) -> list[TypstData]:
    """Return the facts of a summary, with the last meeting in place of the window, which is drawn below."""
    day, _window, *others = facts
    decisions = {
        "label": context.translate.texts(_LABELS["decisions"]),
        "value": context.translate.texts(lambda: _("After %(day)s") % {"day": dates.day(since)}),
    }
    return [day, decisions, *others]


def _section(title: list[str], none: list[str], rows: list[TypstData], count: int) -> TypstData:
    """Return a section with the rank of each of its rows: where not all fit, the first ranks stay."""
    ranked = [{"rank": rank} | row for rank, row in enumerate(rows)]
    return {"title": title, "nothing": none, "rows": ranked[:MOST_ROWS], "count": count}


def _earlier(context: PdfContext) -> TypstData:
    """Return what became of the council's earlier decisions, those that are still open first."""
    translate = context.translate
    rows: list[TypstData] = [
        {
            "agency": step.whose,
            "item": context.items[step.item]["name"],
            "text": [" ".join(step.text.split())],
            "state": translate.texts(step_state, step),
        }
        for step in earlier_decisions(context.content)
    ]
    return _section(translate.texts(lambda: _("Earlier decisions of the council")), [], rows, len(rows))


def _listed(context: PdfContext, labels: TypstData, kind: str) -> TypstData:
    """Return what is late, by agency, or what waits for MAPO; the longest first."""
    rows = parts.attention(context)[kind]
    return _section(labels[kind], labels[f"{kind}_none"], rows, len(rows))


def _decided(
    context: PdfContext,
    newest: Sequence[RecordedDecision],
    reported: Mapping[int, ReportedUpdate],
    told: Collection[int],
) -> TypstData:
    """Return the newest decisions, grouped by item; the newest of all has the first rank.

    `told` are the items whose state, as MAPO set it, the head of the sheet explains: who set it and why is not told again.
    """
    content, translate = context.content, context.translate
    ranks = {id(decision): rank for rank, decision in enumerate(reversed(newest))}
    rows = [
        {"rank": ranks[id(decision)], **_item(context, decided), **_decision(context, decision, reported)}
        | ({"text": []} if _is_standing(decided, decision) and decision.item_id in told else {})
        for decided in wording.decided_items(content)
        for decision in decided.decisions
        if id(decision) in ranks
    ]
    title = translate.texts(_decided_title, content)
    none = translate.texts(lambda: _("Nothing was decided."))
    decided = [
        (each.item.kind, each.item.number, made.kind)
        for each in wording.decided_items(content)
        for made in each.decisions
    ]
    summed: list[TypstData] = [{"rank": 0, "told": translate.texts(wording.summed_decisions, decided)}]
    return {"title": title, "nothing": none, "rows": rows, "summed": summed, "count": len(content.decisions)}


def _is_standing(decided: wording.DecidedItem, decision: RecordedDecision) -> bool:
    """Return whether a decision set the state that MAPO's own still is: the last such decision on its item."""
    kinds = (DecisionKind.SET, DecisionKind.ENDED)
    own = [each for each in decided.decisions if each.kind in kinds]
    return decision.kind == DecisionKind.SET and own[-1] is decision


def _decided_title(content: SummaryContent) -> str:
    if content.selection.since:
        return _("Decided since the last meeting")
    return _("Decided in the last %(count)s days") % {"count": MEETING_DAYS}


def _item(context: PdfContext, decided: wording.DecidedItem) -> TypstData:
    item = context.items[decided.item.key]
    change = context.translate.texts(wording.change_of_all, decided)
    return {"item": item["name"], "title": item["line"], "item_change": change}


def _decision(
    context: PdfContext, decision: RecordedDecision, reported: Mapping[int, ReportedUpdate]
) -> TypstData:
    translate = context.translate
    change = translate.texts(wording.decision_change, decision)
    return {
        "day": context.day(decision.at),
        "agency": decision.code or "MAPO",
        "what": translate.texts(decision.kind.label),
        "change": change if all(change) else ["–"],
        "text": _text(translate, decision, reported.get(decision.review_id or 0)),
    }


def _text(translate: Translator, decision: RecordedDecision, update: ReportedUpdate | None) -> list[str]:
    """Return what the agency reported and MAPO's reason, each on its own where there is only one; [] without both."""
    reason = decision.reason
    if decision.kind in (DecisionKind.SET, DecisionKind.ENDED) and decision.by:
        reason = f"{decision.by}: {reason}"
    elif reason and update:
        reason = f"MAPO: {reason}"
    texts = []
    for language in translate.languages:
        told = [accepted_text(update, language)] if update else []
        whole = " ".join(" · ".join([*told, *([reason] if reason else [])]).split())
        if len(whole) > _TEXT_LENGTH:
            with override(language):
                whole = f"{whole[:_TEXT_LENGTH].rstrip()} … {_('(goes on in the full summary)')}"
        texts.append(whole)
    texts = texts if texts[0] != texts[-1] else texts[:1]
    return texts if any(texts) else []


def _reported(
    updates: Iterable[ReportedUpdate], decisions: Sequence[RecordedDecision]
) -> dict[int, ReportedUpdate]:
    """Return those of the updates on which these decisions were made, by the id of the review."""
    wanted = {decision.review_id for decision in decisions}
    return {update.review_id: update for update in updates if update.review_id in wanted}


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

"""The data of each item's page: its agencies, what was accepted, the documents that prove it, and planned steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from recommendations.states import AssignmentRole, Status
from reports.summary.rows import (
    ReportedAgency,
    ReportedDocument,
    ReportedItem,
    ReportedStep,
    ReportedUpdate,
    accepted_text,
)
from reports.writers.pdf.parts import PdfContext, TypstData
from reports.writers.pdf.typst_data import TypedText
from reports.writers.wording import sentences
from reports.writers.wording.labels import LABELS
from reports.writers.wording.steps import step_words
from ui import dates
from ui.numbers import file_size, percent

if TYPE_CHECKING:
    from reports.languages import Translator

#: A short hash: its first and its last digits.
_HASH_HEAD, _HASH_TAIL = 8, 4
#: An update of more characters may be broken between pages; a line end counts as a line.
_LONG_UPDATE, _LINE = 1_600, 100


def item_pages(context: PdfContext) -> list[TypstData]:
    """Return everything about each item."""
    rows = context.rows
    return [
        context.items[item.key]
        | {
            "notes": _notes(context.translate, item),
            "agencies": [_agency(context, each) for each in item.agencies],
            "updates": [_update(context, each) for each in rows.updates.get(item.key, [])],
            "documents": _documents(context, rows.documents.get(item.key, [])),
            "steps": [_step(context, each) for each in context.content.steps_by_item.get(item.key, [])],
        }
        for item in context.content.items
    ]


def _notes(translate: Translator, item: ReportedItem) -> list[list[str] | list[TypedText]]:
    """Return whose verdict the status is and what holds it back, or why MAPO set it."""
    state = item.state
    if state.override is None:
        return [translate.texts(sentences.state_origin, state)]
    words = translate.texts(sentences.override_words, state.override, state.beneath)
    return [words, [TypedText(state.override.reason)]]


def _agency(context: PdfContext, agency: ReportedAgency) -> TypstData:
    translate = context.translate
    return {
        "code": agency.code,
        "name": translate.pick(agency.name_ms, agency.name_en),
        "role": translate.texts(AssignmentRole(agency.role).label),
        "suggested": translate.texts(LABELS["suggested"]) if agency.is_suggested else [],
        "status": agency.status,
        "percent": percent(agency.percent),
        "claim": [] if agency.claim_status is None else translate.texts(_claim_words, agency),
        "accepted": context.day(agency.decided_on),
        "next": context.day(agency.next_due_on),
        "stands_out": translate.text_lists(sentences.attention_notes, agency, context.content.selection.day),
        "is_late": agency.late_days is not None,
    }


def _claim_words(agency: ReportedAgency) -> str:
    return _("Claimed: %(status)s, %(percent)s") % {
        "status": Status(agency.claim_status or Status.NONE).label,
        "percent": percent(agency.claim_percent),
    }


def _update(context: PdfContext, update: ReportedUpdate) -> TypstData:
    notes = context.translate.texts(sentences.update_notes, update, context.content)
    languages = () if update.has_text else context.translate.languages
    return {
        "agency": update.code,
        "status": update.status,
        "percent": percent(update.percent),
        "day": context.day(update.decided_at),
        "text": TypedText(update.narrative) if update.has_text else [],
        "no_text": [accepted_text(update, language) for language in languages],
        "notes": [text for text in notes if text],
        "is_long": len(update.narrative) + _LINE * update.narrative.count("\n") > _LONG_UPDATE,
    }


def _step(context: PdfContext, step: ReportedStep) -> TypstData:
    notes = context.translate.texts(step_words, step)
    return {"text": TypedText(step.text), "note": [TypedText(note) for note in notes]}


def _documents(context: PdfContext, citations: list[ReportedDocument]) -> list[TypstData]:
    """Return the documents that are cited, each once."""
    first_citations: dict[int, ReportedDocument] = {}
    for citation in citations:
        first_citations.setdefault(citation.number, citation)
    return [_document(context, document) for document in first_citations.values()]


def _document(context: PdfContext, document: ReportedDocument) -> TypstData:
    texts = context.translate.texts
    days = document.evidence_from, document.evidence_to
    has_days = any(days)
    return {
        "label": texts(sentences.document_numbers, [document.number]),
        "number": document.number,
        "name": TypedText(document.name, in_cell=True) if document.name else [],
        "note": _file_note(context, document),
        "agency": document.code,
        "days": texts(dates.day_range, *days) if has_days else [],
        "place": texts(sentences.window_words, *days, context.content.dates) if has_days else [],
        "classification": texts(Clearance(document.classification).label),
        "size": file_size(document.size) if document.sha256 else "",
        "sha256": document.sha256,
        "short_hash": _short_hash(document.sha256),
    }


def _file_note(context: PdfContext, document: ReportedDocument) -> list[str] | list[TypedText]:
    """Return what stands in place of a file: that it is sealed, or the reference number of a paper file."""
    if document.is_sealed:
        return context.translate.texts(LABELS["sealed"])
    if document.reference_number:
        texts = context.translate.texts(sentences.paper_file, document.reference_number)
        return [TypedText(text, in_cell=True) for text in texts]
    return []


def _short_hash(digest: str) -> str:
    """Return "b2e4906a…17cf"; empty without a hash."""
    return f"{digest[:_HASH_HEAD]}…{digest[-_HASH_TAIL:]}" if digest else ""

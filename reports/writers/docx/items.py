"""The items of a Word summary: a page for each, with its agencies, what was accepted and its evidence; list of evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from recommendations.models.cycle import title_of
from recommendations.states import AssignmentRole
from reports.summary.rows import (
    ReportedAgency,
    ReportedDocument,
    ReportedItem,
    ReportedStep,
    ReportedUpdate,
    accepted_text,
)
from reports.writers.docx.document import Cell, DocumentBuilder, DocxColumn, labelled_columns
from reports.writers.docx.overview import item_bookmark, verdict_text
from reports.writers.docx.text import NOTHING, DocxText, DocxTranslator, plain
from reports.writers.wording import sentences
from reports.writers.wording.steps import step_words
from ui import dates
from ui.numbers import file_size

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.limits import SummaryRows


def write_items(builder: DocumentBuilder, rows: SummaryRows) -> None:
    """Write a page for each item, in the order of the rows."""
    builder.heading(builder.translate.label("item_by_item"), starts_page=True)
    for place, item in enumerate(rows.content.items):
        _write_item(builder, rows, item, starts_page=place > 0)


def _write_item(
    builder: DocumentBuilder, rows: SummaryRows, item: ReportedItem, *, starts_page: bool
) -> None:
    translate, content = builder.translate, rows.content
    builder.heading(translate(_title, item), level=2, name=item_bookmark(item), starts_page=starts_page)
    builder.sentence(translate.of_columns(item.text_ms, item.text_en), style="OfficialText")
    if item.short_title:
        builder.sentence(translate(sentences.title_note, item), style="Note")
    builder.sentence(translate(sentences.source_words, content), style="Note")
    _write_state(builder, item)
    _write_agencies(builder, content, item)
    _write_updates(builder, content, rows.updates.get(item.key, []))
    if content.sees_marks:
        builder.heading(translate.label("evidence"), level=3)
        _write_item_evidence(builder, rows, item)
    _write_steps(builder, content.steps_by_item.get(item.key, []))


def _title(item: ReportedItem) -> str:
    return f"{item.label} · {sentences.pillar_words(item.pillar)}" if item.pillar else item.label


def _write_state(builder: DocumentBuilder, item: ReportedItem) -> None:
    """Write the state of the item, and whose verdict it is."""
    translate, state = builder.translate, item.state
    builder.paragraph(verdict_text(translate, item.status, item.percent), style="Verdict")
    if state.override is None:
        builder.sentence(translate(sentences.state_origin, state))
        return
    builder.sentence(translate(sentences.override_words, state.override, state.beneath))
    builder.paragraph(plain(state.override.reason), style="Narrative")


def _write_agencies(builder: DocumentBuilder, content: SummaryContent, item: ReportedItem) -> None:
    if not item.agencies:
        return
    translate = builder.translate
    builder.heading(translate.label("agencies"), level=3)
    builder.table(
        _agency_columns(translate, sees_marks=content.sees_marks),
        [_agency_row(translate, content, agency) for agency in item.agencies],
        caption=translate(lambda: _("Agencies of %(item)s") % {"item": item.label}),
    )


def _agency_columns(translate: DocxTranslator, *, sees_marks: bool) -> list[DocxColumn]:
    if sees_marks:
        return labelled_columns(translate, agency=36, role=20, reported=32, decision=34, accepted=22, next=26)
    return labelled_columns(translate, agency=66, role=32, decision=46, accepted=26)


def _agency_row(translate: DocxTranslator, content: SummaryContent, agency: ReportedAgency) -> list[Cell]:
    """Return the cells of an agency; claim and next update only where the reader may know of them."""
    name = translate.of_columns(agency.name_ms, agency.name_en)
    role = translate(AssignmentRole(agency.role).label)
    suggested = [translate.label("suggested")] if agency.is_suggested else []
    marks = content.sees_marks
    return [
        [plain(agency.code, "Strong"), name],
        [role, *suggested],
        *([_claim(translate, agency)] if marks else []),
        _verdict(translate, agency),
        NOTHING if agency.is_suggested else translate(sentences.day_or_none, agency.decided_on),
        *([list(_next_update(translate, content, agency)) or NOTHING] if marks else []),
    ]


def _claim(translate: DocxTranslator, agency: ReportedAgency) -> DocxText:
    if agency.claim_status is None:
        return NOTHING
    return translate(sentences.verdict_words, agency.claim_status, agency.claim_percent)


def _verdict(translate: DocxTranslator, agency: ReportedAgency) -> Cell:
    if agency.is_suggested:
        return translate.label("not_confirmed")
    verdict = verdict_text(translate, agency.status, agency.percent)
    return [verdict, translate.label("verdict_differs")] if agency.claim_differs else verdict


def _next_update(
    translate: DocxTranslator, content: SummaryContent, agency: ReportedAgency
) -> Iterator[DocxText]:
    """Yield when the next update is due, and below it what stands out."""
    notes = list(translate.each(sentences.attention_notes, agency, content.selection.day))
    if agency.next_due_on is not None:
        yield translate(dates.short_day, agency.next_due_on)
    elif notes:
        yield NOTHING
    yield from notes


def _write_updates(
    builder: DocumentBuilder, content: SummaryContent, updates: Sequence[ReportedUpdate]
) -> None:
    translate = builder.translate
    builder.heading(translate.label("progress"), level=3)
    if not updates:
        builder.sentence(translate.label("no_updates"))
    for update in updates:
        builder.paragraph(
            plain(update.code, "Strong"),
            plain("  "),
            verdict_text(translate, update.status, update.percent),
            plain("\t"),
            translate(dates.day, update.decided_at),
            style="UpdateHeading",
        )
        builder.paragraph(_narrative(translate, update), style="Narrative", between="\n")
        notes = translate(sentences.update_notes, update, content)
        if notes.text:
            builder.paragraph(notes, style="Note", between="\n")


def _write_steps(builder: DocumentBuilder, steps: Sequence[ReportedStep]) -> None:
    """Write the planned steps of an item, and what became of each; nothing without one."""
    if not steps:
        return
    builder.heading(builder.translate.label("steps"), level=3)
    for step in steps:
        builder.paragraph(plain(step.text), style="Narrative", between="\n")
        builder.paragraph(builder.translate(step_words, step), style="Note", between="\n")


def _narrative(translate: DocxTranslator, update: ReportedUpdate) -> DocxText:
    """Return an update's text as it was typed, or why there is no text."""
    if update.has_text:
        return plain(update.narrative)
    return DocxText(tuple((language, accepted_text(update, language)) for language in translate.languages))


def write_evidence(builder: DocumentBuilder, rows: SummaryRows) -> None:
    """Write the list of evidence: a table for each item that has any, with the hash of each file."""
    translate = builder.translate
    builder.heading(translate.label("evidence"))
    for item in rows.content.items:
        builder.heading(translate(sentences.item_name, item), level=2)
        builder.paragraph(
            translate.of_columns(title_of(item, "ms"), title_of(item, "en")), style="Note", between="\n"
        )
        _write_item_evidence(builder, rows, item)


def _write_item_evidence(builder: DocumentBuilder, rows: SummaryRows, item: ReportedItem) -> None:
    """Write each document of an item once, by number, however many updates cite it; or that none is cited."""
    translate, content = builder.translate, rows.content
    documents: Sequence[ReportedDocument] = rows.documents.get(item.key, [])
    if not documents:
        builder.sentence(translate(sentences.no_evidence, content))
        return
    columns = labelled_columns(
        translate, document=19, file=62, agency=17, covered=26, window_place=26, classification=20
    )
    by_number = {document.number: document for document in documents}
    cells = [_document_row(translate, content, by_number[number]) for number in sorted(by_number)]
    builder.table(
        columns, cells, caption=translate(lambda: _("Evidence for %(item)s") % {"item": item.label})
    )


def _document_row(
    translate: DocxTranslator, content: SummaryContent, document: ReportedDocument
) -> list[Cell]:
    first, last = document.evidence_from, document.evidence_to
    return [
        plain(str(document.number)),
        list(_file(translate, document)),
        plain(document.code, "Strong"),
        translate(dates.day_range, first, last),
        translate(sentences.window_words, first, last, content.dates),
        translate(Clearance(document.classification).label),
    ]


def _file(translate: DocxTranslator, document: ReportedDocument) -> Iterator[DocxText]:
    """Yield name, size and hash of a file, or why it has no name."""
    yield translate.label("sealed") if document.is_sealed else plain(document.name)
    if document.reference_number:
        yield translate(sentences.paper_file, document.reference_number)
    elif document.size:
        yield plain(file_size(document.size))
    if document.sha256:
        yield plain(document.sha256, "Code")

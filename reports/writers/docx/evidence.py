"""Evidence in a Word summary: the documents that accepted updates cite, by their numbers in Jejak."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from accounts.clearance import Clearance
from reports.writers.docx.document import Cell, DocumentBuilder, labelled_columns
from reports.writers.docx.text import DocxText, DocxTranslator, plain
from reports.writers.wording import sentences
from ui import dates
from ui.numbers import file_size

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.rows import ReportedDocument, ReportedItem
    from reports.writers.summary_rows import SummaryRows


def write_evidence(builder: DocumentBuilder, rows: SummaryRows) -> None:
    """Write the list of evidence: a table for each item that has any, with the hash of each file."""
    translate = builder.translate
    builder.heading(translate.label("evidence"))
    for item in rows.content.items:
        builder.heading(translate(sentences.item_name, item), level=2)
        builder.paragraph(translate.of_columns(item.text_ms, item.text_en), style="Note", between="\n")
        write_item_evidence(builder, rows, item)


def write_item_evidence(builder: DocumentBuilder, rows: SummaryRows, item: ReportedItem) -> None:
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
    cells = [_row(translate, content, by_number[number]) for number in sorted(by_number)]
    builder.table(columns, cells, caption=translate(sentences.evidence_of, item))


def _row(translate: DocxTranslator, content: SummaryContent, document: ReportedDocument) -> list[Cell]:
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

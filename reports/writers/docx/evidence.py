"""Evidence in a Word summary: the documents that accepted updates cite, by their numbers in Jejak."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.clearance import Clearance
from reports.summary.content import SummaryContent
from reports.summary.rows import ReportedDocument, ReportedItem
from reports.writers import sentences
from reports.writers.docx import phrases
from reports.writers.docx.gathering import Gathered
from reports.writers.docx.sheet import Sheet
from reports.writers.docx.tables import Cell, Column
from reports.writers.docx.voice import Said, Voice, typed
from ui import dates
from ui.numbers import file_size


def write_evidence(sheet: Sheet, gathered: Gathered) -> None:
    """The list of evidence: a table for each item that has any, with the hash of each file."""
    voice, content = sheet.voice, gathered.content
    sheet.heading(voice(lambda: _("Evidence")))
    for item in content.items:
        sheet.heading(phrases.item_name(voice, item), level=2)
        sheet.paragraph(phrases.official_text(voice, item), style="Note", between="\n")
        caption = voice(_evidence_of_item, item)
        write_evidence_of(sheet, content, gathered.documents.get(item.key, []), caption=caption)


def write_evidence_of(
    sheet: Sheet, content: SummaryContent, documents: Sequence[ReportedDocument], *, caption: Said
) -> None:
    """Each document of an item once, by number, however many updates cite it; or that none is cited."""
    voice = sheet.voice
    if not documents:
        sheet.sentence(voice(sentences.no_evidence, content))
        return
    columns = [
        Column(19, voice(lambda: pgettext("column", "Document")), is_figure=True),
        Column(62, voice(lambda: pgettext("column", "File"))),
        Column(17, voice(lambda: _("Agency"))),
        Column(26, voice(lambda: _("Dates of evidence"))),
        Column(26, voice(lambda: pgettext("column", "Window"))),
        Column(20, voice(lambda: _("Classification"))),
    ]
    once = {document.number: document for document in documents}
    rows = [_row(voice, content, once[number]) for number in sorted(once)]
    sheet.table(columns, rows, caption=caption)


def _row(voice: Voice, content: SummaryContent, document: ReportedDocument) -> list[Cell]:
    return [
        typed(str(document.number)),
        list(_file(voice, document)),
        typed(document.code, "Strong"),
        voice(dates.day_range, document.evidence_from, document.evidence_to),
        voice(sentences.window_words, document.evidence_from, document.evidence_to, content.dates),
        voice(lambda: Clearance(document.classification).label),
    ]


def _file(voice: Voice, document: ReportedDocument) -> Iterator[Said]:
    """Name and size, or why there is no name."""
    if document.is_sealed:
        yield voice(lambda: _("Sealed"))
    else:
        yield typed(document.name)
    if document.reference_number:
        yield voice(sentences.paper_file, document.reference_number)
    elif document.size:
        yield typed(file_size(document.size))
    if document.sha256:
        yield typed(document.sha256, "Code")


def _evidence_of_item(item: ReportedItem) -> str:
    return evidence_of(item.label)


def evidence_of(item: str) -> str:
    """What a table of evidence is called, in the language in force."""
    return _("Evidence for %(item)s") % {"item": item}

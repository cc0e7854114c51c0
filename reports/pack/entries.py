"""The documents that a pack holds or only lists: each cited document once, and why it is not packed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from evidence.models import Document

if TYPE_CHECKING:
    from reports.summary.rows import ReportedDocument


class NotPacked(TextChoices):
    """Why a document is listed and not packed."""

    SEALED = "sealed", _("it is sealed: nobody can read it")
    DESTROYED = "destroyed", _("its content was destroyed with the approval of the National Archives")
    HELD_BY_SCAN = "held_by_scan", _("it is held until it is found free of viruses")
    PAPER_FILE = "paper_file", _("it is a paper file, known by its reference number")


@dataclass(frozen=True, slots=True)
class PackEntry:
    """A document of a pack; `reason` is None where its bytes are packed. `classification` is its class today.

    `citation` is its first one.
    """

    number: int
    classification: int
    reason: NotPacked | None
    document: Document
    citation: ReportedDocument
    review_ids: tuple[int, ...]


def list_entries(citations: Iterable[ReportedDocument]) -> list[PackEntry]:
    """Return an entry for each document, in the order of the citations.

    Documents above the reader's class are cited by no row, so a pack tells nothing of them, not even that they are. Call it inside the `database_snapshot()` in which the citations were read.
    """
    by_number: dict[int, list[ReportedDocument]] = defaultdict(list)
    for citation in citations:
        by_number[citation.number].append(citation)
    documents = Document.objects.in_bulk(by_number)
    entries = []
    for number, rows in by_number.items():
        document, review_ids = documents[number], tuple(row.review_id for row in rows)
        entries.append(
            PackEntry(number, document.classification, _reason(document), document, rows[0], review_ids)
        )
    return entries


def _reason(document: Document) -> NotPacked | None:
    """Return why a document is not packed, or None."""
    if document.is_destroyed:
        return NotPacked.DESTROYED
    if document.is_sealed:
        return NotPacked.SEALED
    if not document.has_bytes:
        return NotPacked.PAPER_FILE
    return None if document.is_available else NotPacked.HELD_BY_SCAN

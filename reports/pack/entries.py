"""The documents that a pack holds or only lists: each cited document once, and why it is not packed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.clearance import Clearance
from evidence.models import Document
from recommendations.models import Review, SubmissionDocument
from reports.summary.row_stream import reviews_in_force

if TYPE_CHECKING:
    from collections.abc import Collection

    from reports.summary.content import SummaryContent
    from reports.summary.rows import ReportedDocument


class NotPacked(TextChoices):
    """Why a document is listed and not packed."""

    ABOVE_CLASS = (
        "above_class",
        _("it, or the update that cites it, is above the classification of this pack"),
    )
    SEALED = "sealed", _("it is sealed: nobody can read it")
    DESTROYED = "destroyed", _("its content was destroyed with the approval of the National Archives")
    HELD_BY_SCAN = "held_by_scan", _("it is held until it is found free of viruses")
    PAPER_FILE = "paper_file", _("it is a paper file, known by its reference number")


@dataclass(frozen=True, slots=True)
class PackEntry:
    """A document of a pack; `reason` is None where its bytes are packed. `classification` is its class today.

    `document` and `citation`, its first one, are None for a document above the reader's class: only its number and its
    class may be told.
    """

    number: int
    classification: int
    reason: NotPacked | None
    document: Document | None = None
    citation: ReportedDocument | None = None
    review_ids: tuple[int, ...] = ()


def list_entries(content: SummaryContent, citations: Iterable[ReportedDocument]) -> list[PackEntry]:
    """Return an entry for each document, in the order of the citations; those above the reader's class come last.

    Call it inside the `database_snapshot()` in which the citations were read.
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
    return [*entries, *_entries_above_class(content, by_number)]


def _reason(document: Document) -> NotPacked | None:
    """Return why a document that the reader may know of is not packed, or None."""
    if document.is_destroyed:
        return NotPacked.DESTROYED
    if document.is_sealed:
        return NotPacked.SEALED
    if not document.has_bytes:
        return NotPacked.PAPER_FILE
    return None if document.is_available else NotPacked.HELD_BY_SCAN


def _entries_above_class(content: SummaryContent, cited: Collection[int]) -> list[PackEntry]:
    """Return what the same updates would cite for this reader with the highest clearance, beside what is cited."""
    cleared = copy(content.reader)
    cleared.clearance = Clearance.TOP_SECRET
    reviews = reviews_in_force(content).filter(pk__in=Review.objects.visible_to(cleared).values("pk"))
    links = SubmissionDocument.objects.filter(submission__in=reviews.order_by().values("submission"))
    visible = Document.objects.visible_to(cleared).filter(pk__in=links.values("document"))
    above = visible.exclude(pk__in=cited).order_by("pk").values_list("pk", "classification")
    return [PackEntry(number, classification, NotPacked.ABOVE_CLASS) for number, classification in above]

"""What goes into a pack, and what is only listed: each document that is cited once, with the reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from copy import copy
from dataclasses import dataclass
from enum import StrEnum

from accounts.clearance import Clearance
from accounts.models import User
from evidence.models import Document
from recommendations.models import Review, SubmissionDocument
from reports.summary.content import SummaryContent
from reports.summary.row_stream import reviews_in_force
from reports.summary.rows import ReportedDocument


class Left(StrEnum):
    """Why a document is listed and not packed."""

    ABOVE = "above_class"
    SEALED = "sealed"
    DESTROYED = "destroyed"
    HELD = "held_by_scan"
    PAPER = "paper_file"


@dataclass(frozen=True, slots=True)
class Cited:
    """A document that the reader may know of: how it is cited first, and all reviews of updates that cite it.

    `left` is None where its bytes go into the pack.
    """

    row: ReportedDocument
    document: Document
    left: Left | None
    review_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Above:
    """A document that the reader may not read: no more is told than its number and its class."""

    number: int
    classification: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """Every document of a content, by number in the order in which it is cited, and those above the reader's class."""

    cited: dict[int, Cited]
    above: list[Above]

    @property
    def packed_count(self) -> int:
        return sum(each.left is None for each in self.cited.values())

    @property
    def classification(self) -> int:
        """The highest class among those that are packed: it may have been raised since the day."""
        return max((each.document.classification for each in self.cited.values() if not each.left), default=0)


def gather(content: SummaryContent, rows: Iterable[ReportedDocument]) -> Gathered:
    """Look up how each document stands now; inside the `steady()` in which the rows were read."""
    first: dict[int, ReportedDocument] = {}
    reviews: dict[int, list[int]] = {}
    for row in rows:
        first.setdefault(row.number, row)
        reviews.setdefault(row.number, []).append(row.review_id)
    found = Document.objects.in_bulk(first)
    cited = {
        number: Cited(row, found[number], left_out(found[number]), tuple(reviews[number]))
        for number, row in first.items()
    }
    return Gathered(cited, _above(content, cited))


def left_out(document: Document) -> Left | None:
    """Why a document that the reader may know of is not packed."""
    if document.is_destroyed:
        return Left.DESTROYED
    if document.is_sealed:
        return Left.SEALED
    if not document.has_bytes:
        return Left.PAPER
    return None if document.is_available else Left.HELD


def _above(content: SummaryContent, cited: Collection[int]) -> list[Above]:
    """What the same updates would cite for a reader of the highest clearance: nobody else's is told."""
    cleared: User = copy(content.reader)
    cleared.clearance = Clearance.TOP_SECRET
    reviews = reviews_in_force(content).filter(pk__in=Review.objects.visible_to(cleared).values("pk"))
    links = SubmissionDocument.objects.filter(submission__in=reviews.order_by().values("submission"))
    hidden = (
        Document.objects.visible_to(cleared).filter(pk__in=links.values("document")).exclude(pk__in=cited)
    )
    return [Above(*row) for row in hidden.order_by("pk").values_list("pk", "classification")]

"""The two long parts of a summary, streamed row by row: accepted updates, and the documents that they cite.

The querysets of the apps below decide who may read what. A text that the reader may not read never leaves the database;
whatever else they may not know is dropped here, before anybody sees the row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    QuerySet,
    SmallIntegerField,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from audit.clock import local_date
from audit.guarded_text import GuardedTextField
from audit.snapshot import stream_rows
from evidence.models import Document, DocumentQuerySet, DocumentVersion
from recommendations.models import AssignmentVersion, Review, SubmissionDocument
from recommendations.states import ItemKind, Stage
from reports.summary.rows import ReportedDocument, ReportedUpdate

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent

#: Rows that are fetched from the database at once.
CHUNK = 2_000
#: What is known of a text that the reader may not read: neither its days nor its class.
_NO_TEXT = (None, None, None, None)


def stream_updates(content: SummaryContent, *, most: int | None = None) -> Iterator[ReportedUpdate]:
    """Yield the accepted updates in force on the day, in the order of the items, newest first; `most`: only the first."""
    keys, agencies = content.item_keys, content.agencies
    wanted = _updates(content)
    if most is not None:
        # Which are the first is asked without their texts: the long statement would compute every row.
        wanted = wanted.filter(pk__in=list(reviews_in_force(content).values_list("pk", flat=True)[:most]))
    for row in _rows(wanted, most=most):
        review_id, item_id, agency_id, decided_at, status, percent = row[:6]
        knows, is_readable, corrected, is_nothing_new, narrative = row[6:11]
        claim_status, claim_percent = row[11:13] if knows else (None, None)
        covers_from, covers_to, classification, reported_on = row[13:17] if is_readable else _NO_TEXT
        is_by_letter, documents, ended_at = row[17:]
        yield ReportedUpdate(
            review_id,
            keys[item_id],
            agencies[agency_id].code,
            decided_at,
            status,
            percent,
            claim_status,
            claim_percent,
            is_readable,
            "" if is_nothing_new else narrative,
            is_nothing_new and is_readable,
            covers_from,
            covers_to,
            classification,
            corrected,
            is_by_letter and knows,
            reported_on,
            tuple(documents) if knows else (),
            local_date(ended_at) if ended_at else None,
        )


def stream_documents(content: SummaryContent, *, most: int | None = None) -> Iterator[ReportedDocument]:
    """Yield the documents that accepted updates cite and the reader may know of, in the order of the items.

    `most`: only the first.
    """
    keys, agencies = content.item_keys, content.agencies
    for row in _rows(_documents(content), most=most):
        number, item_id, agency_id, review_id, name, reference_number, *rest = row
        is_sealed = rest.pop() is not None
        named = ("", "") if is_sealed else (name, reference_number)
        yield ReportedDocument._make(
            [number, keys[item_id], agencies[agency_id].code, review_id, *named, *rest, is_sealed]
        )


def count_updates(content: SummaryContent) -> int:
    """Return how many updates there are, without reading them."""
    return reviews_in_force(content).order_by().count()


def count_documents(content: SummaryContent) -> int:
    """Return how many documents there are, each counted as often as it is cited."""
    return _documents(content).order_by().values("pk").count()


def _rows(rows: QuerySet[Any, Any], *, most: int | None) -> Iterator[Any]:
    """Return the rows from a server-side cursor: memory does not grow with their number."""
    return stream_rows(rows, chunk_size=CHUNK) if most is None else iter(rows[:most])


def reviews_in_force(content: SummaryContent) -> QuerySet[Review]:
    """Return the accepted verdicts in force at the end of the day: those that no later one had replaced."""
    selection = content.selection
    later = Review.objects.filter(supersedes=OuterRef("pk"), decided_at__lt=selection.before)
    found = Review.objects.accepted().filter(
        ~Exists(later), item_id__in=list(content.item_keys), decided_at__lt=selection.before
    )
    if selection.after:
        found = found.filter(decided_at__gte=selection.after)
    if selection.agency:
        found = found.filter(assignment__agency_id__in=content.agency_ids)
    return found.order_by(*_order_of_items(), "-decided_at", "-pk")


def _order_of_items() -> tuple[Case, str]:
    """Return the ordering by kind, then by number."""
    rank = Case(
        *(When(item__kind=kind, then=Value(place)) for place, kind in enumerate(ItemKind.values)),
        output_field=SmallIntegerField(),
    )
    return rank, "item__number"


def _updates(content: SummaryContent) -> QuerySet[Any, Any]:
    reader, this = content.reader, {"pk": OuterRef("pk")}
    readable = Exists(Review.objects.with_narrative_for(reader).filter(**this))
    known = Exists(Review.objects.visible_to(reader).filter(**this))
    cited = SubmissionDocument.objects.filter(submission=OuterRef("submission_id")).order_by()
    seen = cited.filter(document__in=_seen_documents(content)).order_by("document_id")
    ended = AssignmentVersion.objects.as_at(content.selection.before).filter(
        assignment=OuterRef("assignment_id"), stage=Stage.ENDED
    )
    # Of a paper file only the number is known: as on the pages, its class does not count.
    highest = (
        cited.filter(document__in=Document.objects.with_bytes())
        .values("submission_id")
        .annotate(highest=Max(class_as_at("document_id", content)))
        .values("highest")
    )
    return (
        reviews_in_force(content)
        .annotate(is_readable=readable, knows=known)
        .annotate(
            text=Case(
                When(is_readable=True, then=F("submission__narrative")), default=Value(""), output_field=GuardedTextField()
            ),
            highest=Greatest("submission__classification", Subquery(highest, output_field=IntegerField())),
            corrected=Case(
                When(supersedes=None, then=Value(False)), default=Value(True), output_field=BooleanField()
            ),
            numbers=ArraySubquery(seen.values("document_id")),
            assignment_ended_at=Subquery(ended.values("began_at")[:1]),
        )
        .values_list(
            "pk", "item_id", "assignment__agency_id", "decided_at", "status", "percent",
            "knows", "is_readable", "corrected", "submission__update__is_nothing_new", "text",
            "submission__status", "submission__percent",
            "submission__covers_from", "submission__covers_to", "highest", "submission__update__reported_on",
            "submission__update__is_by_letter", "numbers", "assignment_ended_at",
        )
    )  # fmt: skip


def _documents(content: SummaryContent) -> QuerySet[Any, Any]:
    link = "submission__document_links__document"
    known = reviews_in_force(content).filter(
        **{
            "pk__in": Review.objects.visible_to(content.reader).values("pk"),
            f"{link}__in": _seen_documents(content),
        }
    )
    known = known.annotate(class_then=class_as_at(f"{link}_id", content))
    return known.order_by(*_order_of_items(), f"{link}_id", "pk").values_list(
        f"{link}_id", "item_id", "assignment__agency_id", "pk", f"{link}__original_name", f"{link}__reference_number",
        f"{link}__media_type", f"{link}__size", f"{link}__sha256", f"{link}__evidence_from", f"{link}__evidence_to",
        "class_then", f"{link}__sealed_at",
    )  # fmt: skip


def _seen_documents(content: SummaryContent) -> DocumentQuerySet:
    """Return the documents that the reader may know of, none above the ceiling: not even a paper file of their own."""
    reader = content.reader
    return Document.objects.visible_to(reader).filter(classification__lte=reader.clearance)


def class_as_at(document: str, content: SummaryContent) -> Coalesce:
    """Return the expression for a document's class on the day; where it was not recorded then, its first one."""
    versions = DocumentVersion.objects.filter(document_id=OuterRef(document))
    return Coalesce(
        Subquery(versions.as_at(content.selection.before).values("classification")[:1]),
        Subquery(versions.order_by("began_at").values("classification")[:1]),
    )

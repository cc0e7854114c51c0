"""What happened since a report was requested that changes its content: seals, classes and assignments."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.models import AgencyVersion
from accounts.roles import AGENCY_ROLES
from audit.clock import end_of_day, local_date
from evidence.models import Document, DocumentVersion
from recommendations.models import Assignment, AssignmentVersion, Item, SubmissionDocument
from recommendations.states import Stage
from reports.states import WITH_DOCUMENTS

if TYPE_CHECKING:
    from reports.models.report import Report
    from reports.summary.selection import Selection


class ChangeReason(TextChoices):
    """What can change the content of a selection. No sentence names a document, an item or an agency."""

    OPEN_DAY = (
        "open_day",
        pgettext_lazy(
            "why", "The day was not over when it was made: what was recorded later on that day counts too."
        ),
    )
    SEALED = (
        "sealed",
        pgettext_lazy("why", "A document that it lists has been sealed since: its name is no longer given."),
    )
    CLASSIFIED = (
        "classified",
        pgettext_lazy(
            "why",
            "A document has been classified anew since: more, or less, is within the clearance that it was made for.",
        ),
    )
    RIGHTS = (
        "rights",
        pgettext_lazy(
            "why",
            "The agency that it was made for has answered for other items since, and reads other texts of other "
            "agencies.",
        ),
    )
    UNEXPLAINED = (
        "unexplained",
        pgettext_lazy(
            "why",
            "Jejak knows of nothing that explains it. Tell an administrator, who has the audit trail checked.",
        ),
    )


def find_reasons(report: Report, *, item_ids: Collection[int], clearance: int) -> tuple[ChangeReason, ...]:
    """Return what happened since a report was requested that can change its content; never empty.

    `item_ids` are those that the selection finds today, none where it finds nothing; `clearance` is what its reader
    was cleared for, lowered to its ceiling. Takes up to three queries. Only seals, classes and rights change the
    content of a day that is over; where none of them did, the answer is `UNEXPLAINED`: the data are in doubt.
    """
    items = Item.objects.filter(pk__in=item_ids) if item_ids else Item.objects.filter(cycle=report.cycle_id)
    checks = {
        ChangeReason.OPEN_DAY: report.as_at >= local_date(report.asked_at),
        ChangeReason.SEALED: report.depth in WITH_DOCUMENTS and _sealed(report, items).exists(),
        ChangeReason.CLASSIFIED: _reclassified(report, items, clearance).exists(),
        ChangeReason.RIGHTS: report.reader_role in AGENCY_ROLES
        and _assignments_changed(report, items).exists(),
    }
    return tuple(reason for reason, holds in checks.items() if holds) or (ChangeReason.UNEXPLAINED,)


def is_outdated(report: Report, selection: Selection) -> bool:
    """Return whether a stored file may hold what its reader may no longer read; then nobody may download it.

    True when, since the request, a document that the selection can hold was sealed or classified above the reader's
    clearance, or an assignment of the reader's agency ended. Takes up to three queries; it rather refuses once too often.
    """
    items, clearance = _items_in_reach(report, selection), min(report.reader_clearance, report.ceiling)
    return (
        (report.depth in WITH_DOCUMENTS and _received_in_time(report, _sealed(report, items)).exists())
        or _received_in_time(report, _raised(report, items, clearance)).exists()
        or (report.reader_role in AGENCY_ROLES and _assignments_ended(report, items).exists())
    )


def content_changed() -> str:
    """Return the sentence that tells why nobody may download a file any more."""
    return _(
        "What this can hold has changed since it was made: a document was sealed or classified higher, or your agency no "
        "longer answers for an item. So it cannot be taken any more. Make it again."
    )


def _items_in_reach(report: Report, selection: Selection) -> QuerySet[Item]:
    """Return the items that the selection can hold, whatever their state was on the day."""
    kind, _dash, number = selection.item.partition("-")
    wanted = {"kind": kind or selection.kind, "number": number, "pillar": selection.pillar}
    items = Item.objects.filter(
        cycle=report.cycle_id, **{name: value for name, value in wanted.items() if value}
    )
    if selection.agency:
        called = AgencyVersion.objects.filter(code=selection.agency)
        items = items.filter(assignments__agency_id__in=called.values("agency_id"))
    return items


def _received_in_time(report: Report, documents: QuerySet[Document]) -> QuerySet[Document]:
    """Return those that Jejak had by the report's day: no other is in it."""
    return documents.filter(received_at__lt=end_of_day(report.as_at))


def _cited(items: QuerySet[Item]) -> QuerySet[SubmissionDocument, Any]:
    """Return the ids of the documents that any version of an update on these items cites."""
    links = SubmissionDocument.objects.filter(submission__update__assignment__item__in=items)
    return links.values("document_id")


def _sealed(report: Report, items: QuerySet[Item]) -> QuerySet[Document]:
    """Return the documents that were sealed since the request, of those that the reader knows."""
    visible = Document.objects.visible_to(report.reader)
    return visible.filter(pk__in=_cited(items), sealed_at__gte=report.asked_at)


def _reclassified(report: Report, items: QuerySet[Item], clearance: int) -> QuerySet[Any, Any]:
    """Return the documents that have moved across the reader's clearance, up or down."""
    raised = Q(class_then__lte=clearance, classification__gt=clearance)
    lowered = Q(class_then__gt=clearance, classification__lte=clearance)
    return _with_class_then(report, items).filter(raised | lowered)


def _raised(report: Report, items: QuerySet[Item], clearance: int) -> QuerySet[Any, Any]:
    """Return the documents that were within the reader's clearance and are above it now."""
    return _with_class_then(report, items).filter(class_then__lte=clearance, classification__gt=clearance)


def _with_class_then(report: Report, items: QuerySet[Item]) -> QuerySet[Any]:
    """Return the cited documents with `class_then`, their class when the report was requested."""
    versions = DocumentVersion.objects.filter(document_id=OuterRef("pk")).as_at(report.asked_at)
    cited = Document.objects.filter(pk__in=_cited(items))
    return cited.annotate(class_then=Subquery(versions.values("classification")[:1]))


def _assignments_changed(report: Report, items: QuerySet[Item]) -> QuerySet[Assignment]:
    """Return the agency's assignments that have begun or ended since."""
    was, is_now = Q(stage_then=Stage.CONFIRMED), Q(stage=Stage.CONFIRMED)
    new = (Q(stage_then=None) | ~was) & is_now
    return _with_stage_then(report, items).filter(was & ~is_now | new)


def _assignments_ended(report: Report, items: QuerySet[Item]) -> QuerySet[Assignment]:
    """Return the agency's assignments that were in force and are no longer."""
    return _with_stage_then(report, items).filter(stage_then=Stage.CONFIRMED).exclude(stage=Stage.CONFIRMED)


def _with_stage_then(report: Report, items: QuerySet[Item]) -> QuerySet[Any]:
    """Return the agency's assignments with `stage_then`, their stage when the report was requested."""
    versions = AssignmentVersion.objects.filter(assignment_id=OuterRef("pk")).as_at(report.asked_at)
    return Assignment.objects.filter(agency_id=report.reader_agency_id, item__in=items).annotate(
        stage_then=Subquery(versions.values("stage")[:1])
    )

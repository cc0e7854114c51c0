"""Why today's answer to a selection is another one than it was: what is known to have happened since."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextChoices
from django.utils.translation import pgettext_lazy

from accounts.models import AgencyVersion
from accounts.roles import AGENCY_ROLES
from audit.clock import end_of_day, local_date
from evidence.models import Document, DocumentVersion
from recommendations.models import Assignment, AssignmentVersion, Item, SubmissionDocument
from recommendations.states import Stage
from reports.models import Report
from reports.states import WITH_DOCUMENTS
from reports.summary.selection import saved_selection


class Why(TextChoices):
    """What can move an answer. Each sentence is true of what was found, and names nothing."""

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


def find_reasons(report: Report, *, item_ids: Collection[int], clearance: int) -> tuple[Why, ...]:
    """What happened since a report was asked for that can move its answer; never empty.

    `item_ids` are those that the selection finds today, none where it finds nothing; `clearance` is what its reader
    was cleared for, lowered to its ceiling. Up to three queries. What a day that is over tells is moved by seals and by
    rights alone; where neither was touched, the data themselves are in doubt, and that is said.
    """
    items = Item.objects.filter(pk__in=item_ids) if item_ids else Item.objects.filter(cycle=report.cycle_id)
    checks = {
        Why.OPEN_DAY: report.as_at >= local_date(report.asked_at),
        Why.SEALED: report.depth in WITH_DOCUMENTS and _sealed(report, items).exists(),
        Why.CLASSIFIED: _classified_anew(report, items, clearance).exists(),
        Why.RIGHTS: report.reader_role in AGENCY_ROLES and _moved(report, items).exists(),
    }
    return tuple(why for why, holds in checks.items() if holds) or (Why.UNEXPLAINED,)


def is_outdated(report: Report) -> bool:
    """Whether a kept file may tell what its reader would no longer be told: then nobody is given it any more.

    A seal, a class above the reader's clearance, an assignment of the agency that is no longer in force, since it was
    asked for, on anything that the selection can hold. Up to three queries; it rather refuses once too often.
    """
    items, clearance = _in_reach(report), min(report.reader_clearance, report.ceiling)
    return (
        (report.depth in WITH_DOCUMENTS and _received_by(report, _sealed(report, items)).exists())
        or _received_by(report, _raised(report, items, clearance)).exists()
        or (report.reader_role in AGENCY_ROLES and _lost(report, items).exists())
    )


def _in_reach(report: Report) -> QuerySet[Item]:
    """The items that the selection can hold, whatever their state was on the day."""
    selection = saved_selection(report.query)
    kind, _dash, number = selection.item.partition("-")
    wanted = {"kind": kind or selection.kind, "number": number, "pillar": selection.pillar}
    items = Item.objects.filter(
        cycle=report.cycle_id, **{name: value for name, value in wanted.items() if value}
    )
    if selection.agency:
        called = AgencyVersion.objects.filter(code=selection.agency)
        items = items.filter(assignments__agency_id__in=called.values("agency_id"))
    return items


def _received_by(report: Report, documents: QuerySet[Document]) -> QuerySet[Document]:
    """Those that Jejak had by the day that the report tells of: no other is in it."""
    return documents.filter(received_at__lt=end_of_day(report.as_at))


def _cited(items: QuerySet[Item]) -> QuerySet[SubmissionDocument, Any]:
    """Documents under any version of an update on these items, by their numbers."""
    links = SubmissionDocument.objects.filter(submission__update__assignment__item__in=items)
    return links.values("document_id")


def _sealed(report: Report, items: QuerySet[Item]) -> QuerySet[Document]:
    visible = Document.objects.visible_to(report.reader)
    return visible.filter(pk__in=_cited(items), sealed_at__gte=report.asked_at)


def _classified_anew(report: Report, items: QuerySet[Item], clearance: int) -> QuerySet[Any, Any]:
    """Documents that have moved over the reader's clearance, one way or the other."""
    raised = Q(class_then__lte=clearance, classification__gt=clearance)
    lowered = Q(class_then__gt=clearance, classification__lte=clearance)
    return _with_class_then(report, items).filter(raised | lowered)


def _raised(report: Report, items: QuerySet[Item], clearance: int) -> QuerySet[Any, Any]:
    """Documents that were within the reader's clearance and are above it now."""
    return _with_class_then(report, items).filter(class_then__lte=clearance, classification__gt=clearance)


def _with_class_then(report: Report, items: QuerySet[Item]) -> QuerySet[Any]:
    """The documents with `class_then`: what each was classified as when the summary was asked for."""
    versions = DocumentVersion.objects.filter(document_id=OuterRef("pk")).as_at(report.asked_at)
    cited = Document.objects.filter(pk__in=_cited(items))
    return cited.annotate(class_then=Subquery(versions.values("classification")[:1]))


def _moved(report: Report, items: QuerySet[Item]) -> QuerySet[Assignment]:
    """The agency's assignments that have come into force since, or are no longer in force."""
    was, is_now = Q(stage_then=Stage.CONFIRMED), Q(stage=Stage.CONFIRMED)
    new = (Q(stage_then=None) | ~was) & is_now
    return _with_stage_then(report, items).filter(was & ~is_now | new)


def _lost(report: Report, items: QuerySet[Item]) -> QuerySet[Assignment]:
    """The agency's assignments that were in force and are no longer."""
    return _with_stage_then(report, items).filter(stage_then=Stage.CONFIRMED).exclude(stage=Stage.CONFIRMED)


def _with_stage_then(report: Report, items: QuerySet[Item]) -> QuerySet[Any]:
    """The agency's assignments with `stage_then`: where each stood when the summary was asked for."""
    versions = AssignmentVersion.objects.filter(assignment_id=OuterRef("pk")).as_at(report.asked_at)
    return Assignment.objects.filter(agency_id=report.reader_agency_id, item__in=items).annotate(
        stage_then=Subquery(versions.values("stage")[:1])
    )

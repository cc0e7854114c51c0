"""What happened since a report was requested that changes its content: seals, classes and assignments."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import AgencyVersion
from accounts.reading import reader_of
from accounts.roles import AGENCY_ROLES
from audit.clock import end_of_day
from audit.guarded_text import original
from audit.models import Event
from evidence.models import Document, DocumentVersion
from meetings.services.laying import fingerprint_of
from privacy.models import CHANGED_LATER, HIDDEN_LATER, IdentityMark
from recommendations.models import Assignment, AssignmentVersion, Item, SubmissionDocument
from recommendations.states import Stage
from reports.services.figure_changes import (
    has_loaded_again,
    has_other_explanations,
    has_other_figures,
    has_other_small_numbers,
    hides_more,
)
from reports.states import WITH_DOCUMENTS, WITH_FIGURES, WITH_KEY_FIGURES

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
    FIGURES = (
        "figures",
        pgettext_lazy("why", "Figures were given or revised later on that day."),
    )
    EXPLAINED = (
        "explained",
        pgettext_lazy("why", "MAPO gave or changed an explanation of a contradiction later on that day."),
    )
    LOADED = (
        "loaded",
        pgettext_lazy(
            "why", "The cycle’s file was loaded again since: it declares checks, which hold for every day."
        ),
    )
    SMALL_NUMBERS = (
        "small_numbers",
        pgettext_lazy(
            "why",
            "Other figures are now hidden from those that it was made for: numbers that point to few victims "
            "came beside them, or another agency answers for an indicator.",
        ),
    )
    WORDS = (
        "words",
        pgettext_lazy(
            "why",
            "Words that identify somebody have been hidden since, or are shown again, for those that it was made for.",
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
            "The classification of a document has changed since: the clearance that it was made for now "
            "covers more or less.",
        ),
    )
    RIGHTS = (
        "rights",
        pgettext_lazy(
            "why",
            "The assignments of the agency that it was made for have changed since, so it can read other "
            "texts of other agencies.",
        ),
    )
    AGENDA = (
        "agenda",
        pgettext_lazy(
            "why",
            "The agenda that Jejak holds is no longer the one that was laid before the council. Tell an "
            "administrator, who will have the audit trail checked.",
        ),
    )
    UNEXPLAINED = (
        "unexplained",
        pgettext_lazy(
            "why",
            "Jejak cannot explain the difference. Tell an administrator, who will have the audit trail "
            "checked.",
        ),
    )


#: Why nobody may download a file any more.
CONTENT_CHANGED = _(
    "What this may contain has changed since it was made: a document was sealed or classified "
    "higher, an assignment of your agency has ended, or words or figures in it are hidden by now. It can no longer be "
    "downloaded. Make it again."
)
#: Assignments that have ended, and that have begun, since a report was requested.
_ENDED = Q(stage_then=Stage.CONFIRMED) & ~Q(stage=Stage.CONFIRMED)
_BEGUN = (Q(stage_then=None) | ~Q(stage_then=Stage.CONFIRMED)) & Q(stage=Stage.CONFIRMED)


def find_reasons(report: Report, *, item_ids: Collection[int], clearance: int) -> tuple[ChangeReason, ...]:
    """Return what happened since a report was requested that can change its content; never empty.

    `item_ids` are those that the selection finds today, none where it finds nothing; `clearance` is what its reader
    was cleared for, lowered to its ceiling. Takes up to eight queries. Only seals, classes and rights change the
    content of a day that is over; where none of them did, the answer is `UNEXPLAINED`: the data are in doubt.
    """
    items = Item.objects.filter(pk__in=item_ids) if item_ids else Item.objects.filter(cycle=report.cycle_id)
    figures = WITH_FIGURES | WITH_KEY_FIGURES
    lowered = Q(class_then__gt=clearance, classification__lte=clearance)
    checks = {
        ChangeReason.OPEN_DAY: report.is_of_open_day,
        ChangeReason.FIGURES: report.depth in figures and has_other_figures(report),
        ChangeReason.EXPLAINED: report.depth in WITH_FIGURES and has_other_explanations(report),
        ChangeReason.LOADED: report.depth in WITH_FIGURES and has_loaded_again(report),
        ChangeReason.SMALL_NUMBERS: report.depth in figures and has_other_small_numbers(report),
        ChangeReason.WORDS: _has_other_words(report, CHANGED_LATER),
        ChangeReason.SEALED: report.depth in WITH_DOCUMENTS and _sealed(report, items).exists(),
        ChangeReason.CLASSIFIED: _with_class_then(report, items)
        .filter(_raised(clearance) | lowered)
        .exists(),
        ChangeReason.RIGHTS: _own_assignments(report, items).filter(_BEGUN | _ENDED).exists(),
        ChangeReason.AGENDA: _has_other_agenda(report),
    }
    return tuple(reason for reason, holds in checks.items() if holds) or (ChangeReason.UNEXPLAINED,)


def _has_other_agenda(report: Report) -> bool:
    """Return whether a paper of a meeting was made of another agenda than the one that is held."""
    laid = report.laid_agenda
    return laid is not None and fingerprint_of(original(laid.content)) != laid.sha256


def is_outdated(report: Report, selection: Selection) -> bool:
    """Return whether a stored file may hold what its reader may no longer read; then nobody may download it.

    True when, since the request, words were hidden from the reader, a document that the selection can hold was sealed or
    classified above the reader's clearance, an assignment of the reader's agency ended, or figures in it are hidden by now. Takes up to six queries; it rather refuses once too often.
    """
    items, clearance = _items_in_reach(report, selection), min(report.reader_clearance, report.ceiling)
    # No document that Jejak received after the report's day is in it.
    in_time = Q(received_at__lt=end_of_day(report.as_at))
    return (
        (report.depth in WITH_DOCUMENTS and _sealed(report, items).filter(in_time).exists())
        or _with_class_then(report, items).filter(_raised(clearance), in_time).exists()
        or _own_assignments(report, items).filter(_ENDED).exists()
        or (report.depth in WITH_FIGURES | WITH_KEY_FIGURES and hides_more(report))
        or _has_other_words(report, HIDDEN_LATER)
    )


def _has_other_words(report: Report, actions: Collection[str]) -> bool:
    """Return whether such acts changed since the request which words of others' texts its reader sees (one query at most)."""
    reader = reader_of(report.reader, ceiling=report.ceiling)
    if reader.sees_all:
        return False
    hidden = Event.objects.filter(action__in=actions, occurred_at__gte=report.asked_at)
    events = hidden.values("pk")
    marks = IdentityMark.objects.filter(event_id__in=events)
    # Of nobody's agency is not the reader's own.
    return marks.exclude(agency_id=reader.agency_id or 0).exists()


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


def _cited(items: QuerySet[Item]) -> QuerySet[SubmissionDocument, Any]:
    """Return the ids of the documents that any version of an update on these items cites."""
    links = SubmissionDocument.objects.filter(submission__update__assignment__item__in=items)
    return links.values("document_id")


def _sealed(report: Report, items: QuerySet[Item]) -> QuerySet[Document]:
    """Return the documents that were sealed since the request, of those that the reader knows."""
    visible = Document.objects.visible_to(report.reader)
    return visible.filter(pk__in=_cited(items), sealed_at__gte=report.asked_at)


def _raised(clearance: int) -> Q:
    """Return the condition of documents that were within a clearance and are above it now."""
    return Q(class_then__lte=clearance, classification__gt=clearance)


def _with_class_then(report: Report, items: QuerySet[Item]) -> QuerySet[Any]:
    """Return the cited documents with `class_then`, their class when the report was requested."""
    versions = DocumentVersion.objects.filter(document_id=OuterRef("pk")).held_at(report.asked_at)
    cited = Document.objects.filter(pk__in=_cited(items))
    return cited.annotate(class_then=Subquery(versions.values("classification")[:1]))


def _own_assignments(report: Report, items: QuerySet[Item]) -> QuerySet[Any]:
    """Return the assignments of the reader's agency with `stage_then`, their stage when the report was requested.

    None for a reader whose rights do not depend on assignments.
    """
    versions = AssignmentVersion.objects.filter(assignment_id=OuterRef("pk")).held_at(report.asked_at)
    own = Assignment.objects.filter(agency_id=report.reader_agency_id, item__in=items).annotate(
        stage_then=Subquery(versions.values("stage")[:1])
    )
    return own if report.reader_role in AGENCY_ROLES else own.none()

"""Updates: what an agency reports, the text while it is being written, and each submission as it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Exists, F, Q
from django.db.models.functions import Coalesce, Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from accounts.clearance import Clearance
from audit.guarded_text import GuardedCharField, GuardedJSONField, GuardedTextField
from audit.guards import (
    INSERT,
    append_only,
    no_row,
    required,
)
from evidence.models import Document, cites_above
from recommendations.content import CONTENT_FIELDS
from recommendations.states import NARRATIVE_LENGTH, ShowsStatus, Status, percent_agrees
from submissions.models import (
    Draft,
    DraftWriter,
    SubmissionVersion,
    citation_guards,
    draft_constraints,
    draft_guards,
    sent_part_guards,
    version_guards,
)
from submissions.states import OPEN_STATES, SubmissionState

if TYPE_CHECKING:
    from accounts.models import User


class UpdateQuerySet(models.QuerySet["Update"]):
    def visible_to(self, user: User) -> UpdateQuerySet:
        """Updates that a person may open in full (docs/rules.md, Who sees what), within their clearance.

        Its agency: all of them. MAPO: all but drafts, which stay the agency's. Nobody else.
        An agency's right stays with its ended assignments: their history is its own.
        """
        if user.is_mapo:
            seen = self.exclude(state__in=[SubmissionState.DRAFT, SubmissionState.DISCARDED])
        elif user.is_agency_actor:
            seen = self.filter(assignment__agency_id=user.agency_id, assignment__confirmed_at__isnull=False)
        else:
            return self.none()
        return seen.within_clearance(user)

    def within_clearance(self, user: User) -> UpdateQuerySet:
        """An update's class is the highest of its own and its documents'."""
        return self.filter(~_cites_above(user), classification__lte=user.clearance)

    def above_clearance(self, user: User) -> UpdateQuerySet:
        """Those that `within_clearance` leaves out."""
        return self.filter(_cites_above(user) | Q(classification__gt=user.clearance))

    def open(self) -> UpdateQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def waiting(self) -> UpdateQuerySet:
        """Those that wait for a decision of MAPO."""
        return self.filter(state=SubmissionState.SUBMITTED)

    def with_whole_import_for(self, user: User) -> UpdateQuerySet:
        """Rows of an opening import only where the person may see all of the batch; other updates as they are."""
        return self.filter(Q(opening=None) | Q(opening__classification__lte=user.clearance))

    def decision_units(self) -> models.QuerySet[Any, Any]:
        """What is decided on at once, a number each: an update by itself, or all rows of an opening import."""
        unit = Coalesce(-F("opening_id"), F("pk"), output_field=models.BigIntegerField())
        return self.order_by().values_list(unit).distinct()


def _cites_above(user: User) -> Exists:
    return cites_above(Citation.objects.all(), user.clearance, owner="update")


class Update(ShowsStatus, Draft):
    """What an agency reports on an assignment. Holds the text being written; `Submission` holds what was sent.

    A row of an opening import names its batch and the day on which it was reported: a fact about
    the world, it moves no record in time.
    """

    assignment = models.ForeignKey("Assignment", on_delete=models.PROTECT, related_name="updates")
    status = models.CharField(max_length=10, choices=Status.choices, blank=True)
    percent = models.PositiveSmallIntegerField(null=True, blank=True)
    narrative = GuardedTextField(max_length=NARRATIVE_LENGTH, blank=True)
    covers_from = models.DateField(null=True, blank=True)
    covers_to = models.DateField(null=True, blank=True)
    classification = models.PositiveSmallIntegerField(choices=Clearance.choices, default=Clearance.RESTRICTED)
    is_nothing_new = models.BooleanField(default=False)
    is_by_letter = models.BooleanField(default=False)
    letter_reference = GuardedCharField(max_length=120, blank=True)
    letter_on = models.DateField(null=True, blank=True)
    opening = models.ForeignKey(
        "OpeningImport", on_delete=models.PROTECT, null=True, blank=True, related_name="updates"
    )
    reported_on = models.DateField(null=True, blank=True)
    #: By field, what stands in a date field of a draft and is no date yet.
    half_typed = GuardedJSONField(default=dict, blank=True)
    documents: models.ManyToManyField[Document, Citation] = models.ManyToManyField(
        Document, through="Citation", related_name="+"
    )

    objects = UpdateQuerySet.as_manager()

    class Meta:
        constraints = [
            *draft_constraints("update"),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(state__in=OPEN_STATES, opening=None),
                name="update_one_open",
            ),
            models.UniqueConstraint(
                fields=["opening", "assignment", "reported_on"], name="update_opening_day_once"
            ),
            models.CheckConstraint(
                condition=Q(opening=None, reported_on=None)
                | Q(opening__isnull=False, reported_on__isnull=False),
                name="update_opening_whole",
            ),
            models.CheckConstraint(condition=Q(status__in=[*Status.values, ""]), name="update_status_known"),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__lte=100), name="update_percent_bounded"
            ),
            models.CheckConstraint(
                condition=Q(classification__in=Clearance.values), name="update_class_known"
            ),
            models.CheckConstraint(
                condition=Q(is_by_letter=False, letter_reference="", letter_on=None)
                | (Q(is_by_letter=True, letter_on__isnull=False) & ~Q(letter_reference="")),
                name="update_letter_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["submitted_at", "id"],
                condition=Q(state=SubmissionState.SUBMITTED),
                name="update_queue",
            ),
            models.Index(
                fields=["assignment", "-created_at", "-id"],
                include=["closed_at", "reported_on"],
                name="update_newest_begun",
            ),
            models.Index(
                fields=["assignment"], condition=Q(state__in=OPEN_STATES), name="update_open_by_assignment"
            ),
        ]
        triggers = [
            # As-at answers read when an update began, was sent and was closed; who wrote it bars from deciding.
            *draft_guards(
                "update",
                content=CONTENT_FIELDS,
                identity=["assignment", "opening", "reported_on"],
                settled=["is_by_letter"],
            ),
            # A batch's rows may be open side by side, but neither beside another batch nor beside an update typed by hand.
            *required(
                "update",
                "alone_or_of_one_lot",
                no_row(
                    "recommendations_update",
                    "assignment_id = NEW.assignment_id",
                    "state IN ('draft', 'submitted', 'returned')",
                    "opening_id IS DISTINCT FROM NEW.opening_id",
                ),
                INSERT,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} #{self.pk}"


class UpdateWriter(DraftWriter):
    """A writer of an update."""

    update = models.ForeignKey(Update, on_delete=models.PROTECT, related_name="writers")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["update", "user"], name="update_writer_once")]
        triggers = append_only("updatewriter")

    def __str__(self) -> str:
        return f"{self.update} · {self.user}"


class Citation(models.Model):
    """An update points to a document; one document may serve several updates."""

    update = models.ForeignKey(Update, on_delete=models.PROTECT, related_name="citations")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="citations")
    #: Whether the document takes the update's dates when it is sent, and is raised to its class at each save.
    follows_update = models.BooleanField(default=False)

    web_grants: ClassVar[str] = "free"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["update", "document"], name="citation_once")]
        triggers = citation_guards("citation", parent="update")

    def __str__(self) -> str:
        return f"{self.update} ← {self.document}"


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def within_clearance(self, user: User) -> SubmissionQuerySet:
        """Bounded by the submission's class: the highest of its own and its documents' as they are now."""
        above = cites_above(SubmissionDocument.objects.all(), user.clearance, owner="submission")
        return self.filter(~above, classification__lte=user.clearance)


class Submission(ShowsStatus, SubmissionVersion):
    """One version of an update: what a review cites."""

    update = models.ForeignKey(Update, on_delete=models.PROTECT, related_name="submissions")
    status = models.CharField(max_length=10, choices=Status.choices)
    percent = models.PositiveSmallIntegerField()
    narrative = GuardedTextField(max_length=NARRATIVE_LENGTH)
    covers_from = models.DateField()
    covers_to = models.DateField()
    classification = models.PositiveSmallIntegerField(choices=Clearance.choices)
    documents: models.ManyToManyField[Document, SubmissionDocument] = models.ManyToManyField(
        Document, through="SubmissionDocument", related_name="submissions"
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["update", "number"], name="submission_number_unique"),
            models.CheckConstraint(condition=percent_agrees(), name="submission_percent_agrees"),
            models.CheckConstraint(
                condition=Q(covers_from__lte=F("covers_to")), name="submission_covers_in_order"
            ),
            models.CheckConstraint(
                condition=Q(classification__in=Clearance.values), name="submission_class_known"
            ),
            models.CheckConstraint(
                condition=~Q(narrative="") & Q(LessThanOrEqual(Length("narrative"), NARRATIVE_LENGTH)),
                name="submission_narrative_bounded",
            ),
        ]
        triggers = version_guards("submission", parent="update")

    def __str__(self) -> str:
        return _("%(update)s, version %(number)s") % {"update": self.update, "number": self.number}


class SubmissionDocument(models.Model):
    """A document as a submission cited it: the citation stays, whatever becomes of the document."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="document_links")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="submission_links")

    web_grants: ClassVar[str] = "append"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "document"], name="submission_document_once")
        ]
        triggers = sent_part_guards(
            "submissiondocument",
            parent="update",
            decided=["recommendations_review", "submission_id = NEW.submission_id"],
        )

    def __str__(self) -> str:
        return f"{self.submission} ← {self.document}"

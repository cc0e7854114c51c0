"""Opening imports: progress that an agency kept in a spreadsheet before Jejak, brought in as one batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy

from accounts.clearance import Clearance
from accounts.models import Agency
from audit.guarded_text import GuardedTextField
from audit.guards import UPDATE, append_only, done_by, final_after
from submissions.batches import RowBatch, batch_guards
from submissions.models import DraftWriter, not_by_writer
from submissions.states import MOVES, SubmissionState

if TYPE_CHECKING:
    from accounts.models import User


#: The only moves of a batch; the database refuses any other. What was returned goes on in a new draft.
OPENING_MOVES = tuple(
    (move.source, move.target)
    for move in MOVES
    if (move.source, move.target) != (SubmissionState.RETURNED, SubmissionState.SUBMITTED)
)


class OpeningImportQuerySet(models.QuerySet["OpeningImport"]):
    def visible_to(self, user: User) -> OpeningImportQuerySet:
        """The agency's own, and MAPO's but for drafts of an agency, within their clearance."""
        if user.is_mapo:
            seen = self.exclude(
                Q(state__in=[SubmissionState.DRAFT, SubmissionState.DISCARDED]) & ~Q(created_by=user)
            )
        elif user.is_agency_actor:
            seen = self.filter(agency_id=user.agency_id)
        else:
            return self.none()
        return seen.filter(classification__lte=user.clearance)

    def with_rows_count(self) -> models.QuerySet[Any]:
        """Annotate `rows_count` in the place of the rows, which are not read."""
        length = Func(F("rows"), function="jsonb_array_length", output_field=models.IntegerField())
        return self.defer("rows").annotate(rows_count=length)


class OpeningImport(RowBatch):
    """One spreadsheet of an agency for a cycle. Once it is sent, each row is an update of its own with the day on which it
    was reported; one decision counts for all of them.
    """

    cycle = models.ForeignKey("Cycle", on_delete=models.PROTECT, related_name="openings")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="openings")
    state = models.CharField(max_length=10, choices=SubmissionState.choices, default=SubmissionState.DRAFT)
    classification = models.PositiveSmallIntegerField(choices=Clearance.choices, default=Clearance.RESTRICTED)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = GuardedTextField(blank=True)
    resubmit_by = models.DateField(null=True, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    log_name = "opening"
    not_in_draft = gettext_lazy(
        "This import is now “%(state)s”, so this cannot be done. Nothing was changed; reload the page."
    )

    objects = OpeningImportQuerySet.as_manager()

    class Meta(RowBatch.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SubmissionState.values), name="opening_state_known"),
            models.CheckConstraint(
                condition=Q(classification__in=Clearance.values), name="opening_class_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[SubmissionState.DRAFT, SubmissionState.DISCARDED], submitted_at=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="opening_submitted_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.RETURNED)
                | (Q(resubmit_by__isnull=False, decided_at__isnull=False) & ~Q(reason="")),
                name="opening_returned_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.ACCEPTED)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="opening_accepted_whole",
            ),
        ]
        triggers = [
            *batch_guards(
                "opening", moves=OPENING_MOVES, identity=["replaces"], instants=["submitted_at", "decided_at"]
            ),
            *final_after(
                "opening", "submitted_at", ["submitted_by", "rows", "file_name", "sha256", "classification"]
            ),
            *final_after("opening_decision", "decided_at", ["decided_by", "reason", "resubmit_by"]),
            *final_after("opening_end", "closed_at", []),
            *not_by_writer(
                "opening", "decided_by", "recommendations_openingwriter", "opening", "NEW.id", UPDATE
            ),
            *done_by("opening", "submitted_by", "decided_by"),
        ]

    @property
    def is_submitted(self) -> bool:
        return self.state == SubmissionState.SUBMITTED

    def may_be_written_by(self, user: User) -> bool:
        """Any officer of the agency goes on with an import for it; of MAPO, who began or sent it."""
        if user.is_mapo:
            return user.pk in {self.created_by_id, self.submitted_by_id}
        return super().may_be_written_by(user)


class OpeningWriter(DraftWriter):
    """A person who began an import, changed its rows or sent it. They may not decide on it, nor on any of its updates."""

    opening = models.ForeignKey(OpeningImport, on_delete=models.PROTECT, related_name="writers")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opening", "user"], name="opening_writer_once")]
        triggers = append_only("openingwriter")

    def __str__(self) -> str:
        return f"{self.opening} · {self.user}"

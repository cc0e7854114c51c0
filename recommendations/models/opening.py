"""Opening imports: progress that an agency kept in a spreadsheet before Jejak, brought in as one batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from accounts.clearance import Clearance
from accounts.models import Agency
from audit.guarded_text import GuardedCharField, GuardedJSONField, GuardedTextField
from audit.guards import (
    INSERT,
    UPDATE,
    append_only,
    done_by,
    final_after,
    immutable,
    must_be_now,
    no_delete,
    required,
    transitions,
)
from submissions.models import DraftWriter, not_by_writer

if TYPE_CHECKING:
    from accounts.models import User


class OpeningState(models.TextChoices):
    """The state of a batch. Its rows become updates when it is sent; one decision counts for all of them."""

    DRAFT = "draft", pgettext_lazy("opening", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("opening", "Awaiting MAPO")
    ACCEPTED = "accepted", pgettext_lazy("opening", "Accepted")
    RETURNED = "returned", pgettext_lazy("opening", "Returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("opening", "Withdrawn")
    DISCARDED = "discarded", pgettext_lazy("opening", "Discarded")


#: The only moves of a batch; the database refuses any other.
OPENING_MOVES = (
    (OpeningState.DRAFT, OpeningState.SUBMITTED),
    (OpeningState.DRAFT, OpeningState.DISCARDED),
    (OpeningState.SUBMITTED, OpeningState.ACCEPTED),
    (OpeningState.SUBMITTED, OpeningState.RETURNED),
    (OpeningState.SUBMITTED, OpeningState.WITHDRAWN),
    (OpeningState.RETURNED, OpeningState.WITHDRAWN),
)


class OpeningImportQuerySet(models.QuerySet["OpeningImport"]):
    def visible_to(self, user: User) -> OpeningImportQuerySet:
        """The agency's own, and MAPO's but for drafts of an agency, within their clearance."""
        if user.is_mapo:
            seen = self.exclude(
                Q(state__in=[OpeningState.DRAFT, OpeningState.DISCARDED]) & ~Q(created_by=user)
            )
        elif user.is_agency_actor:
            seen = self.filter(agency_id=user.agency_id)
        else:
            return self.none()
        return seen.filter(classification__lte=user.clearance)


class OpeningImport(models.Model):
    """One spreadsheet of an agency for a cycle. While it is a draft `rows` holds what was read and corrected;
    once it is sent, each row is an update of its own with the day on which it was reported.
    """

    cycle = models.ForeignKey("Cycle", on_delete=models.PROTECT, related_name="openings")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="openings")
    state = models.CharField(max_length=10, choices=OpeningState.choices, default=OpeningState.DRAFT)
    file_name = GuardedCharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    rows = GuardedJSONField(encoder=DjangoJSONEncoder)
    classification = models.PositiveSmallIntegerField(choices=Clearance.choices, default=Clearance.RESTRICTED)
    revision = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
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
    closed_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    web_grants: ClassVar[str] = "keep"

    objects = OpeningImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OpeningState.values), name="opening_state_known"),
            models.CheckConstraint(
                condition=Q(classification__in=Clearance.values), name="opening_class_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[OpeningState.DRAFT, OpeningState.DISCARDED], submitted_at=None)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="opening_submitted_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=OpeningState.RETURNED)
                | (Q(resubmit_by__isnull=False, decided_at__isnull=False) & ~Q(reason="")),
                name="opening_returned_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=OpeningState.ACCEPTED)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="opening_accepted_whole",
            ),
        ]
        triggers = [
            *no_delete("opening"),
            *transitions(
                "opening", "state", sorted((str(source), str(target)) for source, target in OPENING_MOVES)
            ),
            *immutable("opening", ["cycle", "agency", "created_by", "created_at", "replaces"]),
            *final_after(
                "opening", "submitted_at", ["submitted_by", "rows", "file_name", "sha256", "classification"]
            ),
            *final_after("opening_decision", "decided_at", ["decided_by", "reason", "resubmit_by"]),
            *final_after("opening_end", "closed_at", []),
            *required("opening", "begins_as_draft", f"NEW.state = '{OpeningState.DRAFT}'", INSERT),
            *not_by_writer(
                "opening", "decided_by", "recommendations_openingwriter", "opening", "NEW.id", UPDATE
            ),
            *must_be_now("opening", "created_at", "submitted_at", "decided_at", "closed_at"),
            *done_by("opening", "submitted_by", "decided_by"),
        ]

    def __str__(self) -> str:
        return f"{self.agency.code} · {self.file_name}"

    @property
    def label(self) -> str:
        """How Events name the batch: never by its file."""
        return f"{self.agency.code} · {self.cycle.year}"

    @property
    def is_draft(self) -> bool:
        return self.state == OpeningState.DRAFT

    @property
    def is_submitted(self) -> bool:
        return self.state == OpeningState.SUBMITTED


class OpeningWriter(DraftWriter):
    """A person who began an import, changed its rows or sent it. They may not decide on it, nor on any of its updates."""

    opening = models.ForeignKey(OpeningImport, on_delete=models.PROTECT, related_name="writers")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["opening", "user"], name="opening_writer_once")]
        triggers = append_only("openingwriter")

    def __str__(self) -> str:
        return f"{self.opening} · {self.user}"

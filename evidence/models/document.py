"""Documents: one row for each evidence file of an agency. The bytes are in MEDIA_ROOT under a random name."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.clearance import Clearance
from accounts.models import Agency
from audit import guards
from audit.guarded_text import GuardedCharField
from audit.past import PastRow, keep_past, kept_by
from evidence.kinds.catalogue import BY_CODE, TEXT_KINDS
from evidence.states import (
    DOCUMENT_MOVES,
    FAILED_SCAN_PAUSE,
    LONGEST_SCAN_PAUSE,
    SCAN_MOVES,
    TEXT_CLAIM,
    DocumentState,
    ScanState,
    TextState,
)
from privacy.filters import shown_contains

if TYPE_CHECKING:
    from accounts.models import User

#: Set at the arrival of the file, never again.
BYTES_FIELDS = (
    "agency",
    "original_name",
    "sha256",
    "size",
    "media_type",
    "stored_name",
    "reference_number",
    "received_at",
    "uploaded_by",
)

#: From NULL to a value, and never further.
ONCE_FIELDS = ("frozen_at", "sealed_at", "sealed_by", "replaced_by", "destroyed_at", "destruction_approval")


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> DocumentQuerySet:
        """Return what this person may see: MAPO all agencies, officers their own, up to their clearance.

        Observers see no file. Who registered a paper file above their clearance still sees its number.
        """
        if not user.is_active or not (user.is_mapo or user.is_agency_actor):
            return self.none()
        reach = self if user.is_mapo else self.filter(agency_id=user.agency_id)
        return reach.filter(Q(classification__lte=user.clearance) | Q(stored_name="", uploaded_by_id=user.pk))

    def above(self, clearance: int) -> DocumentQuerySet:
        """Return files whose class is above a clearance, without paper files: their number hides nothing."""
        return self.filter(is_above(clearance))

    def of_agency(self, agency_id: int) -> DocumentQuerySet:
        return self.filter(agency_id=agency_id)

    def citable(self) -> DocumentQuerySet:
        """Return documents that a new update may cite: in use, not sealed, no virus found."""
        return self.filter(state=DocumentState.KEPT, sealed_at__isnull=True).exclude(
            scan_state=ScanState.INFECTED
        )

    def with_bytes(self) -> DocumentQuerySet:
        """Leave out paper files, of which only the reference number is kept."""
        return self.exclude(stored_name="")

    def with_last_check(self) -> models.QuerySet[Any]:
        """Annotate `last_check`: when the bytes were last read again, at the latest when they were received."""
        last = Coalesce("file_check__checked_at", "received_at", output_field=models.DateTimeField())
        return self.annotate(last_check=last)

    def with_kept_bytes(self) -> DocumentQuerySet:
        """Return documents whose bytes are on the disk: not paper, and not destroyed."""
        return self.with_bytes().filter(destroyed_at__isnull=True)

    def held(self) -> DocumentQuerySet:
        """Return files that nobody may download yet: see `Document.is_held`."""
        return self.with_bytes().filter(scan_state__in=held_scan_states())

    def waiting_for_scan(self, now: datetime) -> DocumentQuerySet:
        """Return files due for a scan, oldest first, without those that a running task has claimed.

        A file that waits for longer than any pause was put off by a clock that jumped.
        """
        due = Q(scan_after__isnull=True) | Q(scan_after__lte=now)
        due |= Q(scan_after__gt=now + LONGEST_SCAN_PAUSE, scan_state=ScanState.PENDING)
        due |= Q(scan_after__gt=now + FAILED_SCAN_PAUSE)
        states = [ScanState.PENDING]
        if settings.SCANNER != "none":
            states += [ScanState.UNSCANNED, ScanState.FAILED]
        return self.with_bytes().filter(due, scan_state__in=states).order_by("received_at", "pk")

    def waiting_for_preview(self) -> DocumentQuerySet:
        """Return images that may be shown and for which no preview was tried."""
        return (
            self.with_bytes()
            .filter(media_type__in=("image/jpeg", "image/png"), preview_tried_at__isnull=True)
            .filter(sealed_at__isnull=True)
            .exclude(scan_state__in=held_scan_states())
            .order_by("received_at", "pk")
        )

    def with_text_identities(self) -> DocumentQuerySet:
        """Annotate `text_identities`: what in the text of the file seems to identify a person; None if unexamined."""
        return self.annotate(text_identities=F("text__identities"))

    def with_readable_text(self) -> DocumentQuerySet:
        """Return files whose text may be extracted: a kind with text, bytes present, not sealed, not held."""
        return (
            self.with_kept_bytes()
            .filter(media_type__in=[BY_CODE[code].media_type for code in TEXT_KINDS], sealed_at__isnull=True)
            .exclude(scan_state__in=held_scan_states())
        )

    def waiting_for_text(self, now: datetime) -> DocumentQuerySet:
        """Return files whose text is due to be extracted, oldest first, without claimed ones, as `waiting_for_scan`."""
        untried = Q(text__isnull=True)
        when = Q(text__after__isnull=True) | Q(text__after__lte=now) | Q(text__after__gt=now + TEXT_CLAIM)
        due = Q(text__state=TextState.WAITING) & when
        return self.with_readable_text().filter(untried | due).order_by("received_at", "pk")

    def stored_among(self, names: list[str]) -> set[str]:
        """Return those of the stored names that belong to a row whose bytes must stay."""
        return set(self.with_kept_bytes().filter(stored_name__in=names).values_list("stored_name", flat=True))

    def named_like(self, text: str) -> DocumentQuerySet:
        """Filter by a part of the file name or reference number, in any case, as the reader sees them; sealed names are not
        searched.
        """
        found = shown_contains("original_name", text) | shown_contains("reference_number", text)
        return self.filter(found, sealed_at__isnull=True)


def is_above(clearance: int | F, *, path: str = "") -> Q:
    """Return the condition of `DocumentQuerySet.above`; `path` leads to the documents, such as "document__"."""
    return Q((f"{path}classification__gt", clearance), (f"{path}stored_name__gt", ""))


def cites_above(links: models.QuerySet[Any], clearance: int, *, owner: str) -> Exists:
    """Return the condition that a row cites a document above a clearance; its `links` name it in the field `owner`."""
    return Exists(links.filter(is_above(clearance, path="document__"), **{owner: OuterRef("pk")}))


def held_scan_states() -> list[ScanState]:
    """Return the scan states that hold a file back; not scanned is one unless scanning is off by choice."""
    states = [ScanState.PENDING, ScanState.INFECTED, ScanState.FAILED]
    return states if settings.SCANNER == "none" else [*states, ScanState.UNSCANNED]


class Document(models.Model):
    """One evidence file of an agency: bytes that never change, and their description.

    Without bytes (`stored_name` is "") it stands for a paper file above the installation's ceiling: then only
    `reference_number` is kept. A row with bytes never points to missing bytes.
    """

    web_grants: ClassVar[str] = "keep"

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="documents", verbose_name=_("agency")
    )
    original_name = GuardedCharField(_("file name"), max_length=255, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    media_type = models.CharField(_("type"), max_length=100, blank=True)
    stored_name = models.CharField(max_length=32, blank=True)
    reference_number = GuardedCharField(_("reference number of the paper file"), max_length=100, blank=True)
    received_at = models.DateTimeField(_("received"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="documents",
        verbose_name=_("added by"),
    )

    classification = models.PositiveSmallIntegerField(_("classification"), choices=Clearance.choices)
    evidence_from = models.DateField(_("evidence from"), null=True, blank=True)
    evidence_to = models.DateField(_("evidence to"), null=True, blank=True)
    frozen_at = models.DateTimeField(_("first submitted"), null=True, blank=True)

    scan_state = models.CharField(
        _("scan"), max_length=10, choices=ScanState.choices, default=ScanState.PENDING
    )
    scan_note = models.CharField(_("what the scanner said"), max_length=200, blank=True)
    scan_attempts = models.PositiveSmallIntegerField(default=0)
    scan_after = models.DateTimeField(null=True, blank=True)
    scanned_at = models.DateTimeField(_("scanned"), null=True, blank=True)
    has_preview = models.BooleanField(default=False)
    preview_tried_at = models.DateTimeField(null=True, blank=True)

    state = models.CharField(
        _("status"), max_length=10, choices=DocumentState.choices, default=DocumentState.KEPT
    )
    replaced_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = GuardedCharField(max_length=500, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    sealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sealed_reason = GuardedCharField(max_length=500, blank=True)

    destroyed_at = models.DateTimeField(_("bytes destroyed"), null=True, blank=True)
    destruction_approval = models.CharField(_("approval of the National Archives"), max_length=100, null=True)  # noqa: DJ001  set once, from NULL

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes = [
            models.Index(fields=["agency", "-received_at"], name="document_agency_received"),
            models.Index(fields=["-received_at", "-id"], name="document_received"),
            models.Index(fields=["sha256"], name="document_sha256"),
            models.Index(fields=["classification"], name="document_class"),
            models.Index(
                fields=["received_at"],
                name="document_not_scanned",
                condition=Q(scan_state__in=[ScanState.PENDING, ScanState.FAILED, ScanState.UNSCANNED]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["stored_name"], condition=~Q(stored_name=""), name="document_stored_name_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(
                    Q(stored_name__regex="^[0-9a-f]{32}$", sha256__regex="^[0-9a-f]{64}$", size__gt=0),
                    ~Q(media_type="") & ~Q(original_name="") & Q(reference_number=""),
                )
                | Q(stored_name="", sha256="", size=0, original_name="", media_type="")
                & ~Q(reference_number=""),
                name="document_has_bytes_or_a_reference",
            ),
            models.CheckConstraint(
                condition=Q(classification__in=Clearance.values), name="document_classification_is_known"
            ),
            models.CheckConstraint(
                condition=Q(evidence_from__isnull=True, evidence_to__isnull=True)
                | Q(
                    evidence_from__isnull=False,
                    evidence_to__isnull=False,
                    evidence_to__gte=F("evidence_from"),
                ),
                name="document_dates_are_in_order",
            ),
            models.CheckConstraint(
                condition=Q(scan_state__in=ScanState.values), name="document_scan_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state=DocumentState.KEPT, replaced_by__isnull=True, withdrawn_at__isnull=True)
                | Q(state=DocumentState.REPLACED, replaced_by__isnull=False, withdrawn_at__isnull=True)
                | Q(state=DocumentState.WITHDRAWN, replaced_by__isnull=True, withdrawn_at__isnull=False),
                name="document_state_is_told",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason=""),
                name="document_withdrawal_is_told",
            ),
            models.CheckConstraint(
                condition=Q(sealed_at__isnull=True, sealed_by__isnull=True, sealed_reason="")
                | Q(sealed_at__isnull=False, sealed_by__isnull=False) & ~Q(sealed_reason=""),
                name="document_seal_is_told",
            ),
            models.CheckConstraint(
                condition=Q(destroyed_at__isnull=True, destruction_approval__isnull=True)
                | Q(destroyed_at__isnull=False, sealed_at__isnull=False, destruction_approval__gt=""),
                name="document_destroyed_was_sealed_and_approved",
            ),
            models.CheckConstraint(
                condition=Q(has_preview=False) | ~Q(stored_name=""), name="document_preview_is_of_bytes"
            ),
        ]
        triggers = [
            *guards.no_delete("document"),
            *guards.must_be_now("document", "received_at"),
            *guards.done_by("document", "uploaded_by", "withdrawn_by", "sealed_by"),
            *guards.transitions("document", "state", DOCUMENT_MOVES),
            *guards.transitions("document", "scan_state", SCAN_MOVES),
            *guards.immutable("document", BYTES_FIELDS),
            *guards.set_once("document", ONCE_FIELDS),
            # Once a submission has cited the document, its dates stay, and its class only rises.
            guards.refuse_update(
                "document_frozen_is_kept",
                f"OLD.{{columns.frozen_at}} IS NOT NULL AND ({guards.any_changed(('evidence_from', 'evidence_to'))}"
                " OR NEW.{columns.classification} < OLD.{columns.classification})",
            ),
            *keep_past("document", "evidence_documentversion", "document_id", "classification"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        return reverse("evidence:detail", args=[self.pk])

    @property
    def display_name(self) -> str:
        """What a page may call it; the name of a sealed document stays hidden."""
        if self.is_sealed:
            return gettext("Sealed document %(number)d") % {"number": self.pk}
        return self.original_name or self.reference_number

    @property
    def has_bytes(self) -> bool:
        return bool(self.stored_name)

    @property
    def is_sealed(self) -> bool:
        return self.sealed_at is not None

    @property
    def is_destroyed(self) -> bool:
        """Whether the sealed bytes are gone for good, with the National Archives' approval."""
        return self.destroyed_at is not None

    @property
    def is_withdrawn(self) -> bool:
        return self.state == DocumentState.WITHDRAWN

    @property
    def is_replaced(self) -> bool:
        return self.state == DocumentState.REPLACED

    @property
    def is_frozen(self) -> bool:
        """Whether a submission has cited it, so that its description stays."""
        return self.frozen_at is not None

    @property
    def is_held(self) -> bool:
        """Whether its bytes wait for a clean scan or will never pass one; False for paper files."""
        return self.has_bytes and self.scan_state in held_scan_states()

    @property
    def is_available(self) -> bool:
        """Whether people who see it may download its bytes.

        Withdrawn or replaced bytes stay available only if a submission cited them.
        """
        stands = self.state == DocumentState.KEPT or self.is_frozen
        return self.has_bytes and not self.is_sealed and not self.is_held and stands

    @cached_property
    def is_image(self) -> bool:
        return self.media_type in ("image/jpeg", "image/png")

    @property
    def shows_preview(self) -> bool:
        return self.has_preview and self.is_available


class DocumentVersion(PastRow):
    """The document's class over time. The database alone writes it."""

    #: Found by the index of `kept_by`.
    document = models.ForeignKey(
        Document, on_delete=models.DO_NOTHING, db_index=False, related_name="versions"
    )
    classification = models.PositiveSmallIntegerField()

    class Meta:
        constraints, indexes, triggers = kept_by("documentversion", "document")

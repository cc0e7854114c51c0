"""Workbooks in which an agency gives figures, until they are taken over into the drafts of the months."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from accounts.models import Agency
from audit.guarded_text import GuardedCharField, GuardedJSONField
from audit.guards import (
    INSERT,
    append_only,
    final_after,
    immutable,
    must_be_now,
    no_delete,
    required,
    transitions,
)
from recommendations.models import Cycle
from submissions.models import DraftWriter

if TYPE_CHECKING:
    from accounts.models import User


class FigureImportState(models.TextChoices):
    """The state of a workbook. Nothing of it is reported before it is taken over, and that goes into drafts."""

    DRAFT = "draft", pgettext_lazy("workbook", "Draft")
    TAKEN = "taken", pgettext_lazy("workbook", "Taken over")
    DISCARDED = "discarded", pgettext_lazy("workbook", "Discarded")


#: The only moves of a workbook; the database refuses any other.
FIGURE_IMPORT_MOVES = (
    (FigureImportState.DRAFT, FigureImportState.TAKEN),
    (FigureImportState.DRAFT, FigureImportState.DISCARDED),
)


class FigureImportQuerySet(models.QuerySet["FigureImport"]):
    def visible_to(self, user: User) -> FigureImportQuerySet:
        """The agency's own; to everybody else, also to MAPO, a workbook is nothing but a draft (rules, Who sees what)."""
        return self.filter(agency_id=user.agency_id) if user.is_agency_actor else self.none()

    def open(self) -> FigureImportQuerySet:
        return self.filter(state=FigureImportState.DRAFT)


class FigureImport(models.Model):
    """A workbook of an agency with figures of a cycle. `rows` holds what was read and corrected, right or wrong.

    `revision` counts the changes of its rows, so that what is taken over is what the person saw.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="figure_imports")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="figure_imports")
    state = models.CharField(
        max_length=10, choices=FigureImportState.choices, default=FigureImportState.DRAFT
    )
    file_name = GuardedCharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    rows = GuardedJSONField()
    revision = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    web_grants: ClassVar[str] = "keep"

    objects = FigureImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=FigureImportState.values), name="figure_import_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=FigureImportState.DRAFT, closed_at=None)
                | (~Q(state=FigureImportState.DRAFT) & Q(closed_at__isnull=False)),
                name="figure_import_closed_when",
            ),
        ]
        triggers = [
            *no_delete("figure_import"),
            *transitions(
                "figure_import",
                "state",
                sorted((str(source), str(target)) for source, target in FIGURE_IMPORT_MOVES),
            ),
            *required("figure_import", "begins_as_draft", "NEW.state = 'draft'", INSERT),
            *immutable(
                "figure_import", ["agency", "cycle", "file_name", "sha256", "created_by", "created_at"]
            ),
            *final_after("figure_import", "closed_at", ["state", "rows", "revision"]),
            *must_be_now("figure_import", "created_at", "closed_at"),
        ]

    def __str__(self) -> str:
        return f"{self.agency.code} · {self.file_name}"

    @property
    def label(self) -> str:
        """How Events name it: never by its file."""
        return f"{self.agency.code} · {self.cycle.year}"

    @property
    def is_draft(self) -> bool:
        return self.state == FigureImportState.DRAFT


class FigureImportWriter(DraftWriter):
    """A person who began a workbook of figures or changed its rows. They may not decide on what is taken over from it."""

    figure_import = models.ForeignKey(FigureImport, on_delete=models.PROTECT, related_name="writers")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["figure_import", "user"], name="figure_import_writer_once")
        ]
        triggers = append_only("figure_import_writer")

    def __str__(self) -> str:
        return f"{self.figure_import} · {self.user}"

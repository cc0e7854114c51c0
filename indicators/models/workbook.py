"""Workbooks in which an agency gives figures, until they are taken over into the drafts of the months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Agency
from audit.guards import append_only, final_after
from recommendations.models import Cycle
from submissions.batches import RowBatch, batch_guards
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
        """The agency's own; to MAPO, too, a workbook is but a draft (docs/rules.md, Who sees what)."""
        return self.filter(agency_id=user.agency_id) if user.is_agency_actor else self.none()

    def open(self) -> FigureImportQuerySet:
        return self.filter(state=FigureImportState.DRAFT)


class FigureImport(RowBatch):
    """A workbook of an agency with figures of a cycle."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="figure_imports")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="figure_imports")
    state = models.CharField(
        max_length=10, choices=FigureImportState.choices, default=FigureImportState.DRAFT
    )

    log_name = "figure_import"
    not_in_draft = gettext_lazy(
        "This workbook is now “%(state)s”, so this cannot be done. Nothing was changed; reload the page."
    )

    objects = FigureImportQuerySet.as_manager()

    class Meta(RowBatch.Meta):
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
            *batch_guards("figure_import", moves=FIGURE_IMPORT_MOVES, identity=["file_name", "sha256"]),
            *final_after("figure_import", "closed_at", ["state", "rows", "revision"]),
        ]


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

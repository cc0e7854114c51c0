"""Reports of a month: the figures that an agency types, and each version as it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from audit.guarded_text import GuardedJSONField, GuardedTextField
from audit.guards import INSERT, append_only, required
from evidence.models import Document, cites_above
from indicators.states import CELL_LENGTH, EXPLANATION_LENGTH, TEXT_LENGTH
from recommendations.models import Cycle
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
from ui import dates

if TYPE_CHECKING:
    from accounts.models import User

#: Table and condition of the decisions on the version that a row belongs to.
DECIDED = (
    "indicators_figuredecision decision JOIN indicators_sentfigure sent ON sent.id = decision.sent_id",
    "sent.submission_id = NEW.submission_id",
)


class FigureReportQuerySet(models.QuerySet["FigureReport"]):
    def visible_to(self, user: User) -> FigureReportQuerySet:
        """Its agency may open all of them, MAPO what was sent (docs/rules.md, Who sees what)."""
        if user.is_mapo:
            return self.exclude(submitted_at=None)
        return self.of_agency_of(user)

    def of_agency_of(self, user: User) -> FigureReportQuerySet:
        """Reports of the agency for which the person may write."""
        return self.filter(agency_id=user.agency_id) if user.is_agency_actor else self.none()

    def open(self) -> FigureReportQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def waiting(self) -> FigureReportQuerySet:
        """Those that wait for MAPO."""
        return self.filter(state=SubmissionState.SUBMITTED)


class FigureReport(Draft):
    """The figures of an agency for a month of a cycle. Holds what is typed; `FigureSubmission` holds what was sent.

    `typed` maps names of cells (see `indicators.cells`) to what stands in them, right or wrong. `month` is
    the first day of the month.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="figure_reports")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="figure_reports")
    month = models.DateField()
    typed = GuardedJSONField(default=dict, blank=True)
    explanation = GuardedTextField(_("explanation"), blank=True)
    documents: models.ManyToManyField[Document, FigureCitation] = models.ManyToManyField(
        Document, through="FigureCitation", related_name="+"
    )

    objects = FigureReportQuerySet.as_manager()

    class Meta:
        ordering = ["month", "pk"]
        constraints = [
            *draft_constraints("figure_report"),
            models.UniqueConstraint(
                fields=["agency", "cycle", "month"],
                condition=Q(state__in=OPEN_STATES),
                name="figure_report_one_open",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="figure_report_of_month"),
        ]
        triggers = draft_guards(
            "figure_report", content=["typed", "explanation"], identity=["agency", "cycle", "month"]
        )

    def __str__(self) -> str:
        return f"{self.agency.code} · {dates.month_year(self.month)}"


class FigureReportWriter(DraftWriter):
    """A writer of a report of a month."""

    report = models.ForeignKey(FigureReport, on_delete=models.PROTECT, related_name="writers")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "user"], name="figure_report_writer_once")]
        triggers = append_only("figure_report_writer")

    def __str__(self) -> str:
        return f"{self.report} · {self.user}"


class FigureCitation(models.Model):
    """A report of a month points to a document as evidence of the figure in one cell, or (no cell) of all its figures."""

    report = models.ForeignKey(FigureReport, on_delete=models.PROTECT, related_name="citations")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    cell = models.CharField(max_length=CELL_LENGTH, blank=True, default="", db_default="")

    web_grants: ClassVar[str] = "free"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "document"], name="figure_citation_once")]
        triggers = citation_guards("figure_citation", parent="report")

    def __str__(self) -> str:
        return f"{self.report} ← {self.document}"


class FigureSubmissionQuerySet(models.QuerySet["FigureSubmission"]):
    def within_clearance(self, user: User) -> FigureSubmissionQuerySet:
        """Bounded by the highest class of the documents that it cites."""
        links = FigureSubmissionDocument.objects.all()
        return self.filter(~cites_above(links, user.clearance, owner="submission"))


class FigureSubmission(SubmissionVersion):
    """One version of a report of a month: what MAPO's decisions cite.

    `explanation` says why figures fail a check, change what was accepted, or differ much from before.
    """

    report = models.ForeignKey(FigureReport, on_delete=models.PROTECT, related_name="submissions")
    explanation = GuardedTextField(max_length=EXPLANATION_LENGTH, blank=True)
    documents: models.ManyToManyField[Document, FigureSubmissionDocument] = models.ManyToManyField(
        Document, through="FigureSubmissionDocument", related_name="figure_submissions"
    )

    objects = FigureSubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="figure_submission_number_unique")
        ]
        triggers = version_guards("figure_submission", parent="report")

    def __str__(self) -> str:
        return f"{self.report} / {self.number}"


class FigureSubmissionDocument(models.Model):
    """A document that a version cited when it was sent, as evidence of one figure of it, or (`sent` empty) of all."""

    submission = models.ForeignKey(FigureSubmission, on_delete=models.PROTECT, related_name="document_links")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    sent = models.ForeignKey(
        "SentFigure", on_delete=models.PROTECT, null=True, blank=True, related_name="document_links"
    )

    web_grants: ClassVar[str] = "append"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "document"], name="figure_submission_document_once")
        ]
        triggers = [
            *sent_part_guards("figure_submission_document", parent="report", decided=DECIDED),
            *required(
                "figure_submission_document",
                "of_its_version",
                "NEW.sent_id IS NULL OR NEW.sent.submission = NEW.submission_id",
                INSERT,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} ← {self.document}"


class SentFigure(models.Model):
    """A number of a series as it was sent: `text` as typed, `value` as read. It becomes a figure when MAPO accepts it."""

    submission = models.ForeignKey(FigureSubmission, on_delete=models.PROTECT, related_name="figures")
    series = models.ForeignKey("Series", on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=TEXT_LENGTH)
    value = models.DecimalField(max_digits=18, decimal_places=2)

    web_grants: ClassVar[str] = "append"

    class Meta:
        ordering = ["submission", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "series"], name="sent_figure_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="sent_figure_not_negative"),
            models.CheckConstraint(condition=~Q(text=""), name="sent_figure_as_typed"),
        ]
        triggers = sent_part_guards("sent_figure", parent="report", decided=DECIDED)

    def __str__(self) -> str:
        return f"{self.series}: {self.text}"

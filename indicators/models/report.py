"""Reports of a month: the figures that an agency types, and each version as it was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from audit.guarded_text import GuardedJSONField, GuardedTextField
from audit.guards import (
    ANY,
    INSERT,
    any_changed,
    append_only,
    done_by,
    final_after,
    immutable,
    must_be_now,
    no_delete,
    own,
    parent_in,
    refuse_update,
    required,
    transitions,
)
from evidence.models import Document, cites_above
from indicators.states import (
    CELL_LENGTH,
    EDITABLE_REPORT_STATES,
    EXPLANATION_LENGTH,
    FIGURE_REPORT_MOVES,
    OPEN_REPORT_STATES,
    TEXT_LENGTH,
    FigureReportState,
)
from privacy.kinds import IDENTITIES_REASON_LENGTH
from recommendations.models import Cycle
from ui import dates

if TYPE_CHECKING:
    from accounts.models import User

_EDITABLE = ", ".join(f"'{state}'" for state in EDITABLE_REPORT_STATES)
#: The rows that may change only while their month is the agency's to write name it here.
_REPORT = ("report", "indicators_figurereport")


class FigureReportQuerySet(models.QuerySet["FigureReport"]):
    def visible_to(self, user: User) -> FigureReportQuerySet:
        """Reports that a person may open (rules, Who sees what): its agency all of them, MAPO what was sent."""
        if user.is_mapo:
            return self.exclude(submitted_at=None)
        return self.of_agency_of(user)

    def of_agency_of(self, user: User) -> FigureReportQuerySet:
        """Reports of the agency for which the person may write."""
        return self.filter(agency_id=user.agency_id) if user.is_agency_actor else self.none()

    def open(self) -> FigureReportQuerySet:
        return self.filter(state__in=OPEN_REPORT_STATES)

    def waiting(self) -> FigureReportQuerySet:
        """Those that wait for MAPO."""
        return self.filter(state=FigureReportState.SUBMITTED)


class FigureReport(models.Model):
    """The figures of an agency for a month of a cycle. Holds what is typed; `FigureSubmission` holds what was sent.

    `typed` maps names of cells (see `indicators.cells`) to what stands in them, right or wrong. `revision` counts the
    saves: whoever saves says which revision they started from, so that nothing is overwritten unseen. `month` is the
    first day of the month.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="figure_reports")
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="figure_reports")
    month = models.DateField()
    state = models.CharField(
        max_length=10, choices=FigureReportState.choices, default=FigureReportState.DRAFT
    )
    typed = GuardedJSONField(default=dict, blank=True)
    explanation = GuardedTextField(_("explanation"), blank=True)
    revision = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    documents: models.ManyToManyField[Document, FigureCitation] = models.ManyToManyField(
        Document, through="FigureCitation", related_name="+"
    )

    objects = FigureReportQuerySet.as_manager()

    class Meta:
        ordering = ["month", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "cycle", "month"],
                condition=Q(state__in=OPEN_REPORT_STATES),
                name="figure_report_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=FigureReportState.values), name="figure_report_state_known"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="figure_report_of_month"),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_REPORT_STATES, closed_at=None)
                | (~Q(state__in=OPEN_REPORT_STATES) & Q(closed_at__isnull=False)),
                name="figure_report_closed_when",
            ),
        ]
        triggers = [
            *no_delete("figure_report"),
            *transitions(
                "figure_report",
                "state",
                sorted({(str(move.source), str(move.target)) for move in FIGURE_REPORT_MOVES}),
            ),
            *required("figure_report", "begins_as_draft", "NEW.state = 'draft'", INSERT),
            refuse_update(
                "figure_report_sent_kept",
                f"OLD.state NOT IN ({_EDITABLE}) AND {any_changed(['typed', 'explanation'])}",
            ),
            *immutable("figure_report", ["agency", "cycle", "month", "created_by", "created_at"]),
            *final_after("figure_report", "closed_at", ["state", "submitted_at", "saved_by"]),
            *must_be_now("figure_report", "created_at", "submitted_at", "closed_at"),
        ]

    def __str__(self) -> str:
        return f"{self.agency.code} · {dates.month_year(self.month)}"

    @property
    def is_editable(self) -> bool:
        """Whether its agency may still change what is typed."""
        return self.state in EDITABLE_REPORT_STATES

    @property
    def newest_submission(self) -> FigureSubmission | None:
        return self.submissions.order_by("-number").first()


class FigureReportWriter(models.Model):
    """A person who typed in a report of a month, or sent it. They may not decide on it."""

    report = models.ForeignKey(FigureReport, on_delete=models.PROTECT, related_name="writers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    web_grants: ClassVar[str] = "append"

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
        triggers = parent_in("figure_citation", "of_open_report", _REPORT, EDITABLE_REPORT_STATES, ANY)

    def __str__(self) -> str:
        return f"{self.report} ← {self.document}"


class FigureSubmissionQuerySet(models.QuerySet["FigureSubmission"]):
    def within_clearance(self, user: User) -> FigureSubmissionQuerySet:
        """Bounded by the highest class of the documents that it cites."""
        links = FigureSubmissionDocument.objects.all()
        return self.filter(~cites_above(links, user.clearance, owner="submission"))


class FigureSubmission(models.Model):
    """One version of a report of a month as it was sent: never changed, and what MAPO's decisions cite.

    `explanation` says why figures fail a check, change what was accepted, or differ much from before;
    `identities_reason` why it was sent although it seems to identify a person.
    """

    report = models.ForeignKey(FigureReport, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveSmallIntegerField()
    explanation = GuardedTextField(max_length=EXPLANATION_LENGTH, blank=True)
    identities_reason = models.CharField(max_length=IDENTITIES_REASON_LENGTH, blank=True)
    revision = models.PositiveIntegerField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    documents: models.ManyToManyField[Document, FigureSubmissionDocument] = models.ManyToManyField(
        Document, through="FigureSubmissionDocument", related_name="figure_submissions"
    )

    web_grants: ClassVar[str] = "append"

    objects = FigureSubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="figure_submission_number_unique")
        ]
        triggers = [
            *append_only("figure_submission"),
            *must_be_now("figure_submission", "submitted_at"),
            *done_by("figure_submission", "submitted_by"),
            *parent_in("figure_submission", "of_open_report", _REPORT, EDITABLE_REPORT_STATES, INSERT),
        ]

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
            *append_only("figure_submission_document"),
            *own(
                "figure_submission_document",
                "of_its_version",
                INSERT,
                condition="NEW.sent_id IS NOT NULL",
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
        triggers = append_only("sent_figure")

    def __str__(self) -> str:
        return f"{self.series}: {self.text}"

"""Reports: requested progress summaries. The row stays for ever, its file for some days."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import AGENCY_ROLES, MAPO_ROLES, Role
from audit.clock import local_date
from audit.guards import INSERT, final_after, immutable, must_be_now, no_delete, required, transitions
from reports.states import (
    ALL_TABLES,
    FORM,
    FORMATS,
    MEETING_PAPERS,
    REPORT_MOVES,
    Depth,
    ExportFormat,
    FormatSpec,
    ReportState,
    SummaryLanguage,
    summary_name,
)


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> ReportQuerySet:
        """Those that a person may know of; administrators see the rows of all, not the files of agencies' people."""
        return self if user.is_administrator else self.shared_with(user)

    def of(self, user: User) -> ReportQuerySet:
        """Those that a person requested, or that a schedule makes for them."""
        return self.filter(asked_by=user)

    def shared_with(self, user: User) -> ReportQuerySet:
        """One's own, and those of colleagues that are ready (as `reports.permissions.is_shared_with` says)."""
        mine = Q(asked_by=user)
        if user.is_mapo:
            of_side = Q(reader_role__in=MAPO_ROLES)
        elif user.is_agency_actor:
            # The papers of a meeting are MAPO's alone, also those that somebody had made before they left it.
            mine &= Q(laid_agenda=None)
            of_side = Q(reader_role__in=AGENCY_ROLES, reader_agency=user.agency_id)
        else:
            return self.filter(mine, laid_agenda=None)
        # Both sides may have files; formats of MAPO are for MAPO alone.
        formats = [each for each, spec in FORMATS.items() if user.is_mapo or not spec.is_of_mapo]
        of_colleagues = of_side & Q(
            (Q(reader_clearance__lte=user.clearance) | Q(ceiling__lte=user.clearance)),
            state=ReportState.READY,
            classification__lte=user.clearance,
            export_format__in=formats,
        )
        return self.filter(mine | of_colleagues)

    def one_of_each_month(self, user: User) -> ReportQuerySet:
        """Of the reports that a schedule made as at one day for several readers only one; all others.

        It is the person's own, else one that they may download, else the first.
        """
        shared = Report.objects.shared_with(user).values("pk")
        rank = Case(When(asked_by=user, then=Value(0)), When(pk__in=shared, then=Value(1)), default=Value(2))
        monthly = self.filter(schedule__isnull=False).order_by("schedule_id", "as_at", rank, "pk")
        return self.filter(Q(schedule=None) | Q(pk__in=monthly.distinct("schedule_id", "as_at").values("pk")))

    def without_agendas(self) -> ReportQuerySet:
        """Read of the agendas behind them the number of the meeting alone, as it was when they were laid: they are long."""
        number = KeyTextTransform("number", KeyTransform("meeting", "laid_agenda__content"))
        return self.defer("laid_agenda__content").annotate(laid_meeting_number=number)

    def locked(self, report_id: int) -> Report:
        """Return the report as it stands now, with its requester, locked until the transaction ends."""
        rows = self.select_for_update(no_key=True, of=("self",)).select_related("asked_by__agency")
        return rows.get(pk=report_id)


class Report(models.Model):
    """One requested progress summary: its selection, its reader, and what came of it.

    `query` is the selection as an address holds it. `reader_*` are the rights of whoever
    asked, as they were: with them the same rows can be read again on any later day. `fingerprint` is the SHA-256 of
    the canonical rows and the selection (`reports.summary.fingerprint`), `sha256` that of the file. `classification`
    is the highest class of what it holds. Until `leased_until` (the machine's real clock) one worker is making it.
    `form` is the canonical form of its rows: fingerprints of different forms cannot be compared. `laid_agenda` is what was laid
    before the council, for a paper of a meeting: its file is kept with the meeting.
    """

    export_format = models.CharField(max_length=8, choices=ExportFormat.choices, db_column="paper")
    cycle = models.ForeignKey("recommendations.Cycle", on_delete=models.PROTECT, related_name="+")
    as_at = models.DateField()
    language = models.CharField(max_length=4, choices=SummaryLanguage.choices)
    ceiling = models.PositiveSmallIntegerField(choices=Clearance.choices)
    depth = models.CharField(max_length=8, choices=Depth.choices)
    query = models.CharField(max_length=1000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reports")
    asked_at = models.DateTimeField()
    reader_role = models.CharField(max_length=20, choices=Role.choices)
    reader_agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, related_name="+")
    reader_clearance = models.PositiveSmallIntegerField(choices=Clearance.choices)
    form = models.PositiveSmallIntegerField(default=FORM)
    schedule = models.ForeignKey(
        "reports.Schedule", on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    laid_agenda = models.ForeignKey(
        "meetings.LaidAgenda", on_delete=models.PROTECT, null=True, blank=True, related_name="papers"
    )

    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.WAITING)
    done_count = models.PositiveIntegerField(default=0)
    total_count = models.PositiveIntegerField(default=0)
    attempts_count = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)

    settled_at = models.DateTimeField(null=True, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    rows_count = models.PositiveIntegerField(null=True, blank=True)
    classification = models.PositiveSmallIntegerField(choices=Clearance.choices, null=True, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    stored_name = models.CharField(max_length=32, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    size = models.PositiveBigIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    #: Read by `without_agendas`.
    laid_meeting_number: str | None = None

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(export_format__in=ExportFormat.values), name="report_paper_known"
            ),
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_known"),
            models.CheckConstraint(condition=Q(depth__in=Depth.values), name="report_depth_known"),
            models.CheckConstraint(
                condition=Q(language__in=SummaryLanguage.values), name="report_language_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "making"], settled_at=None)
                | (Q(state__in=["ready", "failed", "cancelled"]) & Q(settled_at__isnull=False)),
                name="report_settled_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="ready")
                | (
                    Q(
                        fingerprint__regex="^[0-9a-f]{64}$",
                        rows_count__isnull=False,
                        classification__isnull=False,
                    )
                    & ~Q(file_name="")
                ),
                name="report_ready_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(failure=""), name="report_failed_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(stored_name="") | Q(stored_name__regex="^[0-9a-f]{32}$"),
                name="report_stored_name_is_ours",
            ),
            models.CheckConstraint(
                condition=Q(laid_agenda=None) | Q(export_format__in=MEETING_PAPERS, schedule=None),
                name="report_of_meeting_is_paper",
            ),
            models.UniqueConstraint(
                fields=["schedule", "asked_by", "as_at"],
                condition=Q(schedule__isnull=False),
                name="report_scheduled_once",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-asked_at", "-id"], name="report_of_person"),
            models.Index(fields=["asked_at", "id"], condition=Q(settled_at=None), name="report_to_make"),
        ]
        triggers = [
            *no_delete("report"),
            *transitions("report", "state", REPORT_MOVES),
            *must_be_now("report", "asked_at", "settled_at", "dropped_at"),
            *immutable(
                "report",
                [
                    "export_format", "cycle", "as_at", "language", "ceiling", "depth", "query", "asked_by", "asked_at",
                    "reader_role", "reader_agency", "reader_clearance", "form", "schedule",
                    "laid_agenda",
                ],
            ),
            *final_after(
                "report",
                "settled_at",
                ["fingerprint", "rows_count", "classification", "file_name", "stored_name", "sha256", "size", "failure"],
            ),
            *final_after("report_bytes", "dropped_at", []),
            # A row begins as a request: nobody inserts a finished report.
            *required(
                "report",
                "begins_as_asked",
                """NEW.state = 'waiting' AND NEW.settled_at IS NULL AND NEW.dropped_at IS NULL
                   AND NEW.fingerprint = '' AND NEW.sha256 = '' AND NEW.stored_name = ''""",
                INSERT,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.file_name or f"{self.export_format} {self.as_at:%Y-%m-%d}"

    @property
    def name(self) -> str:
        """What people call it, in the active language (see `summary_name`)."""
        meeting = str(self.laid_agenda.meeting) if self.laid_agenda else ""
        told = {"meeting": meeting, "table": self.table, "depth": self.depth, "language": self.language}
        return summary_name(self.export_format, day=self.as_at, **told)

    @property
    def table(self) -> str:
        """The letter of the one published table that it holds; empty for all of them, and for what holds none."""
        table = dict(parse_qsl(self.query)).get("table", "")
        return "" if table == ALL_TABLES else table

    @property
    def meeting_number(self) -> str:
        """The number of its meeting, as it was when the agenda was laid; empty for what is no paper of a meeting."""
        if self.laid_agenda is None:
            return ""
        return self.laid_meeting_number or self.laid_agenda.content["meeting"]["number"]

    @property
    def spec(self) -> FormatSpec:
        return FORMATS[ExportFormat(self.export_format)]

    @property
    def reader(self) -> User:
        """The reader: an unsaved person with the rights that the requester had then."""
        return User(
            pk=self.asked_by_id,
            agency_id=self.reader_agency_id,
            role=self.reader_role,
            clearance=self.reader_clearance,
            is_active=True,
        )

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None

    @property
    def is_ready(self) -> bool:
        return self.state == ReportState.READY

    @property
    def is_of_open_day(self) -> bool:
        """Whether its day was not over when it was asked for: what was recorded later on that day counts too."""
        return self.as_at >= local_date(self.asked_at)

    @property
    def has_bytes(self) -> bool:
        """Whether a file is stored that can be downloaded; a streamed format never has one."""
        return self.is_ready and bool(self.stored_name) and self.dropped_at is None

    @property
    def is_paper_of_meeting(self) -> bool:
        """Whether it was made of an agenda that was laid before the council; its file is kept with the meeting."""
        return self.laid_agenda_id is not None

    @property
    def kept_until(self) -> datetime | None:
        """From when on the file may be removed; None where there is none, and for the papers of a meeting."""
        if not self.has_bytes or self.settled_at is None or self.is_paper_of_meeting:
            return None
        return self.settled_at + timedelta(days=settings.REPORTS_KEEP_DAYS)

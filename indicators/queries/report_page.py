"""Reports of a month as lists and as one page show them, to their agency and to MAPO."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q

from accounts.models import Agency, User
from audit.clock import local_date
from evidence.models import Document
from indicators.models import (
    Figure,
    FigureDecision,
    FigureReport,
    FigureSubmission,
    FigureSubmissionDocument,
    SentFigure,
)
from indicators.months import month_before, months_over, year_before
from indicators.numbers import plain
from indicators.permissions import may_read_small_cells
from indicators.queries.owed_months import read_asked, sent_words
from indicators.states import PeriodKind
from recommendations.models import Cycle
from recommendations.queries.cited_files import File, file_of
from recommendations.states import Decision
from submissions.states import PUT_AWAY_STATES, SubmissionState
from ui import dates


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLine:
    """A month of an agency: its newest report that still stands, and how many figures were accepted.

    `asked` is how many figures were sent, and how many the month asks for; None of a closed cycle.
    """

    month: date
    report: FigureReport | None
    accepted_count: int
    asked: tuple[int, int] | None

    @property
    def month_text(self) -> str:
        return dates.month_year(self.month)

    @property
    def sent_text(self) -> str:
        """How much of the month was sent, where a part was: 1 of 23 figures sent."""
        sent, asked = self.asked or (0, 0)
        return sent_words(sent, asked) if 0 < sent < asked else ""

    @property
    def is_editable(self) -> bool:
        return self.report is None or self.report.is_editable


def find_report_of(figure_id: int, *, user: User) -> FigureReport | None:
    """Return the newest report, of those that the person may open, in which an agency gave a figure; None without one.

    Where MAPO revised the figure, it is the report of the figure of the same series and month. One query.
    """
    figure = Figure.objects.filter(pk=figure_id, source=None, period_kind=PeriodKind.MONTH)
    given = SentFigure.objects.filter(
        decision_on__decision=Decision.ACCEPT, series__in=figure.values("series")
    )
    reports = FigureReport.objects.visible_to(user).filter(month__in=figure.values("begins_on"))
    return reports.filter(submissions__figures__in=given).order_by("-pk").first()


def read_months(agency: Agency, cycle: Cycle, *, today: date) -> list[MonthLine]:
    """Return the months of a cycle's window that are over, the newest first (three queries)."""
    over = months_over(cycle, today=today)
    reports = FigureReport.objects.filter(agency=agency, cycle=cycle)
    standing = reports.exclude(state__in=PUT_AWAY_STATES).order_by("pk")
    newest = {report.month: report for report in standing.select_related("agency")}
    figures = Figure.objects.standing().filter(
        source=None,
        period_kind=PeriodKind.MONTH,
        begins_on__in=over,
        series__indicator__agency=agency,
    )
    counts = dict(figures.values_list("begins_on").annotate(total=Count("pk")).order_by())
    asked = read_asked(agency, cycle)
    return [
        MonthLine(
            month=month,
            report=newest.get(month),
            accepted_count=counts.get(month, 0),
            asked=asked.get(month),
        )
        for month in reversed(over)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """A report as MAPO's list shows it; of a draft only that it exists."""

    report: FigureReport
    waiting_count: int
    waiting_days: int

    @property
    def month_text(self) -> str:
        return dates.month_year(self.report.month)

    @property
    def is_waiting(self) -> bool:
        return self.report.state == SubmissionState.SUBMITTED


def read_reports(cycle: Cycle, *, today: date) -> list[ReportLine]:
    """Return the reports of a cycle's months for MAPO (one query): what waits, the oldest first; then the newest first."""
    return _lines(FigureReport.objects.filter(cycle=cycle), today=today)


def _lines(reports: Any, *, today: date) -> list[ReportLine]:
    standing = reports.exclude(state__in=PUT_AWAY_STATES)
    undecided = Count("submissions__figures", filter=Q(submissions__figures__decision_on=None))
    rows = standing.select_related("agency", "cycle").annotate(undecided=undecided)
    lines = [
        ReportLine(
            report=report,
            waiting_count=report.undecided,
            waiting_days=(today - local_date(report.submitted_at)).days if report.submitted_at else 0,
        )
        for report in rows.order_by("submitted_at", "month", "pk")
    ]
    others = [line for line in reversed(lines) if not line.is_waiting]
    return [line for line in lines if line.is_waiting] + others


@dataclass(slots=True, kw_only=True)
class SentLine:
    """A figure that was sent, with what stands beside it and what MAPO decided.

    `files` are those that prove this figure alone, as far as the reader may see them. `fields` are those of a decision, `notes` what the checks say to MAPO while anything waits.
    """

    sent: SentFigure
    decision: FigureDecision | None
    last_month: Decimal | None
    last_year: Decimal | None
    replaced: Decimal | None
    fields: dict[str, Any] | None = None
    notes: Sequence[str] = ()
    files: Sequence[File] = ()

    @property
    def beside(self) -> dict[str, str]:
        """Numbers for comparison, as pages write them; "–" where there is none."""
        given = {"last_month": self.last_month, "last_year": self.last_year, "replaced": self.replaced}
        return {name: "–" if number is None else plain(number) for name, number in given.items()}

    @property
    def number(self) -> str:
        return plain(self.sent.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentVersion:
    """One version of a report with its figures and its files; `is_above` where it cites one above the reader's clearance."""

    submission: FigureSubmission
    lines: list[SentLine]
    files: list[File]
    is_above: bool

    @property
    def has_proofs(self) -> bool:
        """Whether a file that the reader may see proves one figure."""
        return any(line.files for line in self.lines)

    @property
    def undecided(self) -> list[SentLine]:
        return [line for line in self.lines if line.decision is None]


def read_versions(report: FigureReport, *, user: User) -> list[SentVersion]:
    """Return the versions of a report, the newest first (eight queries at most)."""
    submissions = list(report.submissions.select_related("submitted_by").order_by("-number"))
    sent = SentFigure.objects.filter(submission__in=submissions).select_related("series__indicator")
    figures = list(
        sent.prefetch_related("series__value_links__value").order_by(
            "series__indicator__position", "series__indicator__code", "pk"
        )
    )
    decisions = FigureDecision.objects.filter(sent__in=figures).select_related(
        "decided_by", "figure__replaces"
    )
    by_sent = {decision.sent_id: decision for decision in decisions}
    beside = _figures_beside(report, figures, user=user)
    within = set(report.submissions.within_clearance(user).values_list("pk", flat=True))
    seen = Document.objects.visible_to(user)
    documents = {each.pk: each for each in seen.filter(figure_submissions__in=submissions).distinct()}
    links = FigureSubmissionDocument.objects.filter(submission__in=submissions, document__in=documents)
    cited: dict[int, list[File]] = {}
    proofs: dict[int, list[File]] = {}
    for link in links.order_by("pk"):
        file = file_of(documents[link.document_id], report.cycle)
        if link.sent_id is None:
            cited.setdefault(link.submission_id, []).append(file)
        else:
            proofs.setdefault(link.sent_id, []).append(file)
    return [
        SentVersion(
            submission=submission,
            lines=[
                _line(each, by_sent.get(each.pk), beside, report, files=proofs.get(each.pk, ()))
                for each in figures
                if each.submission_id == submission.pk
            ],
            files=cited.get(submission.pk, []),
            is_above=submission.pk not in within,
        )
        for submission in submissions
    ]


def _figures_beside(
    report: FigureReport, sent: Sequence[SentFigure], *, user: User
) -> dict[tuple[int, date], Figure]:
    """Return what stands beside figures that were sent; nothing of an indicator that another agency answers for now."""
    months = [report.month, month_before(report.month), year_before(report.month)]
    figures = Figure.objects.standing().filter(
        source=None,
        period_kind=PeriodKind.MONTH,
        begins_on__in=months,
        series__in=[
            each.series_id for each in sent if may_read_small_cells(user, each.series.indicator.agency_id)
        ],
    )
    return {(figure.series_id, figure.begins_on): figure for figure in figures if figure.begins_on}


def _line(
    sent: SentFigure,
    decision: FigureDecision | None,
    beside: dict[tuple[int, date], Figure],
    report: FigureReport,
    *,
    files: Sequence[File],
) -> SentLine:
    def number(month: date) -> Decimal | None:
        figure = beside.get((sent.series_id, month))
        return figure.value if figure else None

    made = decision.figure if decision else None
    former = made.replaces if made else beside.get((sent.series_id, report.month))
    return SentLine(
        sent=sent,
        decision=decision,
        last_month=number(month_before(report.month)),
        last_year=number(year_before(report.month)),
        replaced=former.value if former else None,
        files=files,
    )

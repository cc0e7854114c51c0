"""Acts of an agency on its report of a month: typing, sending, taking back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from audit.acts import require
from audit.errors import NotNow, Unconfirmed
from audit.services import digest
from evidence.models import Document
from indicators.cells import MonthContent
from indicators.check_words import sentence
from indicators.errors import UNUSUAL, incomplete_figures
from indicators.judging import CheckedPeriod
from indicators.models import (
    FigureReport,
    FigureSubmission,
    FigureSubmissionDocument,
    SentFigure,
    Series,
    SeriesValue,
)
from indicators.months import last_day_of
from indicators.permissions import may_send_figures, may_type_figures
from indicators.queries.checks import failing_for
from indicators.queries.month_rules import MonthJudgement, judge_month
from indicators.queries.month_sheet import Cell, MonthSheet, read_month_sheet
from indicators.queries.series_titles import read_series_titles
from indicators.services.report_steps import FigureReportDrafts, locked_report
from indicators.states import EXPLANATION_LENGTH, PeriodKind
from recommendations.models import Cycle
from submissions.kinds import Judged, Kind, Named
from submissions.services import continue_from, put_away, start, submit, take_back, write
from submissions.states import SubmissionState


class FigureReportKind(FigureReportDrafts, Kind[FigureReport, MonthContent, FigureSubmission]):
    version = FigureSubmission
    parent = "report"

    def judge(self, draft: FigureReport, content: MonthContent, *, actor: User, now: datetime) -> Judged:
        sheet = read_month_sheet(draft.agency, draft.month, report=draft)
        found = judge_with_checks(draft.cycle, sheet, content.typed)
        problems = sending_problems(found, content, unsent_proof=_unsent_proof(draft, found, actor=actor))
        return Judged(incomplete_figures(problems) if problems else None, (sheet, found))

    def question(self, draft: FigureReport, content: MonthContent, judged: Judged) -> Unconfirmed | None:
        _sheet, found = judged.found
        return Unconfirmed(UNUSUAL, found.unusual) if found.unusual else None

    def named(self, draft: FigureReport, content: MonthContent) -> Named:
        cited = Document.objects.filter(pk__in=content.document_ids)
        return Named({"explanation": content.explanation}, [document.display_name for document in cited])

    def freeze(
        self,
        draft: FigureReport,
        version: FigureSubmission,
        content: MonthContent,
        judged: Judged,
        *,
        actor: User,
        now: datetime,
    ) -> Mapping[str, Any]:
        sheet, found = judged.found
        version.explanation = content.explanation.strip()
        version.save()
        sent = SentFigure.objects.bulk_create(
            _sent(version, sheet.cells[name], content.typed[name], value)
            for name, value in found.to_send.items()
        )
        of_cell = dict(zip(found.to_send, sent, strict=True))
        FigureSubmissionDocument.objects.bulk_create(
            FigureSubmissionDocument(submission=version, document_id=pk, sent=of_cell[cell] if cell else None)
            for pk, cell in self.citations(content).items()
        )
        return {
            "figures": len(found.to_send),
            "contradictions": len(found.contradictions),
            "revised": len(found.revised),
            "explanation": digest(version.explanation) if version.explanation else None,
        }


FIGURES = FigureReportKind()


@transaction.atomic
def save_figures(
    agency: Agency,
    cycle: Cycle,
    month: date,
    *,
    content: MonthContent,
    revision: int,
    actor: User,
    now: datetime,
) -> FigureReport:
    """Save what the agency has typed so far; the first save begins its report of the month.

    Writes no Event but the beginning: sending does. Raises `Stale` when something newer was saved since
    `revision`, and `NotNow` once the report is no longer the agency's to write. Saving the same again changes nothing.
    """
    require(may_type_figures(actor, agency.pk))
    report = start(FIGURES, FigureReport(agency=agency, cycle=cycle, month=month), actor=actor, now=now)
    if not report.is_editable:
        raise NotNow(_("These figures were sent meanwhile, so nothing could be saved. Copy them from here."))
    return write(FIGURES, report, content, revision=revision, actor=actor, now=now)


@transaction.atomic
def submit_figures(
    agency: Agency,
    cycle: Cycle,
    month: date,
    *,
    content: MonthContent,
    revision: int,
    asks_if_unusual: bool = True,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> FigureSubmission:
    """Send the figures of a month to MAPO: what is new in them becomes an immutable version.

    Sending the same twice sends once. Raises `Incomplete` (what is wrong, by cell), `Unconfirmed` with
    `asks_if_unusual`, `Stale`, `IdentitiesFound` or `NotNow`.
    """
    require(may_send_figures(actor, agency.pk))
    report = start(FIGURES, FigureReport(agency=agency, cycle=cycle, month=month), actor=actor, now=now)
    return submit(
        FIGURES,
        report,
        content,
        revision=revision,
        is_confirmed=not asks_if_unusual,
        identities_reason=identities_reason,
        actor=actor,
        now=now,
    )


@transaction.atomic
def withdraw_figures(report: FigureReport, *, actor: User, now: datetime) -> FigureReport:
    """Take figures back that MAPO has not begun to decide on; what was typed goes into a new draft, which is returned."""
    report = locked_report(report)
    require(may_send_figures(actor, report.agency_id))
    newest = report.newest_submission if report.state == SubmissionState.SUBMITTED else None
    if newest is not None and newest.figures.filter(decision_on__isnull=False).exists():
        raise NotNow(_("MAPO has decided on some of these figures, so they cannot be taken back."))
    return take_back(FIGURES, report, actor=actor, now=now)


@transaction.atomic
def discard_figures(report: FigureReport, *, revision: int, actor: User, now: datetime) -> FigureReport:
    """Put a draft away; what was typed is kept, and `restore_figures` goes on with it. Discarding twice discards once.

    Raises `Stale` when something newer was saved since `revision`.
    """
    report = locked_report(report)
    require(may_type_figures(actor, report.agency_id))
    return put_away(FIGURES, report, "discard", revision=revision, actor=actor, now=now)


@transaction.atomic
def restore_figures(report: FigureReport, *, actor: User, now: datetime) -> FigureReport:
    """Go on with what was typed in a discarded draft, in a new one, which is returned.

    Raises `NotNow` where the month has another report by now: that draft was begun, or sent, since.
    """
    require(may_type_figures(actor, report.agency_id))
    report = FigureReport.objects.select_related("agency", "cycle").get(pk=report.pk)
    if report.state != SubmissionState.DISCARDED:
        raise NotNow(_("This draft was not discarded, so there is nothing to undo."))
    begun = FIGURES.open_draft(report, now=now)
    if begun is not None and begun.writers.exists():
        raise NotNow(_("Another draft of this month was begun since. Nothing was changed."))
    if begun is not None:
        return write(FIGURES, begun, MonthContent.of(report), revision=0, actor=actor, now=now)
    draft = continue_from(FIGURES, report, actor=actor, now=now)
    FIGURES.record(draft, "figures.started", actor=actor, now=now)
    return draft


# --- Steps


def judge_with_checks(cycle: Cycle, sheet: MonthSheet, typed: Mapping[str, str]) -> MonthJudgement:
    """Return what is to be said about the cells of a month, also by the checks that a source declared (one query, and one more where one fails).

    A check that compares with figures of other agencies is MAPO's to see.
    """
    found = judge_month(sheet, typed)
    period = CheckedPeriod(PeriodKind.MONTH, sheet.month, last_day_of(sheet.month))
    own = {cell.series_id: name for name, cell in sheet.cells.items() if cell.series_id is not None}
    given = {
        (series_id, period): found.numbers[name] for series_id, name in own.items() if name in found.numbers
    }
    contradicting = failing_for(cycle, given) if given else []
    titles = read_series_titles(contradicting)
    for failing in contradicting:
        names = [own.get(term.series_id) for term in (*failing.right_terms, *failing.left_terms)]
        told = next((name for name in names if name in found.numbers), None)
        if told is not None and None not in names:
            found.contradictions[told] = sentence(failing, titles)
    return found


def sending_problems(
    found: MonthJudgement, content: MonthContent, *, unsent_proof: str | Promise
) -> dict[str, Any]:
    """Return what keeps figures from being sent, by cell or field; `unsent_proof` as from `_unsent_proof`."""
    problems: dict[str, Any] = dict(found.problems)
    if not found.problems and not found.to_send:
        problems[""] = _("There is nothing new to send: type at least one figure.")
    elif not found.problems and unsent_proof:
        problems[""] = unsent_proof
    if found.needs_explanation and not content.explanation.strip():
        problems["explanation"] = _(
            "Some figures do not agree, or change what was accepted. Correct them, or explain them to MAPO."
        )
    elif len(content.explanation) > EXPLANATION_LENGTH:
        problems["explanation"] = _("Shorten the explanation to %(most)s characters.") % {
            "most": f"{EXPLANATION_LENGTH:,}"
        }
    return problems


def _unsent_proof(report: FigureReport, found: MonthJudgement, *, actor: User) -> str | Promise:
    """Return what to say where the locked report cites a file for a figure that is not sent; "" where it does not.

    It asks the citations, not what the person's form showed: a file above their clearance must not become, unseen, the
    proof of all figures.
    """
    unsent = report.citations.exclude(cell="").exclude(cell__in=found.to_send)
    cited = set(unsent.values_list("document_id", flat=True))
    if not cited:
        return ""
    if Document.objects.visible_to(actor).filter(pk__in=cited).exists():
        return _(
            "A file is attached to a figure that is not sent: it is empty, or accepted already. Choose another figure for "
            "it, or all figures."
        )
    return _(
        "A file classified above your clearance is attached to a figure that is not sent: it is empty, or accepted "
        "already. A colleague who is cleared must choose another figure for it."
    )


def _sent(submission: FigureSubmission, cell: Cell, text: str, value: Decimal) -> SentFigure:
    return SentFigure(submission=submission, series=_series_of(cell), text=text.strip(), value=value)


def _series_of(cell: Cell) -> Series:
    """Return the series that a cell is a number of; it comes to be with its first figure."""
    series, is_new = Series.objects.get_or_create(indicator=cell.indicator, key=cell.key)
    if is_new and cell.value is not None:
        SeriesValue.objects.create(series=series, value=cell.value)
    return series

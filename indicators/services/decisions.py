"""MAPO's decisions on figures that agencies sent, one for each figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.acts import require_reason
from audit.errors import NotAllowed, NotNow
from indicators.errors import already_decided
from indicators.models import Figure, FigureDecision, FigureReport, FigureSubmission, SentFigure
from indicators.months import last_day_of
from indicators.permissions import (
    OWN_FIGURES,
    belongs_to_giver,
    is_evidence_above,
    may_decide_figures,
    typed_figures,
)
from indicators.services.report_steps import DRAFTS, locked_report
from indicators.states import PeriodKind
from privacy.checks import check_identities
from recommendations.errors import ABOVE_CLEARANCE
from recommendations.permissions import OWN_AGENCY
from recommendations.states import Decision
from submissions.states import SubmissionState

#: The reason of a revision that its agency did not explain; in Malay, the language of the record.
REPORTED_AGAIN = "Dilaporkan semula oleh agensi."


@dataclass(frozen=True, slots=True)
class CellDecision:
    """What a reviewer decides on one figure: accept it, or return it with a reason."""

    is_accepted: bool
    reason: str = ""


@transaction.atomic
def decide_figures(
    submission: FigureSubmission,
    *,
    decisions: Mapping[int, CellDecision],
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> FigureReport:
    """Accept or return figures of one version, by the keys of its `SentFigure`; others go on waiting.

    An accepted one becomes a figure of its series at this instant, and replaces the one that stood. When the last one is
    decided, the report is accepted, or goes back to the agency. Raises `AlreadyDecided` when another reviewer was
    first on any of them, `NotNow` while a cited file is held, and `IdentitiesFound` as `check_identities` does.
    """
    report = locked_report(submission.report)
    require_figure_reviewer(actor, submission)
    if report.state == SubmissionState.WITHDRAWN:
        raise NotNow(_("The agency has taken these figures back, so there is nothing to decide."))
    sent = _undecided(submission, decisions)
    if any(each.is_accepted for each in decisions.values()):
        _require_released_files(submission)
    reasons = {pk: require_reason(each.reason) for pk, each in decisions.items() if not each.is_accepted}
    identities = check_identities(
        {"reason": "\n".join(reasons.values())},
        parts={"reason": reasons.values()},
        reason=identities_reason,
    )
    for figure in sent:
        _decide(figure, report, reason=reasons.get(figure.pk, ""), actor=actor, now=now)
    _settle(report, submission, now=now)
    after = {
        "state": report.state,
        "version": submission.number,
        "accepted": len(sent) - len(reasons),
        "returned": len(reasons),
        **identities.event_facts,
    }
    about: dict[str, Any] = {"before": {"state": SubmissionState.SUBMITTED}, "after": after}
    DRAFTS.record(report, "figures.decided", actor=actor, now=now, reason=identities.reason, **about)
    return report


def require_figure_reviewer(actor: User, submission: FigureSubmission) -> None:
    """Raise `NotAllowed`, with the reason, when this person may not decide on these figures."""
    if may_decide_figures(actor, submission):
        return
    raise NotAllowed(why_not_deciding(actor, submission) or _("Only MAPO decides on figures."))


def why_not_deciding(person: User, submission: FigureSubmission) -> str:
    """Return why a person of MAPO may not decide; "" where nothing stands in the way."""
    if typed_figures(person, submission.report):
        return str(OWN_FIGURES)
    if belongs_to_giver(person, submission):
        return str(OWN_AGENCY)
    return str(ABOVE_CLEARANCE) if is_evidence_above(person, submission) else ""


def _undecided(submission: FigureSubmission, decisions: Mapping[int, CellDecision]) -> list[SentFigure]:
    """Return the figures to decide on, which wait for it."""
    if not decisions:
        raise NotNow(_("Choose what to decide. Nothing was changed."))
    sent = list(submission.figures.filter(pk__in=decisions).select_related("series").order_by("pk"))
    if len(sent) != len(decisions):
        raise NotNow(_("One of these figures is not part of what was sent. Nothing was changed."))
    decided = FigureDecision.objects.filter(sent__in=sent).select_related("decided_by").order_by("pk").first()
    if decided is not None:
        raise already_decided(decided)
    return sent


def _require_released_files(submission: FigureSubmission) -> None:
    held = [document.display_name for document in submission.documents.all() if document.is_held]
    if held:
        raise NotNow(
            _(
                "Figures cannot be accepted while a file is held: %(names)s. Wait for the scan, or return them."
            )
            % {"names": ", ".join(held)}
        )


def _decide(sent: SentFigure, report: FigureReport, *, reason: str, actor: User, now: datetime) -> None:
    """Write one decision; an accepted number becomes a figure."""
    figure = None if reason else _accepted(sent, report, actor=actor, now=now)
    FigureDecision.objects.create(
        sent=sent,
        decision=Decision.RETURN if reason else Decision.ACCEPT,
        reason=reason,
        figure=figure,
        decided_by=actor,
        decided_at=now,
    )


def _accepted(sent: SentFigure, report: FigureReport, *, actor: User, now: datetime) -> Figure:
    """Return the new figure of a month; the one that stood ends at the same instant."""
    period = {
        "series": sent.series,
        "period_kind": PeriodKind.MONTH,
        "begins_on": report.month,
        "ends_on": last_day_of(report.month),
        "source": None,
    }
    rows = Figure.objects.standing().select_for_update(no_key=True).filter(**period)
    # Only a new statement sees the figure of a revision for which the first one waited.
    standing = rows.first() or rows.first()
    if standing is not None:
        now = standing.ended_at = max(now, standing.recorded_at)
        standing.save(update_fields=["ended_at"])
    return Figure.objects.create(
        **period,
        text=sent.text,
        value=sent.value,
        replaces=standing,
        reason=(sent.submission.explanation or REPORTED_AGAIN) if standing else "",
        recorded_by=actor,
        recorded_at=now,
    )


def _settle(report: FigureReport, submission: FigureSubmission, *, now: datetime) -> None:
    """Close the report, or hand it back to the agency, once nothing of the version waits."""
    if submission.figures.filter(decision_on=None).exists():
        return
    if submission.figures.filter(decision_on__decision=Decision.RETURN).exists():
        report.state = SubmissionState.RETURNED
    else:
        report.state, report.closed_at = SubmissionState.ACCEPTED, now
    report.save(update_fields=["state", "closed_at"])

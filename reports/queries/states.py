"""How a report's state and a taking's end look: a tone, a word and an icon, the same on every page."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import pgettext

from reports.models import Download, Report
from reports.states import DownloadOutcome, ReportState


@dataclass(frozen=True, slots=True)
class Sign:
    """What `{% chip %}` and `{% flag %}` take."""

    tone: str
    text: str
    icon: str


_STATES = {
    ReportState.WAITING: ("info", "clock"),
    ReportState.MAKING: ("info", "loader-circle"),
    ReportState.READY: ("success", "circle-check"),
    ReportState.FAILED: ("danger", "circle-alert"),
    ReportState.CANCELLED: ("neutral", "ban"),
}
_OUTCOMES = {
    DownloadOutcome.WHOLE: ("success", "circle-check"),
    DownloadOutcome.BROKEN: ("danger", "circle-alert"),
    DownloadOutcome.CUT: ("warning", "unplug"),
}


def state_sign(report: Report) -> Sign:
    """The state; a file whose days are over is told too."""
    if report.is_ready and report.dropped_at is not None:
        return Sign("neutral", pgettext("report", "No longer kept"), "archive")
    state = ReportState(report.state)
    tone, icon = _STATES[state]
    return Sign(tone, str(state.label), icon)


def broken_sign() -> Sign:
    """A report whose newest taking a file broke off."""
    tone, icon = _OUTCOMES[DownloadOutcome.BROKEN]
    return Sign(tone, pgettext("report", "Broken off"), icon)


def outcome_sign(taking: Download) -> Sign:
    """How a taking ended; nothing is known of one that is on its way, or whose process fell."""
    if not taking.outcome:
        return Sign("quiet", pgettext("taking", "Its end is not known"), "circle-dashed")
    outcome = DownloadOutcome(taking.outcome)
    tone, icon = _OUTCOMES[outcome]
    return Sign(tone, str(outcome.label), icon)

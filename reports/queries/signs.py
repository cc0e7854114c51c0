"""How the state of a report and the outcome of a download look: a tone, a word and an icon, on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import pgettext

from evidence.display import Badge
from reports.states import DownloadOutcome, ReportState

if TYPE_CHECKING:
    from reports.models.download import Download
    from reports.models.report import Report


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


def state_sign(report: Report) -> Badge:
    """Return the sign of a report's state, or that its file is no longer kept."""
    if report.is_ready and report.dropped_at is not None:
        return Badge("neutral", pgettext("report", "No longer kept"), "archive")
    state = ReportState(report.state)
    tone, icon = _STATES[state]
    return Badge(tone, str(state.label), icon)


def broken_sign() -> Badge:
    """Return the sign of a report whose newest download a file broke off."""
    tone, icon = _OUTCOMES[DownloadOutcome.BROKEN]
    return Badge(tone, pgettext("report", "Interrupted"), icon)


def outcome_sign(download: Download) -> Badge:
    """Return the sign of how a download ended; unknown while it streams, or when its process was killed."""
    if not download.outcome:
        return Badge("quiet", pgettext("download", "Outcome not known"), "circle-dashed")
    outcome = DownloadOutcome(download.outcome)
    tone, icon = _OUTCOMES[outcome]
    return Badge(tone, str(outcome.label), icon)

"""A status, and how a decision changed it, in words: for the papers of a meeting, composed in the active language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from recommendations.queries.decisions import DecidedStatus
from recommendations.states import Status
from ui.numbers import percent


def status_words(status: DecidedStatus) -> str:
    """Return "In progress 40%"; for what is not begun or completed, its status alone says it all.

    Where no verdict gave it: "Completed (set by MAPO)".
    """
    label = str(Status(status.status).label)
    words = f"{label} {percent(status.percent)}" if status.status == Status.PROGRESS else label
    return _("%(status)s (set by MAPO)") % {"status": words} if status.is_set_by_mapo else words


def change_words(before: DecidedStatus | None, after: DecidedStatus | None) -> str:
    """Return "40% → 60%", "In progress 60% → Completed", or "In progress 40%, unchanged"; empty without a status."""
    if before is None or after is None:
        return ""
    if before == after:
        return _("%(status)s, unchanged") % {"status": status_words(after)}
    if before.status == after.status and not (before.is_set_by_mapo or after.is_set_by_mapo):
        return f"{percent(before.percent)} → {percent(after.percent)}"
    return f"{status_words(before)} → {status_words(after)}"

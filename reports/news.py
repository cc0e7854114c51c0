"""The texts of notices about reports, in the active language.

A notice is about `paper` (the export format), `as_at` (the day, ISO 8601), `cycle` (the year) or `document` (a
document's number). What is missing is left out of the sentence.
"""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reminders.messages.notices import NOTICE_KINDS, NoticeKind, NoticeValues
from reports.states import ExportFormat
from ui import dates

READY, FAILED, MONTHLY = "report_ready", "report_failed", "report_monthly"
#: An evidence pack broke off: MAPO gets a notice about the file.
BROKEN_OFF = "pack_broken"


def register() -> None:
    """Register the texts of each kind of notice."""
    NOTICE_KINDS[READY] = NoticeKind(
        sentence=_ready, subject=_("Your summary is ready"), icon="file-check", is_awaited=True
    )
    NOTICE_KINDS[FAILED] = NoticeKind(
        sentence=_failed, subject=_("Your summary could not be made"), icon="file-x", is_awaited=True
    )
    NOTICE_KINDS[MONTHLY] = NoticeKind(
        sentence=_monthly, subject=_("A monthly summary is ready"), icon="calendar-check"
    )
    NOTICE_KINDS[BROKEN_OFF] = NoticeKind(
        sentence=_broken_off,
        subject=_("An evidence file no longer matches its hash"),
        icon="shield-alert",
        is_urgent=True,
    )


def _ready(about: NoticeValues) -> str:
    return gettext("Your summary is ready: %(summary)s") % {"summary": _summary(about)}


def _failed(about: NoticeValues) -> str:
    return gettext("Your summary could not be made: %(summary)s") % {"summary": _summary(about)}


def _monthly(about: NoticeValues) -> str:
    return gettext("A monthly summary is ready: %(summary)s") % {"summary": _summary(about)}


def _broken_off(about: NoticeValues) -> str:
    return gettext(
        "Document %(number)s no longer matches its hash: an evidence pack that cites it broke off, and its file must be "
        "checked"
    ) % {"number": about["document"]}


def _summary(about: NoticeValues) -> str:
    """Return for example "PDF, 2023 cycle, as at 31 August 2023"."""
    parts = [
        str(ExportFormat(about["paper"]).label) if "paper" in about else "",
        gettext("%(year)s cycle") % {"year": about["cycle"]} if "cycle" in about else "",
        gettext("as at %(day)s") % {"day": dates.day(date.fromisoformat(about["as_at"]))}
        if "as_at" in about
        else "",
    ]
    return ", ".join(part for part in parts if part)

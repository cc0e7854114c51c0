"""Notices about reports: their texts, sent when one is settled, read when its page is opened.

A notice is about `paper` (the export format), `depth`, `as_at` (the day, ISO 8601), `language`, `cycle` (the year),
`schedule` (the name of a monthly summary), `meeting` (the number of a meeting) or `document` (a document's number). What
is missing is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from evidence.models import Document
from reminders.messages.notices import NOTICE_KINDS, NoticeKind, NoticeValues
from reminders.services.notices import give_notice, read_notices
from reports.states import summary_name

if TYPE_CHECKING:
    from reports.models.report import Report

#: The kinds of notices.
READY, FAILED, MONTHLY = "report_ready", "report_failed", "report_monthly"
#: An evidence pack broke off: reviewers get a notice about the file.
BROKEN_OFF = "pack_broken"
#: A mail follows a notice that was not read for so long. A page that is still open reads it within seconds.
MAIL_AFTER = timedelta(minutes=2)


def register() -> None:
    """Register the texts of each kind of notice."""
    NOTICE_KINDS[READY] = NoticeKind(
        sentence=_about_summary(_("Your summary is ready: %(summary)s")),
        subject=_("Your summary is ready"),
        icon="file-check",
        is_awaited=True,
    )
    NOTICE_KINDS[FAILED] = NoticeKind(
        sentence=_about_summary(_("Your summary could not be made: %(summary)s")),
        subject=_("Your summary could not be made"),
        icon="file-x",
        is_awaited=True,
    )
    NOTICE_KINDS[MONTHLY] = NoticeKind(
        sentence=_about_summary(_("A monthly summary is ready: %(summary)s")),
        subject=_("A monthly summary is ready"),
        icon="calendar-check",
    )
    NOTICE_KINDS[BROKEN_OFF] = NoticeKind(
        sentence=_broken_off,
        subject=_("An evidence file no longer matches its hash"),
        icon="shield-alert",
        is_urgent=True,
    )


def path_of(report: Report) -> str:
    """Return the path of a report's page."""
    return reverse("reports:report", args=[report.pk])


def notify_settled(report: Report, *, now: datetime) -> None:
    """Tell whoever asked that a report is ready or has failed, in the transaction that settles it.

    Whoever has its page open, or downloads the file, reads the notice there and gets no mail. A monthly summary is
    announced by mail at once.
    """
    about = {
        "paper": report.export_format,
        "depth": report.depth,
        "as_at": report.as_at.isoformat(),
        "language": report.language,
        "cycle": report.cycle.year,
    }
    if report.table:
        about["table"] = report.table
    if report.schedule is not None:
        about["schedule"] = report.schedule.name
    if report.laid_agenda is not None:
        about["meeting"] = str(report.laid_agenda.meeting)
    what = FAILED if not report.is_ready else MONTHLY if report.schedule_id else READY
    give_notice(
        report.asked_by,
        what=what,
        about=about,
        path=path_of(report),
        # By the machine's clock, as mails are.
        mail_after=timezone.now() + (timedelta() if report.schedule_id else MAIL_AFTER),
        now=now,
    )


def notify_broken_document(document: Document, *, now: datetime) -> None:
    """Tell reviewers who may open a document, at once and by mail, that it no longer matches its hash.

    Administrators are told of every file that is harmed (`evidence.services.integrity`).
    """
    cleared = User.objects.active().filter(role=Role.REVIEWER, clearance__gte=document.classification)
    for person in cleared.order_by("pk"):
        give_notice(
            person,
            what=BROKEN_OFF,
            about={"document": document.pk},
            path=reverse("evidence:detail", args=[document.pk]),
            # By the machine's clock, as mails are.
            mail_after=timezone.now(),
            now=now,
        )


@transaction.atomic
def mark_notice_read(report: Report, *, actor: User, now: datetime) -> None:
    """Mark the notice about one's own report as read, because its page is open; no Event.

    Does nothing when somebody else looks at the report.
    """
    if report.asked_by_id == actor.pk:
        read_notices(actor, path=path_of(report), now=now)


def _about_summary(words: Promise) -> Callable[[NoticeValues], str]:
    """Return a function that puts a summary into these words."""
    return lambda about: str(words % {"summary": _summary(about)})


def _broken_off(about: NoticeValues) -> str:
    return gettext(
        "Document %(number)s no longer matches its hash: an evidence pack that cites it was "
        "interrupted, and its file must be checked"
    ) % {"number": about["document"]}


def _summary(about: NoticeValues) -> str:
    """Return the name of the summary and its cycle, after the name of a monthly one."""
    name = ""
    if "paper" in about:
        day = date.fromisoformat(about["as_at"]) if "as_at" in about else None
        told = {name: about.get(name, "") for name in ("meeting", "table", "depth", "language")}
        name = summary_name(about["paper"], day=day, **told)
    cycle = gettext("%(year)s cycle") % {"year": about["cycle"]} if "cycle" in about else ""
    named = f"{name} ({cycle})" if name and cycle else name or cycle
    return ", ".join(part for part in (about.get("schedule", ""), named) if part)

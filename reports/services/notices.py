"""Notices about reports: sent when one is settled, read when its page is opened."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import MAPO_ROLES
from evidence.models import Document
from reminders.services.notices import give_notice
from reminders.services.read_marks import read_notices
from reports.models.report import Report
from reports.news import BROKEN_OFF, FAILED, MONTHLY, READY

#: A mail follows a notice that was not read for so long. A page that is still open reads it within seconds.
MAIL_AFTER = timedelta(minutes=2)


def path_of(report: Report) -> str:
    """Return the path of a report's page."""
    return reverse("reports:report", args=[report.pk])


def notify_settled(report: Report, *, now: datetime) -> None:
    """Tell whoever asked that a report is ready or has failed, in the transaction that settles it.

    Whoever has its page open, or downloads the file, reads the notice there and gets no mail. A monthly summary is
    announced by mail at once.
    """
    what = FAILED if not report.is_ready else MONTHLY if report.schedule_id else READY
    give_notice(
        report.asked_by,
        what=what,
        about={"paper": report.export_format, "as_at": report.as_at.isoformat(), "cycle": report.cycle.year},
        path=path_of(report),
        # By the machine's clock, as mails are.
        mail_after=timezone.now() + (timedelta() if report.schedule_id else MAIL_AFTER),
        now=now,
    )


def notify_broken_document(document: Document, *, now: datetime) -> None:
    """Tell everybody of MAPO who may open a document, at once and by mail, that it no longer matches its hash."""
    cleared = User.objects.active().filter(role__in=MAPO_ROLES, clearance__gte=document.classification)
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

"""Telling whoever asked that their summary is there, or why it is not, when they do not look at its page themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from reminders.services.notices import give_notice
from reports.models import Report
from reports.news import FAILED, MONTHLY, READY

#: Whoever had the page open so short a time ago still looks at it.
LOOKS = timedelta(seconds=20)
#: A mail goes out when the bell was not heard for so long.
MAIL_AFTER = timedelta(minutes=2)


def page_of(report: Report) -> str:
    """Where a report stands, from the root of the site."""
    return reverse("reports:report", args=[report.pk])


def tell(report: Report, *, now: datetime) -> None:
    """Give the notice of a report that was just settled, in the transaction that settles it.

    Nobody is told who looks at its page at that moment. What a schedule makes is told of by mail at once.
    """
    if Report.objects.filter(pk=report.pk, looked_at__gte=Now() - LOOKS).exists():
        return
    is_ready = report.is_ready
    what = FAILED if not is_ready else MONTHLY if report.schedule_id else READY
    give_notice(
        report.asked_by,
        what=what,
        about={"paper": report.paper, "as_at": report.as_at.isoformat(), "cycle": report.cycle.year},
        path=page_of(report),
        # By the machine's clock, as mails are.
        mail_after=timezone.now() + (timedelta() if report.schedule_id else MAIL_AFTER),
        now=now,
    )

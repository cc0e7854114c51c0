"""Telling whoever asked that their summary is there, or why it is not, where they did not wait for the answer."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from reminders.services.notices import give_notice
from reports.models import Report
from reports.news import FAILED, MONTHLY, READY

#: A mail goes out when the bell was not heard for so long. A page that is still open hears it within seconds.
MAIL_AFTER = timedelta(minutes=2)


def page_of(report: Report) -> str:
    """Where a report stands, from the root of the site."""
    return reverse("reports:report", args=[report.pk])


def tell(report: Report, *, now: datetime) -> None:
    """Give the notice of a report that was just settled, in the transaction that settles it.

    Whose page is open, or who takes the file, reads it there and gets no mail. What a schedule makes is told of by
    mail at once.
    """
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

"""Looking at a report: who has its page open needs no bell, and has heard the one that rang."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from reminders.services.notices import read_notices
from reports.models import Report
from reports.services.telling import page_of


@transaction.atomic
def look(report: Report, *, actor: User, now: datetime) -> None:
    """Remember that the page of one's own report is open, by the database's real clock, and mark its notice as read.

    Anybody else's look changes nothing. It is no act on the record, so no Event tells of it.
    """
    if report.asked_by_id == actor.pk:
        Report.objects.filter(pk=report.pk).update(looked_at=Now())
        read_notices(actor, path=page_of(report), now=now)

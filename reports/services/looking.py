"""Looking at a report: who has its page open has heard the bell that rang."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from reminders.services.notices import read_notices
from reports.models import Report
from reports.services.telling import page_of


@transaction.atomic
def look(report: Report, *, actor: User, now: datetime) -> None:
    """Mark the notice of one's own report as read, because its page is open.

    Anybody else's look changes nothing. It is no act on the record, so no Event tells of it.
    """
    if report.asked_by_id == actor.pk:
        read_notices(actor, path=page_of(report), now=now)

"""Cancelling a summary that is not finished."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from reports.models import Report
from reports.services.rows import locked_report, record_on
from reports.states import ReportState


@transaction.atomic
def cancel(report: Report, *, actor: User, now: datetime) -> Report:
    """Settle it as cancelled; whoever is making it hears of it within a second, and leaves nothing behind.

    Cancelling twice cancels once. Raises NotAllowed for everybody but who asked for it, NotNow when it is finished.
    """
    row = locked_report(report.pk)
    if row.asked_by_id != actor.pk:
        raise NotAllowed(_("Only the person who asked for a summary cancels it."))
    if row.state == ReportState.CANCELLED:
        return row
    if row.is_settled:
        raise NotNow(_("It was finished before you cancelled it. Nothing was changed."))
    row.state, row.settled_at, row.leased_until = ReportState.CANCELLED, now, None
    row.save(update_fields=["state", "settled_at", "leased_until"])
    record_on(row, action="report.cancelled", actor=actor, now=now)
    return row

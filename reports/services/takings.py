"""Takings: what leaves Jejak is on record before its first byte, and how that ended afterwards."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from audit.services import record
from evidence.models import Document
from reports.models import Report, Taking
from reports.states import Outcome


@transaction.atomic
def begin_taking(report: Report, *, holds: str = "", actor: User, now: datetime) -> Taking:
    """Note that this person takes the report, before its first byte leaves.

    `holds`: the numbers of the documents in it, where it holds files. Raises `NotAllowed` for everybody but whoever
    it was made for, `NotNow` while it is not ready.
    """
    if report.asked_by_id != actor.pk or not actor.is_active:
        raise NotAllowed(_("Only the person who asked for a summary takes its file."))
    if not report.is_ready:
        raise NotNow(_("This summary is not ready. Wait for it, or ask for it again."))
    taking = Taking.objects.create(report=report, taken_by=actor, began_at=now)
    facts = {"selection": report.query, "fingerprint": report.fingerprint}
    record(
        action="report.taken",
        actor=actor,
        obj=report,
        label=str(report),
        agency_id=report.reader_agency_id,
        after=facts | ({"documents": holds} if holds else {}),
        now=now,
    )
    return taking


@transaction.atomic
def end_taking(
    taking: Taking,
    *,
    outcome: Outcome = Outcome.WHOLE,
    document: Document | None = None,
    sha256: str,
    size: int,
    now: datetime,
) -> Taking:
    """Note how it ended, and the SHA-256 and the number of the bytes that left. Who comes second changes nothing.

    `document`: the file that broke it off.
    """
    row = Taking.objects.select_for_update(no_key=True).get(pk=taking.pk)
    if row.outcome:
        return row
    row.ended_at, row.outcome, row.sha256, row.size, row.document = now, outcome, sha256, size, document
    row.save(update_fields=["ended_at", "outcome", "sha256", "size", "document"])
    return row

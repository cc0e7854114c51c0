"""Takings: what leaves Jejak is on record before its first byte, and how that ended afterwards."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from evidence.models import Document
from reminders.services.notices import read_notices
from reports.models import Report, Taking
from reports.permissions import keeps_rights
from reports.services.rows import record_on
from reports.services.telling import page_of
from reports.states import Outcome


@transaction.atomic
def begin_taking(report: Report, *, holds: str = "", actor: User, now: datetime) -> Taking:
    """Note that this person takes the report, before its first byte leaves.

    `holds`: the numbers of the documents in it, where it holds files. Whoever takes it has heard its bell. Raises
    `NotAllowed` for everybody but whoever it was made for, `NotNow` while it is not ready, when its file is no longer
    kept, and when the person's rights are lower than those with which it was read.
    """
    if report.asked_by_id != actor.pk or not actor.is_active:
        raise NotAllowed(_("Only the person who asked for a summary takes its file."))
    if not report.is_ready:
        raise NotNow(_("This summary is not ready. Wait for it, or ask for it again."))
    if not (report.has_bytes or report.facts.is_streamed):
        raise NotNow(_("The file of this summary is no longer kept. Make it again."))
    if not keeps_rights(actor, report):
        raise NotNow(rights_changed())
    read_notices(actor, path=page_of(report), now=now)
    taking = Taking.objects.create(report=report, taken_by=actor, began_at=now)
    facts = {"fingerprint": report.fingerprint} | ({"documents": holds} if holds else {})
    record_on(report, action="report.taken", actor=actor, after=facts, now=now)
    return taking


def rights_changed() -> str:
    """Why somebody cannot take what was made for them."""
    return _(
        "Your rights have changed since this was made, so that it cannot be taken any more. Make it again."
    )


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

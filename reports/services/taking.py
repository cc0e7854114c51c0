"""Takings: what leaves Jejak is on record before its first byte, and how that ended afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from evidence.models import Document
from reminders.services.notices import read_notices
from reports.models import Download, Report
from reports.permissions import keeps_rights
from reports.services.differences import is_outdated
from reports.services.rows import record_on
from reports.services.telling import page_of
from reports.states import FORMATS, DownloadOutcome

#: How many packs of one person may flow at once: each holds a thread of the web for as long as it flows.
FLOWING_LIMIT = 2
#: One whose end was never noted, because its process fell, stands in the way for so long.
FLOWING_FOR = timedelta(hours=1)
_STREAMED = [paper for paper, facts in FORMATS.items() if facts.is_streamed]


@transaction.atomic
def begin_taking(report: Report, *, holds: str = "", actor: User, now: datetime) -> Download:
    """Note that this person takes the report, before its first byte leaves.

    `holds`: the numbers of the documents in it, where it holds files. Whoever takes it has heard its bell. Raises
    `NotAllowed` for everybody but whoever it was made for, `NotNow` while it is not ready, when its file is no longer
    kept, when the person's rights are lower than those with which it was read, when it tells what they would no longer
    be told, and for the third pack at the same time.
    """
    if report.asked_by_id != actor.pk or not actor.is_active:
        raise NotAllowed(_("Only the person who asked for a summary takes its file."))
    if not report.is_ready:
        raise NotNow(_("This summary is not ready. Wait for it, or ask for it again."))
    if not (report.has_bytes or report.facts.is_streamed):
        raise NotNow(_("The file of this summary is no longer kept. Make it again."))
    if not keeps_rights(actor, report):
        raise NotNow(rights_changed())
    if report.facts.is_streamed:
        _demand_room(actor, now=now)
    elif is_outdated(report):
        raise NotNow(content_changed())
    read_notices(actor, path=page_of(report), now=now)
    taking = Download.objects.create(report=report, taken_by=actor, began_at=now)
    facts = {"fingerprint": report.fingerprint} | ({"documents": holds} if holds else {})
    record_on(report, action="report.taken", actor=actor, after=facts, now=now)
    return taking


def rights_changed() -> str:
    """Why somebody cannot take what was made for them."""
    return _(
        "Your rights have changed since this was made, so that it cannot be taken any more. Make it again."
    )


def content_changed() -> str:
    """Why nobody is given a file that was made."""
    return _(
        "What this can hold has changed since it was made: a document was sealed or classified higher, or your agency no "
        "longer answers for an item. So it cannot be taken any more. Make it again."
    )


def _demand_room(actor: User, *, now: datetime) -> None:
    # One after the other for each person: of two at the same moment, the second sees the first.
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=actor.pk)
    flowing = Download.objects.filter(
        taken_by=actor, outcome="", began_at__gt=now - FLOWING_FOR, report__paper__in=_STREAMED
    )
    if flowing.count() >= FLOWING_LIMIT:
        raise NotNow(
            _("Two evidence packs of yours are being taken at this moment. Wait until one of them has ended.")
        )


@transaction.atomic
def end_taking(
    taking: Download,
    *,
    outcome: DownloadOutcome = DownloadOutcome.WHOLE,
    document: Document | None = None,
    sha256: str,
    size: int,
    now: datetime,
) -> Download:
    """Note how it ended, and the SHA-256 and the number of the bytes that left. Who comes second changes nothing.

    `document`: the file that broke it off.
    """
    row = Download.objects.select_for_update(no_key=True).get(pk=taking.pk)
    if row.outcome:
        return row
    row.ended_at, row.outcome, row.sha256, row.size, row.document = now, outcome, sha256, size, document
    row.save(update_fields=["ended_at", "outcome", "sha256", "size", "document"])
    return row

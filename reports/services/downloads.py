"""Downloads: each is on record before its first byte leaves; how it ended is noted afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from evidence.models import Document
from reminders.services.notices import read_notices
from reports.models.download import Download
from reports.permissions import RIGHTS_CHANGED, is_shared_with, keeps_rights
from reports.services.changes import CONTENT_CHANGED, is_outdated
from reports.services.notices import notify_broken_document, path_of
from reports.services.records import record_on
from reports.states import FORMATS, DownloadOutcome
from reports.summary.selection import stored_selection

if TYPE_CHECKING:
    from reports.models.report import Report

#: How many packs of one person may stream at a time: each holds a thread of the web.
STREAM_LIMIT = 2
#: A stream whose end was never noted, because its process was killed, counts for so long.
STREAM_EXPIRES_AFTER = timedelta(hours=1)
_STREAMED = [export_format for export_format, spec in FORMATS.items() if spec.is_streamed]


@transaction.atomic
def begin_download(report: Report, *, holds: str = "", actor: User, now: datetime) -> Download:
    """Record that this person downloads a report, before its first byte leaves, and mark its notice as read.

    `holds`: the numbers of the documents in it, where it holds files. Raises `NotAllowed` for everybody but whoever it
    was made for and their colleagues; `NotNow` while it is not ready, when its file is no longer kept, when the person's rights are lower
    than those with which it was read, when it holds what they may no longer read, and for the third pack at a time.
    """
    if not actor.is_active or not is_shared_with(actor, report):
        raise NotAllowed(
            _("Only the person who asked for a summary and their colleagues can download its file.")
        )
    if not report.is_ready:
        raise NotNow(_("This summary is not ready. Wait for it, or ask for it again."))
    if not (report.has_bytes or report.spec.is_streamed):
        raise NotNow(_("The file of this summary is no longer kept. Make it again."))
    if not keeps_rights(actor, report):
        raise NotNow(RIGHTS_CHANGED)
    if report.spec.is_streamed:
        _require_free_stream(actor, now=now)
    elif is_outdated(report, stored_selection(report.query)):
        raise NotNow(CONTENT_CHANGED)
    read_notices(actor, path=path_of(report), now=now)
    download = Download.objects.create(report=report, downloaded_by=actor, began_at=now)
    facts = {"fingerprint": report.fingerprint} | ({"documents": holds} if holds else {})
    record_on(report, action="report.taken", actor=actor, after=facts, now=now)
    return download


def may_continue(download: Download, *, document_id: int) -> bool:
    """Return whether the person may still have this document of a pack: rights and document as they are now.

    Takes two queries.
    """
    report = download.report
    if not keeps_rights(User.objects.get(pk=download.downloaded_by_id), report):
        return False
    within = min(report.reader_clearance, report.ceiling)
    known = Document.objects.visible_to(report.reader).filter(classification__lte=within)
    document = known.filter(pk=document_id).first()
    return document is not None and document.is_available and not document.is_destroyed


@transaction.atomic
def end_download(
    download: Download,
    *,
    outcome: DownloadOutcome = DownloadOutcome.WHOLE,
    document: Document | None = None,
    sha256: str,
    size: int,
    now: datetime,
) -> Download:
    """Note how a download ended, with the SHA-256 and the number of the bytes that left; only the first call counts.

    `document`: the file that broke it off.
    """
    row = Download.objects.select_for_update(no_key=True).get(pk=download.pk)
    if row.outcome:
        return row
    row.ended_at, row.outcome, row.sha256, row.size, row.document = now, outcome, sha256, size, document
    row.save(update_fields=["ended_at", "outcome", "sha256", "size", "document"])
    return row


@transaction.atomic
def break_off_download(
    download: Download, *, document_id: int, sha256: str, size: int, now: datetime
) -> None:
    """End a download with the number of the document that is gone or not what was received, and tell MAPO.

    `sha256` and `size` are of the bytes that left before. Does nothing when the download has ended already.
    """
    if not Download.objects.select_for_update(no_key=True).filter(pk=download.pk, outcome="").exists():
        return
    document = Document.objects.get(pk=document_id)
    end_download(
        download, outcome=DownloadOutcome.BROKEN, document=document, sha256=sha256, size=size, now=now
    )
    broken = {"document": document.pk}
    record_on(
        download.report, action="report.broken_off", actor=download.downloaded_by, after=broken, now=now
    )
    notify_broken_document(document, now=now)


def _require_free_stream(actor: User, *, now: datetime) -> None:
    """Raise NotNow when a person has as many packs streaming as may stream at a time."""
    # One after the other for each person: of two at the same moment, the second sees the first.
    User.objects.select_for_update(no_key=True, of=("self",)).get(pk=actor.pk)
    streaming = Download.objects.filter(
        downloaded_by=actor,
        outcome="",
        began_at__gt=now - STREAM_EXPIRES_AFTER,
        report__export_format__in=_STREAMED,
    )
    if streaming.count() >= STREAM_LIMIT:
        raise NotNow(_("Two of your evidence packs are being downloaded now. Wait until one has finished."))

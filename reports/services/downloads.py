"""Downloads: each is on record before its first byte leaves; how it ended is noted afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from evidence.extensions import HarmedFile
from evidence.models import Document
from evidence.outgoing import BytesHarmed, OutgoingBytes, harm_of
from evidence.services.integrity import harm_of_document, record_check, record_harm
from evidence.states import Harm
from reminders.services.notices import read_notices
from reports import files
from reports.models.download import Download
from reports.models.report import Report
from reports.permissions import RIGHTS_CHANGED, is_shared_with, keeps_rights
from reports.services.changes import CONTENT_CHANGED, is_outdated
from reports.services.notices import notify_broken_document, path_of
from reports.services.records import record_on
from reports.states import FORMATS, DownloadOutcome
from reports.summary.selection import stored_selection

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


def open_file(report: Report, *, now: datetime) -> OutgoingBytes:
    """Open the file of a report for sending. Raises BytesHarmed, and keeps it on record, where it is known not to be what was made.

    After a download that broke off, all of it is read first.
    """
    path, sha256, size = files.path_of(report.stored_name), report.sha256, report.size
    newest = report.downloads.values_list("outcome", flat=True).first()
    try:
        if newest == DownloadOutcome.BROKEN and (harm := harm_of(path, sha256=sha256, size=size)) is not None:
            raise BytesHarmed(harm)
        return OutgoingBytes(path, sha256=sha256, size=size)
    except BytesHarmed as harmed:
        record_harmed_file(report, harmed.harm, now=now)
        raise


@transaction.atomic
def record_harmed_file(
    report: Report, harm: Harm, *, download: Download | None = None, size: int = 0, now: datetime
) -> None:
    """Record that the file of a report is no longer what was made, and tell administrators, once a day.

    `download`: the one that it broke off, after `size` bytes.
    """
    if download is not None:
        end_download(download, outcome=DownloadOutcome.BROKEN, sha256="", size=size, now=now)
    if not Report.objects.filter(pk=report.pk, dropped_at=None).exists():
        return  # It was removed meanwhile, because its days are over.
    record_harm(
        report,
        HarmedFile("report", report.pk, harm, path_of(report)),
        sha256=report.sha256,
        about={"label": str(report), "agency_id": report.reader_agency_id},
        now=now,
    )


@transaction.atomic
def break_off_download(
    download: Download, *, document_id: int, sha256: str, size: int, now: datetime
) -> None:
    """End a download with the number of the document that is gone or not what was received, and tell MAPO.

    The document is read again, so that its own page says what is wrong with it. `sha256` and `size` are of the bytes
    that left before. Does nothing when the download has ended already.
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
    record_check(document, harm_of_document(document), now=now)


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

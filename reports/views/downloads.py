"""Downloads: the file of a report, checked and recorded, never run by a browser; and the schema of the JSON data."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from accounts.access import person_of
from accounts.acting import attempt, request_time
from accounts.rate_limits import is_within_rate
from audit import clock
from evidence.outgoing import BytesHarmed, OutgoingBytes
from evidence.states import Harm
from evidence.views.downloads import checked_response, with_download_headers
from evidence.views.streams import CheckedStream
from reports.models.download import Download
from reports.models.report import Report
from reports.pack.builder import build_pack
from reports.pack.members import Pack
from reports.pack.stream import PackStream
from reports.permissions import RIGHTS_CHANGED, keeps_rights
from reports.services.downloads import begin_download, open_file, record_harmed_file
from reports.services.verification import statement_of
from reports.states import DownloadOutcome
from reports.views.report_page import load_shared_report, report_page
from reports.views.streaming import DownloadRecorder, StreamGuard
from ui.recent_proof import requires_recent_proof

#: The schema of the JSON data; each form of them has a file of its own, which stays.
SCHEMA_FILE = Path(__file__).resolve().parent.parent / "data" / "summary-1.schema.json"
_A_MINUTE = 60


@require_safe
def schema(_request: HttpRequest) -> HttpResponse:
    """Send the schema of the JSON data to everybody who is signed in."""
    return HttpResponse(SCHEMA_FILE.read_bytes(), content_type="application/schema+json")


@require_GET
@requires_recent_proof(sends_file=True)
def file(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """Send a report to whoever it was made for or a colleague of theirs, as an attachment; a pack is made while it streams.

    On a refusal, render the report's page with the reason: status 409 where there is nothing to download or the
    person's rights are lower by now, 429 after many downloads, 503 where the disk has lost the file.
    """
    report = load_shared_report(request, report_id)
    if not is_within_rate("reports.file", person_of(request).pk, most=_A_MINUTE):
        words = _("That was a lot of files in one minute. Wait a minute, then continue.")
        return report_page(request, report, problem=words, status=429)
    if report.spec.is_streamed and report.is_ready:
        return _send_pack(request, report)
    return _send_file(request, report)


def _send_file(request: HttpRequest, report: Report) -> HttpResponseBase:
    """Return the stored file as a response, or the report's page with the reason why not."""
    try:
        outgoing = open_file(report, now=request_time(request)) if report.has_bytes else None
    except BytesHarmed:
        problem = _(
            "The server no longer has this file as it was made, so it cannot be downloaded. Make it "
            "again, and tell the administrator. Its record is not affected."
        )
        return report_page(request, report, problem=problem, status=503, is_lost=True)
    begun = attempt(request, partial(begin_download, report))
    if begun.refusal is not None:
        if outgoing is not None:
            outgoing.close()
        return report_page(request, report, problem=str(begun.refusal), status=409)
    assert outgoing is not None, "what may be downloaded has bytes"
    stream = _FileStream(report, begun.result, outgoing)
    response = checked_response(stream, media_type=report.spec.media_type, size=report.size)
    return with_download_headers(response, name=report.file_name, as_attachment=True)


class _FileStream(CheckedStream):
    """The bytes of a file; on closing, records whether all of them left."""

    def __init__(self, report: Report, download: Download, outgoing: OutgoingBytes) -> None:
        super().__init__(outgoing, note_harm=self._note_broken)
        self._report, self._download, self._recorder = report, download, DownloadRecorder(download)
        self._sent = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in super().__iter__():
            self._sent += len(piece)
            yield piece

    def _note_broken(self, harm: Harm) -> None:
        record_harmed_file(self._report, harm, download=self._download, size=self._sent, now=clock.now())

    def close(self) -> None:
        """Called once by the server, after the last byte or when the connection ended."""
        super().close()
        is_whole = self._sent == self._report.size
        outcome = DownloadOutcome.WHOLE if is_whole else DownloadOutcome.CUT
        self._recorder(self._report.sha256 if is_whole else "", self._sent, outcome)


def _send_pack(request: HttpRequest, report: Report) -> HttpResponseBase:
    """Return an evidence pack as a streamed ZIP, or the report's page with the reason why nothing leaves."""
    if not keeps_rights(person_of(request), report):
        return report_page(request, report, problem=str(RIGHTS_CHANGED), status=409)
    # Made out to whoever requested it, not to whoever downloads it.
    built = attempt(request, lambda **_acting: build_pack(report, maker=statement_of(report).maker))
    if built.refusal is not None:
        return report_page(request, report, problem=str(built.refusal), status=409, is_lost=True)
    pack: Pack = built.result
    begun = attempt(request, partial(begin_download, report, holds=pack.document_numbers))
    if begun.refusal is not None:
        pack.generated.close()
        return report_page(request, report, problem=str(begun.refusal), status=409)
    recorder, lost = DownloadRecorder(begun.result), pack.first_missing()
    if lost is not None:
        pack.generated.close()
        recorder("", 0, DownloadOutcome.BROKEN, lost)
        problem = _(
            "Document %(document)d is missing or no longer as it was received, so nothing was "
            "downloaded. MAPO has been told."
        ) % {"document": lost}
        return report_page(request, report, problem=problem, status=409, is_broken=True)
    return _attachment(report, PackStream(pack, listener=recorder, may_continue=StreamGuard(begun.result)))


def _attachment(report: Report, stream: Iterator[bytes]) -> StreamingHttpResponse:
    """Return a pack as a response that no browser opens by itself."""
    response = StreamingHttpResponse(stream, content_type=report.spec.media_type)
    return with_download_headers(response, name=report.file_name, as_attachment=True)

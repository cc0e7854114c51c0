"""The file of a report on its way out: checked, recorded, and never run by a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import person_of
from audit import clock
from audit.errors import DomainError
from evidence.views.files import shielded
from reports import files, services
from reports.models import Download, Report
from reports.views.ending import Ending
from reports.views.loading import load_own_report
from reports.views.packs import stream_pack
from reports.views.pages import report_page

_CHUNK_BYTES = 256 * 1024
_RATES = {"file": "60/m/user"}


@require_GET
def file(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """The bytes, as an attachment, for whoever asked for them; a pack is made while it leaves.

    Answers 409 and says why where there is nothing to take, or where the person's rights are lower by now; 429 after many; 503 where
    the disk no longer holds what was made.
    """
    report = load_own_report(request, report_id)
    if ratelimit.consume(request, app="reports", action="file", config=_RATES, limit_get=True) is None:
        words = _("Those were many files in one minute. Wait a minute, then go on.")
        return report_page(request, report, problem=words, status=429)
    if report.facts.is_streamed and report.is_ready:
        return stream_pack(request, report)
    bytes_of = files.open_whole(report.stored_name, sha256=report.sha256) if report.has_bytes else None
    if report.has_bytes and bytes_of is None:
        return report_page(request, report, problem=_broken_text(), status=503, is_lost=True)
    try:
        taking = services.begin_taking(report, actor=person_of(request), now=clock.now())
    except DomainError as error:
        if bytes_of is not None:
            bytes_of.close()
        return report_page(request, report, problem=str(error), status=409)
    assert bytes_of is not None, "what may be taken has bytes"
    return _sent(report, taking, bytes_of)


class _Flow:
    """The bytes of a file, and at their end how it ended."""

    def __init__(self, report: Report, taking: Download, file: BinaryIO) -> None:
        self._report, self._file, self._ending = report, file, Ending(taking)
        self._sent = 0

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self._file.read(_CHUNK_BYTES):
            self._sent += len(chunk)
            yield chunk

    def close(self) -> None:
        """Called once by the server, after the last byte or when the connection ended."""
        self._file.close()
        if self._sent == self._report.size:
            self._ending.whole(self._report.sha256, self._sent)
        else:
            self._ending.cut("", self._sent)


def _sent(report: Report, taking: Download, file: BinaryIO) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_Flow(report, taking, file), content_type=report.facts.media_type)
    response["Content-Length"] = str(report.size)
    return shielded(response, name=report.file_name, as_attachment=True)


def _broken_text() -> str:
    return _(
        "The server no longer has this file as it was made, so that it is not handed out. Make it again, and tell the "
        "administrator. Its record is untouched."
    )

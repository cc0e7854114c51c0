"""An evidence pack on its way out: made while it leaves, and broken off where a file is not what was received."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, close_old_connections, connection
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from accounts.access import person_of
from audit import clock
from audit.context import acting_from, current_origin
from audit.errors import DomainError
from evidence.views.files import shielded
from reports import services
from reports.models import Report, Taking
from reports.pack import PackStream, read_pack
from reports.services.packs import break_off
from reports.services.verifying import statement_of
from reports.states import Outcome
from reports.views.pages import report_page

logger = logging.getLogger(__name__)


def stream_pack(request: HttpRequest, report: Report) -> HttpResponseBase:
    """The pack of a report that is this person's, as one ZIP, made while it leaves.

    Answers 409 on the report's page where it cannot be made as it was asked for, or where a file is known to be lost:
    then nothing leaves.
    """
    try:
        pack = read_pack(report, maker=statement_of(report).maker)
    except DomainError as error:
        return report_page(request, report, problem=str(error), status=409, is_lost=True)
    try:
        taking = services.begin_taking(report, holds=pack.holds, actor=person_of(request), now=clock.now())
    except DomainError as error:
        pack.shelf.close()
        return report_page(request, report, problem=str(error), status=409)
    ending, lost = _Ending(taking), pack.first_lost()
    if lost is not None:
        pack.shelf.close()
        ending.broken(lost)
        return report_page(request, report, problem=_lost_text(lost), status=409, is_broken=True)
    stream = PackStream(pack, ending=ending)
    response = StreamingHttpResponse(stream, content_type=report.facts.media_type)
    return shielded(response, name=report.file_name, as_attachment=True)


class _Ending:
    """Notes how a taking ended, from where it began: the request is over by then."""

    def __init__(self, taking: Taking) -> None:
        self._taking = taking
        self._origin = current_origin()

    def whole(self, sha256: str, size: int) -> None:
        self._note(services.end_taking, outcome=Outcome.WHOLE, sha256=sha256, size=size)

    def cut(self, sha256: str, size: int) -> None:
        self._note(services.end_taking, outcome=Outcome.CUT, sha256=sha256, size=size)

    def broken(self, number: int, sha256: str = "", size: int = 0) -> None:
        logger.error("A pack was broken off: document %s is not what was received", number)
        self._note(break_off, document_id=number, sha256=sha256, size=size)

    def _note(self, act: Callable[..., object], **ended: Any) -> None:
        if not connection.in_atomic_block:
            # The stream may have outlasted the connection.
            close_old_connections()
        try:
            with acting_from(self._origin):
                act(self._taking, **ended, now=clock.now())
        except DatabaseError:
            logger.exception("How the taking %s ended could not be noted", self._taking.pk)


def _lost_text(number: int) -> str:
    return _(
        "The bytes of document %(document)d are gone or are not those that were received, so that nothing was handed "
        "out. MAPO has been told."
    ) % {"document": number}

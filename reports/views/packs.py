"""An evidence pack on its way out: made while it leaves, and broken off where a file is not what was received."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from accounts.access import person_of
from audit import clock
from audit.errors import DomainError
from evidence.views.files import shielded
from reports import services
from reports.models import Report
from reports.pack.builder import build_pack
from reports.pack.stream import PackStream
from reports.permissions import keeps_rights
from reports.services.verifying import statement_of
from reports.views.ending import Ending
from reports.views.pages import report_page
from reports.views.permit import Permit


def stream_pack(request: HttpRequest, report: Report) -> HttpResponseBase:
    """The pack of a report that is this person's, as one ZIP, made while it leaves.

    Answers 409 on the report's page where it cannot be made as it was asked for, or where a file is known to be lost:
    then nothing leaves.
    """
    if not keeps_rights(person_of(request), report):
        return report_page(request, report, problem=services.rights_changed(), status=409)
    try:
        pack = build_pack(report, maker=statement_of(report).maker)
    except DomainError as error:
        return report_page(request, report, problem=str(error), status=409, is_lost=True)
    try:
        taking = services.begin_taking(
            report, holds=pack.document_numbers, actor=person_of(request), now=clock.now()
        )
    except DomainError as error:
        pack.generated.close()
        return report_page(request, report, problem=str(error), status=409)
    ending, lost = Ending(taking), pack.first_missing()
    if lost is not None:
        pack.generated.close()
        ending.broken(lost)
        return report_page(request, report, problem=_lost_text(lost), status=409, is_broken=True)
    stream = PackStream(pack, listener=ending, may_continue=Permit(taking))
    response = StreamingHttpResponse(stream, content_type=report.facts.media_type)
    return shielded(response, name=report.file_name, as_attachment=True)


def _lost_text(number: int) -> str:
    return _(
        "The bytes of document %(document)d are gone or are not those that were received, so that nothing was handed "
        "out. MAPO has been told."
    ) % {"document": number}

"""Send bytes: checked, recorded, and never run by a browser."""

import logging
from functools import partial
from typing import TypeVar

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.acting import attempt
from audit import clock
from audit.refusals import refuse
from evidence import storage
from evidence.display import harm_text
from evidence.kinds.text import charset_at
from evidence.models import Document
from evidence.outgoing import BytesHarmed
from evidence.services.downloads import record_download, unavailable_text
from evidence.services.integrity import open_received, record_check
from evidence.states import Harm
from evidence.views.loading import load_document, people_with_files
from evidence.views.streams import CheckedStream

logger = logging.getLogger(__name__)

_Response = TypeVar("_Response", bound=HttpResponseBase)


@require_GET
@people_with_files
def download(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Send the original bytes as an attachment under their original name; 409 says why bytes are held."""
    document = load_document(request, document_id)
    if not document.is_available:
        return _unavailable(request, document, unavailable_text(document))
    try:
        outgoing = open_received(document, now=clock.now())
    except BytesHarmed as harmed:
        return _harmed(request, document, harmed.harm)
    outcome = attempt(request, partial(record_download, document))
    if outcome.refusal is not None:
        outgoing.close()
        return _unavailable(request, document, str(outcome.refusal))
    stream = CheckedStream(outgoing, note_harm=lambda harm: record_check(document, harm, now=clock.now()))
    response = checked_response(stream, media_type=_media_type(document), size=document.size)
    return with_download_headers(response, name=document.original_name, as_attachment=True)


@require_GET
@people_with_files
def preview(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Send our small JPEG of an image for the page; 404 when there is none to show."""
    document = load_document(request, document_id)
    if not document.shows_preview:
        refuse(request, document, agency_id=document.agency_id)
    try:
        file = storage.preview_path_of(document.stored_name).open("rb")
    except OSError:
        logger.exception("The preview of document %s cannot be read", document.pk)
        said = _(
            "The preview of this image cannot be read. The file itself is not touched by that: download it."
        )
        return _unavailable(request, document, said, status=503)
    outcome = attempt(request, partial(record_download, document, is_preview=True))
    if outcome.refusal is not None:
        file.close()
        return _unavailable(request, document, str(outcome.refusal))
    response = FileResponse(file, content_type="image/jpeg")
    return with_download_headers(response, name=f"preview-{document.pk}.jpg", as_attachment=False)


def _media_type(document: Document) -> str:
    """Return the media type with the charset of a text, where its first bytes tell it: without it browsers guess."""
    if not document.media_type.startswith("text/"):
        return document.media_type
    with storage.path_of(document.stored_name).open("rb") as file:
        charset = charset_at(file)
    return f"{document.media_type}; charset={charset}" if charset else document.media_type


def checked_response(stream: CheckedStream, *, media_type: str, size: int) -> StreamingHttpResponse:
    """Return the response of checked bytes: it has its length, so that a client sees that some are missing; no part of it is sent alone."""
    response = StreamingHttpResponse(stream, content_type=media_type)
    response["Content-Length"], response["Accept-Ranges"] = str(size), "none"
    return response


def with_download_headers(response: _Response, *, name: str, as_attachment: bool) -> _Response:
    """Return the response with headers: no sniffing, no caching, nothing in it runs."""
    disposition = content_disposition_header(as_attachment, name)
    if disposition:
        response["Content-Disposition"] = disposition
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _unavailable(
    request: HttpRequest, document: Document, message: str, *, status: int = 409, is_harmed: bool = False
) -> HttpResponse:
    """Return the page that says why there are no bytes."""
    context = {"document": document, "message": message, "is_harmed": is_harmed}
    return render(request, "evidence/unavailable.html", context, status=status)


def _harmed(request: HttpRequest, document: Document, harm: Harm) -> HttpResponse:
    """Return the page that says what is wrong with the bytes, and keep it on record."""
    record_check(document, harm, now=clock.now())
    return _unavailable(request, document, harm_text(document, harm), status=503, is_harmed=True)

"""Send bytes: checked, recorded, and never run by a browser."""

import logging
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.acting import attempt
from audit.refusals import refuse
from evidence import storage
from evidence.models import Document
from evidence.services.downloads import record_download, unavailable_text
from evidence.views.loading import load_document, people_with_files

logger = logging.getLogger(__name__)

_Response = TypeVar("_Response", bound=HttpResponseBase)


@require_GET
@people_with_files
def download(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Send the original bytes as an attachment under their original name; 409 says why bytes are held."""
    document = load_document(request, document_id)
    if not document.is_available:
        return _unavailable(request, document, unavailable_text(document))
    return _send(
        request,
        document,
        path=storage.path_of(document.stored_name),
        media_type=document.media_type,
        name=document.original_name,
    )


@require_GET
@people_with_files
def preview(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Send our small JPEG of an image for the page; 404 when there is none to show."""
    document = load_document(request, document_id)
    if not document.shows_preview:
        refuse(request, document, agency_id=document.agency_id)
    return _send(
        request,
        document,
        path=storage.preview_path_of(document.stored_name),
        media_type="image/jpeg",
        name=f"preview-{document.pk}.jpg",
        is_preview=True,
    )


def _send(
    request: HttpRequest,
    document: Document,
    *,
    path: Path,
    media_type: str,
    name: str,
    is_preview: bool = False,
) -> HttpResponseBase:
    """Return the bytes at `path`, once it is on record that they leave; a download as an attachment."""
    try:
        file = path.open("rb")
    except OSError:
        logger.exception("The bytes of document %s cannot be read", document.pk)
        message = _(
            "The server cannot read this file at the moment. Tell the administrator; its record is not "
            "affected."
        )
        return _unavailable(request, document, message, status=503)
    outcome = attempt(request, partial(record_download, document, is_preview=is_preview))
    if outcome.refusal is not None:
        file.close()
        return _unavailable(request, document, str(outcome.refusal))
    response = FileResponse(file, content_type=media_type)
    return with_download_headers(response, name=name, as_attachment=not is_preview)


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
    request: HttpRequest, document: Document, message: str, *, status: int = 409
) -> HttpResponse:
    """Return the page that says why there are no bytes."""
    return render(
        request, "evidence/unavailable.html", {"document": document, "message": message}, status=status
    )

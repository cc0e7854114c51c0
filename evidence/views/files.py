"""Bytes on their way out: checked, recorded, and never run by a browser."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import IO, TypeVar

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import person_of, refuse
from audit import clock
from audit.errors import DomainError
from evidence import services, storage
from evidence.models import Document
from evidence.services.reading import unavailable_text
from evidence.views.loading import load_document, people_with_files

logger = logging.getLogger(__name__)

_Response = TypeVar("_Response", bound=HttpResponseBase)


@require_GET
@people_with_files
def download(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """The original bytes, as an attachment under their original name. Held bytes answer 409 and say why."""
    document = load_document(request, document_id)
    if not document.is_available:
        return _unavailable(request, document, unavailable_text(document))
    file = _open(storage.path_of(document.stored_name), document)
    if file is None:
        return _unavailable(request, document, _missing_text(), status=503)
    try:
        services.record_download(document, actor=person_of(request), now=clock.now())
    except DomainError as error:
        file.close()
        return _unavailable(request, document, str(error))
    response = FileResponse(file, content_type=document.media_type)
    response["Content-Length"] = str(document.size)
    return shielded(response, name=document.original_name, as_attachment=True)


@require_GET
@people_with_files
def preview(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Our own small JPEG of an image, for the page; 404 when there is none to show."""
    document = load_document(request, document_id)
    if not document.shows_preview:
        refuse(request, document, agency_id=document.agency_id)
    file = _open(storage.preview_path_of(document.stored_name), document)
    if file is None:
        return _unavailable(request, document, _missing_text(), status=503)
    try:
        services.record_preview(document, actor=person_of(request), now=clock.now())
    except DomainError as error:
        file.close()
        return _unavailable(request, document, str(error))
    response = FileResponse(file, content_type="image/jpeg")
    return shielded(response, name=f"preview-{document.pk}.jpg", as_attachment=False)


def _open(path: Path, document: Document) -> IO[bytes] | None:
    try:
        return path.open("rb")
    except OSError:
        logger.exception("The bytes of document %s cannot be read", document.pk)
        return None


def shielded(response: _Response, *, name: str, as_attachment: bool) -> _Response:
    """Nothing sniffs it, nothing keeps it, nothing in it runs."""
    disposition = content_disposition_header(as_attachment, name)
    if disposition:
        response["Content-Disposition"] = disposition
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _unavailable(
    request: HttpRequest, document: Document, message: str, *, status: int = 409
) -> HttpResponse:
    return render(
        request, "evidence/unavailable.html", {"document": document, "message": message}, status=status
    )


def _missing_text() -> str:
    return _(
        "The server cannot read this file at the moment. Tell the administrator; its record is untouched."
    )

"""The page of a document that printed figures, and its bytes."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from accounts.access import find_or_refuse, person_of
from accounts.acting import attempt, request_time
from accounts.clearance import Clearance
from evidence.views.downloads import with_download_headers
from indicators.models import Source
from indicators.queries.sources import read_source
from indicators.services.sources import is_as_loaded, record_source_download
from recommendations.context import set_page_cycle


@require_safe
def source(request: HttpRequest, source_id: int) -> HttpResponse:
    """Show a source: what it is, its fingerprint, and its text by lines that can be linked."""
    found = find_or_refuse(
        request,
        Source.objects.visible_to(person_of(request)).defer("content").select_related("cycle"),
        pk=source_id,
    )
    return _source_page(request, found)


def _source_page(
    request: HttpRequest, found: Source, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """Return the page of a source; `problem` says at the top why its bytes were not sent."""
    set_page_cycle(request, found.cycle)
    context = {
        "page": read_source(found),
        "source": found,
        "now": request_time(request),
        "classification": Clearance.OPEN.label,
        "problem": problem,
    }
    return render(request, "indicators/source.html", context, status=status)


@require_GET
def source_download(request: HttpRequest, source_id: int) -> HttpResponseBase:
    """Send the document's bytes as an attachment, once it is on record that they leave."""
    found = find_or_refuse(request, Source.objects.visible_to(person_of(request)), pk=source_id)
    if not is_as_loaded(found, now=request_time(request)):
        problem = _(
            "The bytes of this document differ from what was loaded, so they were not sent. MAPO has been told."
        )
        return _source_page(request, found, problem=problem, status=503)
    attempt(request, partial(record_source_download, found))
    # A source is UTF-8, as the cycle's file that names it.
    charset = "; charset=utf-8" if found.media_type.startswith("text/") else ""
    response = HttpResponse(bytes(found.content), content_type=found.media_type + charset)
    return with_download_headers(response, name=found.file_name, as_attachment=True)

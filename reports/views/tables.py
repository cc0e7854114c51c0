"""What programs need that read summaries."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

#: The schema of the JSON data; each form of them has a file of its own, which stays.
SCHEMA_FILE = Path(__file__).resolve().parent.parent / "data" / "summary-1.schema.json"


@require_safe
def schema(_request: HttpRequest) -> HttpResponse:
    """The schema of the JSON data, for everybody who is signed in."""
    return HttpResponse(SCHEMA_FILE.read_bytes(), content_type="application/schema+json")

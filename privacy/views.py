"""Looks at a text while it is typed. Nothing of it is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from privacy.checks import IDENTITIES_REASON_LENGTH
from privacy.places import identity_places
from privacy.redaction import redact
from ui.methods import post_required


@post_required
def check(request: HttpRequest) -> HttpResponse:
    """Answer with the notice for a text, which is empty if nothing is found; or with `redact` the redacted text."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if "redact" in request.POST:
        return HttpResponse(redact(text), content_type="text/plain; charset=utf-8")
    context = {
        "places": identity_places(text),
        "name": request.POST.get("name", ""),
        "control_id": request.POST.get("id", ""),
        "reason": request.POST.get("reason", ""),
        "reason_length": IDENTITIES_REASON_LENGTH,
    }
    return render(request, "privacy/notice.html", context)

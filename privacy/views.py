"""Looks at a text while it is typed. Nothing of it is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from privacy.checks import IDENTITIES_REASON_LENGTH
from privacy.places import identity_places
from privacy.redaction import MOST_REDACTED, redact
from ui.methods import post_required
from ui.numbers import number


@post_required
def check(request: HttpRequest) -> HttpResponse:
    """Answer with the notice for a text, which is empty if nothing is found; or with `redact` the redacted text.

    The notice says so where it looked at the beginning of a long text alone. A text that no form keeps is not redacted
    (413).
    """
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if "redact" in request.POST:
        return _redacted(text)
    context = {
        "places": identity_places(text),
        "name": request.POST.get("name", ""),
        "control_id": request.POST.get("id", ""),
        "reason": request.POST.get("reason", ""),
        "reason_length": IDENTITIES_REASON_LENGTH,
    }
    return render(request, "privacy/notice.html", context)


def _redacted(text: str) -> HttpResponse:
    plain = "text/plain; charset=utf-8"
    if len(text) <= MOST_REDACTED:
        return HttpResponse(redact(text), content_type=plain)
    sentence = _("This text is too long to be redacted. Shorten it to %(limit)s characters, then try again.")
    return HttpResponse(sentence % {"limit": number(MOST_REDACTED)}, content_type=plain, status=413)

"""Looks at a text while it is typed. Nothing of it is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from privacy.identity_places import notice
from privacy.redaction import MOST_REDACTED, redact
from ui.line_ends import with_line_feeds
from ui.methods import post_required
from ui.numbers import number


@post_required
def check(request: HttpRequest) -> HttpResponse:
    """Answer with the notice for a text, which is empty if nothing is found; or with `redact` the redacted text.

    The notice says so where it looked at the beginning of a long text alone. A text that no form keeps is not redacted
    (413).
    """
    text = with_line_feeds(request.POST.get("text", ""))
    if "redact" in request.POST:
        return _redacted(text)
    typed = {"name": "name", "control_id": "id", "reason": "reason"}
    about = {name: request.POST.get(sent, "") for name, sent in typed.items()}
    return render(request, "privacy/notice.html", notice(text, **about))


def _redacted(text: str) -> HttpResponse:
    plain = "text/plain; charset=utf-8"
    if len(text) <= MOST_REDACTED:
        return HttpResponse(redact(text), content_type=plain)
    sentence = _("This text is too long to be redacted. Shorten it to %(limit)s characters, then try again.")
    return HttpResponse(sentence % {"limit": number(MOST_REDACTED)}, content_type=plain, status=413)

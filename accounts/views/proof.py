"""The page after a proof: it sends again what waited, or begins the download."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.proof_gate import KEPT, WaitingRequest, file_address, page_address, waiting_request
from accounts.resume import NOT_DONE
from ui.methods import is_page
from ui.recent_proof import requires_recent_proof
from ui.visible import visible_text

_OF_THE_PAGE = re.compile("[0-9a-f]{32}|[^a-z]*", re.IGNORECASE)


@require_safe
@requires_recent_proof
@never_cache
def go_on(request: HttpRequest) -> HttpResponseBase:
    """Go on with what was asked before the proof: a file by itself, an act by a button, below what was typed.

    Somebody else may have asked for it at this desk, so the person sees it before it is done.
    What could not be kept must be filled in again: lead back to its page, and say so there.
    """
    file = file_address(request.GET.get("file", ""))
    if file:
        page = page_address(request.GET.get("page", ""))
        return _show(request, {"file": file, "sends_file": True, "page": page})
    name = request.GET.get("kept") or request.GET.get("lost") or ""
    waiting = waiting_request(request, name)
    if waiting is None:
        return redirect(settings.LOGIN_REDIRECT_URL)
    if waiting.fields is None:
        return _ask_again(request, waiting)
    fields = [*waiting.fields, (KEPT, name)]
    about = {"address": waiting.address, "sends_file": waiting.sends_file, "page": waiting.page}
    # What a file holds, the page from which it was asked for says.
    has_page = not waiting.sends_file and is_page(urlsplit(waiting.address).path)
    named_by = waiting.address if has_page else ""
    return _show(request, {**about, "fields": fields, "texts": _texts(waiting.fields), "named_by": named_by})


def _texts(fields: list[tuple[str, str]]) -> list[str]:
    """Return what somebody typed or chose, without the keys and numbers that the page itself has put in."""
    shown = (visible_text(value).strip() for _name, value in fields)
    return [text for text in shown if not _OF_THE_PAGE.fullmatch(text)]


def _show(request: HttpRequest, context: dict[str, object]) -> HttpResponse:
    return render(request, "accounts/go_on.html", context)


def _ask_again(request: HttpRequest, waiting: WaitingRequest) -> HttpResponseBase:
    text = _(
        "Not done yet: the files that you chose could not be kept. Choose them again, then press the button."
    )
    messages.warning(request, text, extra_tags=NOT_DONE)
    return redirect(waiting.page or settings.LOGIN_REDIRECT_URL)

"""Ask people to prove again who they are before an act of weight, and go on with it afterwards (docs/adr/0021).

What they posted waits in their session, encrypted, until the page after the proof has sent it again.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from cryptography.fernet import InvalidToken
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from accounts.factor_secrets import decrypt, encrypt
from accounts.resume import asks_for_page, form_page
from ui.recent_proof import ProofNeeded

#: Where a session keeps what waits, and the name of the field with which it is sent again.
KEPT = "waits-for-proof"
#: So much waits at a time, in several tabs; one of them has at most so many characters, and waits for half an hour.
_MOST_KEPT, _MOST_CHARACTERS, _KEPT_SECONDS = 3, 100_000, 1800
_NOT_SENT_AGAIN = {"csrfmiddlewaretoken", KEPT}


@dataclass(frozen=True)
class WaitingRequest:
    """What somebody posted; `fields` is None where it could not be kept: it held files, or was too long."""

    address: str
    fields: list[tuple[str, str]] | None
    sends_file: bool
    #: The page on which the form stood; "" where none can be opened.
    page: str
    at: float


class ProofGateMiddleware:
    """Answer whoever must prove again who they are by the way there. Stands after the middleware of sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_about: Any) -> None:
        """Forget what waited, once it is sent again.

        Only what a view that asks for the proof gets can have waited. Nobody else's body is read here: views that take
        files read theirs themselves, once they know who sends it.
        """
        is_sent = request.method == "POST" and getattr(view, "requires_recent_proof", False)
        if is_sent and KEPT in request.session and request.POST.get(KEPT):
            rest = {name: kept for name, kept in _kept(request).items() if name != request.POST[KEPT]}
            _put(request, rest)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Return the way to the proof, from there on to what was asked; a script is told by 401."""
        if not isinstance(exception, ProofNeeded):
            return None
        is_read = request.method in ("GET", "HEAD")
        if not is_read and not asks_for_page(request):
            error = _("Confirm first that it is you: open this page again. Nothing was sent.")
            return JsonResponse({"state": "proof-needed", "error": error}, status=401)
        onward = _onward_to_read(request, exception) if is_read else _onward_to_send(request, exception)
        methods = get_adapter(request).get_reauthentication_methods(request.user)
        proof = methods[0]["url"] if methods else reverse("account_reauthenticate")
        return redirect(f"{proof}?{urlencode({'next': onward})}")


def waiting_request(request: HttpRequest, name: str) -> WaitingRequest | None:
    """Return what waits under a name in this session, or None when it was sent again or is too old."""
    kept = request.session.get(KEPT, {}).get(name)
    return _decrypted(kept) if kept else None


def _decrypted(kept: str) -> WaitingRequest | None:
    """Return what waits, or None when it is too old or was encrypted with a key that is no longer known."""
    try:
        found = WaitingRequest(**json.loads(decrypt(kept)))
    except InvalidToken:
        return None
    return found if time.time() - found.at < _KEPT_SECONDS else None


def file_address(text: str) -> str:
    """Return the address if one of our files lies there that is sent only after a proof; else ""."""
    return text if getattr(_view_at(text), "sends_file", False) else ""


def form_of(address: str) -> type[BaseForm] | None:
    """Return the form that the view at one of our addresses reads, where its mark names one."""
    found: type[BaseForm] | None = getattr(_view_at(address), "form", None)
    return found


def page_address(text: str) -> str:
    """Return the address if it is one of ours; else ""."""
    return text if _view_at(text) is not None else ""


def _onward_to_read(request: HttpRequest, needed: ProofNeeded) -> str:
    """Return where to go after the proof; to a file by a page, because a browser stays where it was when one arrives."""
    address = request.get_full_path()
    return _go_on(file=address, page=form_page(request)) if needed.sends_file else address


def _onward_to_send(request: HttpRequest, needed: ProofNeeded) -> str:
    """Keep what was posted; return the page that sends it again."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _NOT_SENT_AGAIN
        for value in values
    ]
    is_kept = not request.FILES and sum(map(len, sum(fields, ()))) <= _MOST_CHARACTERS
    waiting = WaitingRequest(
        address=request.get_full_path(),
        fields=fields if is_kept else None,
        sends_file=needed.sends_file,
        page=form_page(request),
        at=time.time(),
    )
    name = secrets.token_urlsafe(12)
    newest = list(_kept(request).items())[1 - _MOST_KEPT :]
    _put(request, {**dict(newest), name: encrypt(json.dumps(asdict(waiting)))})
    return _go_on(kept=name) if is_kept else _go_on(lost=name)


def _go_on(**about: str) -> str:
    asked = {name: value for name, value in about.items() if value}
    return f"{reverse('accounts:go_on')}?{urlencode(asked)}"


def _kept(request: HttpRequest) -> dict[str, str]:
    """Return what still waits, without what is too old, oldest first."""
    found: dict[str, str] = request.session.get(KEPT, {})
    return {name: kept for name, kept in found.items() if _decrypted(kept) is not None}


def _put(request: HttpRequest, kept: dict[str, str]) -> None:
    if kept:
        request.session[KEPT] = kept
    else:
        request.session.pop(KEPT, None)


def _view_at(text: str) -> Callable[..., HttpResponseBase] | None:
    """Return the view at one of our addresses, given without a host; None for any other text."""
    if not text.startswith("/") or not url_has_allowed_host_and_scheme(text, allowed_hosts=None):
        return None
    try:
        view: Callable[..., HttpResponseBase] = resolve(urlsplit(text).path).func
    except Resolver404:
        return None
    return view

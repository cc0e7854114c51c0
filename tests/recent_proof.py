"""How a proof grows old in tests (the session says when it was given), and how it is given again."""

from __future__ import annotations

import re
import time
from html import unescape
from urllib.parse import parse_qs, urlsplit

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client

from tests.factories.accounts import PASSWORD

PROOF = "/account/again/password/"
PROOFS = re.compile("/account/again/(password|passkey|code)/[?]next=")
#: Where it goes on after the proof.
GO_ON = "/account/again/"
#: One second more than a proof lasts.
TOO_OLD = 601


def age_proof(client: Client, *, seconds: int = TOO_OLD) -> None:
    """Let every proof of a client's session have been given so long ago."""
    _age(client.session, seconds)


def age_proof_of(session_key: str, *, seconds: int = TOO_OLD) -> None:
    """The same, of a session in a real browser."""
    _age(SessionStore(session_key), seconds)


def _age(session: SessionBase, seconds: int) -> None:
    proofs = session[AUTHENTICATION_METHODS_SESSION_KEY]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{**each, "at": time.time() - seconds} for each in proofs]
    session.save()


def asks(response: HttpResponse) -> bool:
    """Whether the answer leads to the proof."""
    return response.status_code == 302 and bool(PROOFS.match(response["Location"]))


def onward_of(response: HttpResponse) -> str:
    """Where the proof leads on to."""
    return parse_qs(urlsplit(response["Location"]).query)["next"][0]


def prove(client: Client, response: HttpResponse, password: str = PASSWORD) -> HttpResponse:
    """Give the password on the page to which a response leads."""
    return client.post(response["Location"], {"password": password, "next": onward_of(response)})  # type: ignore[return-value]


def press_on(client: Client, page: HttpResponse, **headers: str) -> HttpResponse:
    """Press the button of the page after the proof, as a browser without scripts does."""
    html = page.content.decode()
    action = re.search(r'<form method="post" action="([^"]*)"(?: data-onward)?>', html)
    assert action is not None
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', html[action.end() :])
    fields: dict[str, list[str]] = {}
    for name, value in found:
        fields.setdefault(unescape(name), []).append(unescape(value))
    return client.post(unescape(action[1]), fields, headers=headers)  # type: ignore[return-value]

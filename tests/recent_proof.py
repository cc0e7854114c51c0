"""How a proof grows old in tests: the session says when it was given."""

from __future__ import annotations

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

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

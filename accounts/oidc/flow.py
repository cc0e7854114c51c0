"""The way to the provider and back: what the browser keeps meanwhile, where it is sent, and what its code is worth."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from urllib.parse import quote_plus, urlencode

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from accounts.oidc.errors import ExpiredError, ProviderDownError, UntrustedError
from accounts.oidc.id_token import LEEWAY, Identity, identity_of
from accounts.oidc.provider import ask_json, endpoints_of
from accounts.oidc.provider_settings import ProviderSettings

#: For how many seconds a signed cookie holds what the browser keeps until it comes back, and how it is signed.
_KEPT_SECONDS, _SALT = 600, "accounts.oidc.journey"
#: What people go to the provider for.
SIGN_IN, JOIN, CONNECT, PROVE = "sign-in", "join", "connect", "prove"


def _secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True)
class Journey:
    """One way to the provider and back. The server keeps nothing of it: whoever is not signed in could fill it."""

    purpose: str
    #: Where to go afterwards; for JOIN the person and the token of the one-time link; for CONNECT and PROVE the person.
    next: str = ""
    person: str = ""
    token: str = ""
    state: str = field(default_factory=_secret)
    nonce: str = field(default_factory=_secret)
    verifier: str = field(default_factory=_secret)
    began_at: int = field(default_factory=lambda: int(time.time()))


def return_address() -> str:
    """Return where the provider sends people back to; it is registered there."""
    return f"{settings.SITE_URL}{reverse('accounts:provider_return')}"


def address_at(provider: ProviderSettings, journey: Journey) -> str:
    """Return where to send the browser. Raises ProviderDownError."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(journey.verifier.encode()).digest()).rstrip(b"=")
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": return_address(),
        "scope": " ".join(provider.scopes),
        "state": journey.state,
        "nonce": journey.nonce,
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }
    if provider.required_acr:
        asked["acr_values"] = " ".join(provider.required_acr)
    if journey.purpose != SIGN_IN:
        # Desks are shared: whoever is signed in at the provider in this browser need not be who connects an account.
        asked["prompt"] = "login"
    if journey.purpose in (CONNECT, PROVE):
        # With it the provider must say when it asked.
        asked["max_age"] = "0"
    return _with_query(endpoints_of(provider).authorization, asked)


def keep(response: HttpResponseBase, journey: Journey) -> None:
    """Let the browser keep the journey, out of the reach of scripts, until it comes back."""
    response.set_signed_cookie(
        settings.OIDC_COOKIE_NAME,
        base64.urlsafe_b64encode(json.dumps(asdict(journey)).encode()).decode(),
        salt=_SALT,
        max_age=_KEPT_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponseBase) -> None:
    """Let the browser forget its journey."""
    response.delete_cookie(settings.OIDC_COOKIE_NAME, samesite="Lax")


def kept_journey(request: HttpRequest, *, state: str) -> Journey:
    """Return the journey of this browser with this state, once. Raises ExpiredError for any other, and the second time."""
    kept = request.get_signed_cookie(settings.OIDC_COOKIE_NAME, "", salt=_SALT, max_age=_KEPT_SECONDS)
    if not kept:
        raise ExpiredError("no_journey")
    journey = Journey(**json.loads(base64.urlsafe_b64decode(kept)))
    if not hmac.compare_digest(journey.state.encode(), state.encode("utf-8", "replace")):
        raise ExpiredError("state")
    if not cache.add(f"provider-state:{journey.state}", 1, _KEPT_SECONDS):
        raise ExpiredError("state_again")
    return journey


def check_issuer(provider: ProviderSettings, said: str) -> None:
    """Refuse the answer of another provider (RFC 9207). Raises UntrustedError, ProviderDownError."""
    if said != provider.issuer and (said or endpoints_of(provider).says_issuer):
        raise UntrustedError("iss")


def redeem(provider: ProviderSettings, journey: Journey, code: str) -> Identity:
    """Return who signed in, for the code with which the browser came back.

    Raises ExpiredError for a code that the provider no longer takes, UntrustedError, ProviderDownError.
    """
    endpoints = endpoints_of(provider)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": return_address(),
        "code_verifier": journey.verifier,
    }
    who = (provider.client_id, provider.client_secret)
    if endpoints.takes_basic:
        credentials = (quote_plus(who[0]), quote_plus(who[1]))
        status, answer = ask_json(provider, endpoints.token, form=form, credentials=credentials)
    else:
        form |= {"client_id": who[0], "client_secret": who[1]}
        status, answer = ask_json(provider, endpoints.token, form=form)
    if status == HTTPStatus.BAD_REQUEST and answer.get("error") == "invalid_grant":
        raise ExpiredError("code")
    if status != HTTPStatus.OK:
        raise ProviderDownError("token")
    return identity_of(
        provider, answer.get("id_token"), nonce=journey.nonce, access_token=answer.get("access_token")
    )


def is_asked_anew(journey: Journey, identity: Identity) -> bool:
    """Return whether the provider asked the person after the journey began: it may ignore what it was asked for."""
    return identity.asked_at is not None and identity.asked_at >= journey.began_at - LEEWAY


def sign_out_address(provider: ProviderSettings, id_token: str) -> str:
    """Return where the browser is sent to sign out at the provider, or "" when that cannot be."""
    try:
        address = endpoints_of(provider).end_session
    except ProviderDownError:
        return ""
    back = f"{settings.SITE_URL}{reverse('account_login')}"
    asked = {
        "id_token_hint": id_token,
        "client_id": provider.client_id,
        "post_logout_redirect_uri": back,
    }
    return _with_query(address, asked) if address else ""


def _with_query(address: str, asked: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

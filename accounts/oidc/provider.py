"""What the provider says: its addresses and keys, remembered in memory for some minutes, and how it is asked.

Only its own origin is asked, without redirects and proxies, within seconds and a size.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import requests

from accounts.oidc.errors import ProviderDownError
from accounts.oidc.provider_settings import ProviderSettings, origin_of

#: Seconds to connect, between two pieces of an answer, and for the whole of it.
_CONNECT, _PIECE, _WHOLE = 2, 3, 5
_MOST_BYTES = 256 * 1024
_KEPT_SECONDS = 600
#: After a failure, nobody else waits for the provider for so long; and so long it is not asked for keys again.
_FAILED_SECONDS = 10
_KEYS_AGAIN_SECONDS = 60
_MOST_KEYS = 50


@dataclass(frozen=True)
class Endpoints:
    """The provider's addresses, each of the issuer's own origin."""

    authorization: str
    token: str
    keys: str
    #: Where people sign out; "" when it offers none.
    end_session: str
    #: Whether its answers name the issuer (RFC 9207).
    says_issuer: bool
    #: Whether we may name ourselves by HTTP Basic, else in the form.
    takes_basic: bool


@dataclass(frozen=True)
class _LastAnswer:
    answer: dict[str, Any] | None
    at: float


_remembered: dict[str, _LastAnswer] = {}


def endpoints_of(provider: ProviderSettings) -> Endpoints:
    """Return the provider's addresses. Raises ProviderDownError."""
    said = _answer(provider, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if said.get("issuer") != provider.issuer:
        raise ProviderDownError("other_issuer")
    methods = said.get("code_challenge_methods_supported")
    if methods is not None and "S256" not in methods:
        raise ProviderDownError("no_pkce")
    return Endpoints(
        authorization=_own(provider, said, "authorization_endpoint"),
        token=_own(provider, said, "token_endpoint"),
        keys=_own(provider, said, "jwks_uri"),
        end_session=_own(provider, said, "end_session_endpoint") if said.get("end_session_endpoint") else "",
        says_issuer=said.get("authorization_response_iss_parameter_supported") is True,
        takes_basic="client_secret_basic"
        in said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]),
    )


def keys_of(provider: ProviderSettings, *, again: bool = False) -> list[dict[str, Any]]:
    """Return the provider's keys; `again` asks anew, at most once a minute. Raises ProviderDownError."""
    url = endpoints_of(provider).keys
    if again and (known := _remembered.get(url)) and time.monotonic() - known.at > _KEYS_AGAIN_SECONDS:
        _remembered.pop(url, None)
    keys = _answer(provider, url).get("keys")
    if not isinstance(keys, list) or len(keys) > _MOST_KEYS:
        raise ProviderDownError("no_keys")
    return [key for key in keys if isinstance(key, dict)]


def _own(provider: ProviderSettings, said: dict[str, Any], name: str) -> str:
    """Return an address of the provider's own origin. Raises ProviderDownError for any other."""
    url = said.get(name)
    if not isinstance(url, str) or "#" in url or origin_of(url) != provider.origin:
        raise ProviderDownError("other_origin")
    return url


def _answer(provider: ProviderSettings, url: str) -> dict[str, Any]:
    """Return what stands at an address, or was there some minutes ago. Raises ProviderDownError, also from memory."""
    known, now = _remembered.get(url), time.monotonic()
    if known is None or now - known.at > (_KEPT_SECONDS if known.answer else _FAILED_SECONDS):
        known = _remembered[url] = _LastAnswer(_ask(provider, url), now)
    if known.answer is None:
        raise ProviderDownError("no_answer")
    return known.answer


def _ask(provider: ProviderSettings, url: str) -> dict[str, Any] | None:
    try:
        status, answer = ask_json(provider, url)
    except ProviderDownError:
        return None
    return answer if status == HTTPStatus.OK else None


def ask_json(
    provider: ProviderSettings,
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    credentials: tuple[str, str] | None = None,
) -> tuple[int, dict[str, Any]]:
    """Return status and JSON object of an address of the provider: by GET, or by POST with a form.

    Raises ProviderDownError for another origin, when there is no answer in time, and when it is none.
    """
    if origin_of(url) != provider.origin:
        raise ProviderDownError("other_origin")
    with requests.Session() as session:
        session.trust_env = False
        session.verify = provider.ca_file or True
        try:
            with session.request(
                "GET" if form is None else "POST",
                url,
                data=form,
                auth=credentials,
                headers={"Accept": "application/json"},
                timeout=(_CONNECT, _PIECE),
                allow_redirects=False,
                stream=True,
            ) as response:
                return response.status_code, _object(response)
        except (requests.RequestException, ValueError) as error:
            raise ProviderDownError("no_answer") from error


def _object(response: requests.Response) -> dict[str, Any]:
    """Return the answer's JSON object. Raises ProviderDownError, ValueError when it is none, RequestException."""
    if HTTPStatus.MULTIPLE_CHOICES <= response.status_code < HTTPStatus.BAD_REQUEST:
        raise ProviderDownError("redirect")
    until, body = time.monotonic() + _WHOLE, b""
    for piece in response.iter_content(8192):
        body += piece
        if len(body) > _MOST_BYTES:
            raise ProviderDownError("too_large")
        if time.monotonic() > until:
            raise ProviderDownError("too_slow")
    try:
        found = json.loads(body)
    except RecursionError as error:
        raise ProviderDownError("no_answer") from error
    if not isinstance(found, dict):
        raise ProviderDownError("no_answer")
    return found

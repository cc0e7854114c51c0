"""Whom an ID token speaks of, once everything that can be checked of it holds."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass
from typing import Any

import jwt

from accounts.oidc.errors import ClockApartError, UntrustedError
from accounts.oidc.provider import keys_of
from accounts.oidc.provider_settings import ProviderSettings

#: Signatures by a key of which we know the public half alone: never "none", never one by a shared secret.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512, "EdDSA": hashlib.sha512}
#: Seconds that both clocks may be apart.
LEEWAY = 60
_LONGEST_TOKEN, LONGEST_SUBJECT = 16 * 1024, 255


@dataclass(frozen=True)
class Identity:
    """Who signed in at the provider: never more than issuer and subject, and how sure the provider is."""

    issuer: str
    subject: str
    has_second_factor: bool
    #: When the provider asked them for it, in seconds since 1970; None where it does not say.
    asked_at: int | None
    id_token: str


def identity_of(
    provider: ProviderSettings, id_token: object, *, nonce: str, access_token: object
) -> Identity:
    """Return whom an ID token speaks of.

    Raises UntrustedError (ClockApartError where it is the time), ProviderDownError when its keys cannot be had.
    """
    if not isinstance(id_token, str) or not 0 < len(id_token) <= _LONGEST_TOKEN:
        raise UntrustedError("id_token")
    header = _header(id_token)
    claims = _claims(provider, id_token, key=_key(provider, header), algorithm=header["alg"])
    _check_audience(provider, claims)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise UntrustedError("nonce")
    _check_hash(claims, access_token, algorithm=header["alg"])
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise UntrustedError("sub")
    methods = _methods(claims)
    if provider.required_acr and claims.get("acr") not in provider.required_acr:
        raise UntrustedError("acr")
    return Identity(
        issuer=provider.issuer,
        subject=subject,
        has_second_factor=not methods.isdisjoint(provider.second_factor),
        asked_at=_asked_at(claims),
        id_token=id_token,
    )


def _header(id_token: str) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(id_token)
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise UntrustedError("id_token") from error
    if header.get("alg") not in _ALGORITHMS:
        raise UntrustedError("alg")
    return header


def _key(provider: ProviderSettings, header: dict[str, Any]) -> jwt.PyJWK:
    """Return the one key that the token names; asks for the keys again before it is called unknown."""
    for again in (False, True):
        named = [key for key in keys_of(provider, again=again) if _is_meant(key, header)]
        if len(named) == 1:
            try:
                return jwt.PyJWK.from_dict(named[0], algorithm=header["alg"])
            except (jwt.PyJWTError, ValueError, TypeError) as error:
                raise UntrustedError("key") from error
    raise UntrustedError("kid")


def _is_meant(key: dict[str, Any], header: dict[str, Any]) -> bool:
    """Return whether a key may sign in this way and is the named one; without a name, any that may."""
    return (
        key.get("kty") in ("RSA", "EC", "OKP")
        and key.get("use", "sig") == "sig"
        and key.get("alg", header["alg"]) == header["alg"]
        and ("kid" not in header or key.get("kid") == header["kid"])
    )


def _claims(provider: ProviderSettings, id_token: str, *, key: jwt.PyJWK, algorithm: str) -> dict[str, Any]:
    """Return the claims of a token whose signature, issuer, audience and time hold. Raises UntrustedError."""
    try:
        claims: dict[str, Any] = jwt.decode(
            id_token,
            key=key,
            algorithms=[algorithm],
            issuer=provider.issuer,
            audience=provider.client_id,
            leeway=LEEWAY,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except (jwt.ExpiredSignatureError, jwt.ImmatureSignatureError) as error:
        raise ClockApartError("clock") from error
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise UntrustedError("id_token") from error
    return claims


def _check_audience(provider: ProviderSettings, claims: dict[str, Any]) -> None:
    """Refuse a token that is for others too, or that was given to another application."""
    if claims["aud"] not in (provider.client_id, [provider.client_id]):
        raise UntrustedError("aud")
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise UntrustedError("azp")


def _check_hash(claims: dict[str, Any], access_token: object, *, algorithm: str) -> None:
    """Refuse a token that came with another access token than it says."""
    if "at_hash" not in claims:
        return
    made = _HASHES[algorithm if algorithm == "EdDSA" else algorithm[2:]]
    digest = made(str(access_token or "").encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")
    if not hmac.compare_digest(half, str(claims["at_hash"]).encode()):
        raise UntrustedError("at_hash")


def _asked_at(claims: dict[str, Any]) -> int | None:
    """Return when the provider asked the person; None where it does not say. Raises ClockApartError for later than now."""
    said = claims.get("auth_time")
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    if said > time.time() + LEEWAY:
        raise ClockApartError("auth_time")
    return min(int(said), int(time.time()))


def _methods(claims: dict[str, Any]) -> set[str]:
    """Return how the person proved who they are, in the provider's words."""
    amr = claims.get("amr")
    said = [claims.get("acr"), *(amr if isinstance(amr, list) else [])]
    return {each for each in said if isinstance(each, str)}

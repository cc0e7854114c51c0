"""Known devices: the cookie by which a browser is known again after a full sign-in (docs/adr/0020).

It signs nobody in and carries no person: only a random token, of which the database keeps the hash.
"""

import hashlib
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

_SALT = "accounts.device"
_TOKEN_BYTES = 32
#: Browsers keep no cookie longer.
_COOKIE_SECONDS = 400 * 24 * 3600
#: Attribute of a request: the token that its browser shall keep.
_NEW_TOKEN = "_device_token"  # noqa: S105 - a name, no secret


def hash_of(token: str) -> str:
    """Return what the database keeps of a token; a random one of 256 bits needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(request: HttpRequest) -> str:
    """Return the token that the browser holds, or "" without one that we signed."""
    token = request.get_signed_cookie(settings.DEVICE_COOKIE_NAME, "", salt=_SALT, max_age=_COOKIE_SECONDS)
    return str(token)


def token_to_keep(request: HttpRequest) -> str:
    """Return the browser's token, or a new one that the answer to this request hands to it."""
    token = token_of(request) or secrets.token_urlsafe(_TOKEN_BYTES)
    vars(request)[_NEW_TOKEN] = token
    return token


def keep_device_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    """Hand the browser its token, for as long as browsers keep one, if somebody signed in by this request."""
    token = vars(request).get(_NEW_TOKEN)
    if token:
        response.set_signed_cookie(
            settings.DEVICE_COOKIE_NAME,
            token,
            salt=_SALT,
            max_age=_COOKIE_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )

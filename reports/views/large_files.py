"""Which browsers may send a file of gigabytes: those that were shown the page of verifying in the session that they name.

The server decides by the head of a request, before it takes the body and without asking the database (`tracker.serving`). So
the page hands out a cookie that signs its session; a session's cookie that somebody made up raises no limit.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.cookie import parse_cookie

_SIGNER = signing.TimestampSigner(salt="reports.large_files")


def allow_large_files(request: HttpRequest, response: HttpResponse) -> None:
    """Let this session's browser send large files, for as long as a session may last."""
    _key, signed = _SIGNER.sign(request.session.session_key or "").split(":", 1)
    response.set_cookie(
        settings.LARGE_FILES_COOKIE_NAME,
        signed,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def may_send_large_files(cookies: str) -> bool:
    """Return whether a request's cookies hold a session's, and beside it the one that we signed for that session."""
    held = parse_cookie(cookies)
    key, signed = (
        held.get(name, "") for name in (settings.SESSION_COOKIE_NAME, settings.LARGE_FILES_COOKIE_NAME)
    )
    try:
        _SIGNER.unsign(f"{key}:{signed}", max_age=settings.SESSION_COOKIE_AGE)
    except signing.BadSignature:
        return False
    return True

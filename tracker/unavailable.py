"""What people are told while the database does not answer, or when it took too long."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.signals import got_request_exception
from django.db import Error, InterfaceError, OperationalError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation

from tracker.database_watch import FRESH_SECONDS, DatabaseAway, DatabaseTooSlow, watch
from tracker.logs import keep_out_of_error_log
from ui.errors import server_error

logger = logging.getLogger(__name__)

#: When a browser or a proxy may ask again.
RETRY_SECONDS = 5
#: SQLSTATE: a statement that took too long, a lock that did not come, and a deadlock, in which another one went on.
_TOO_SLOW = frozenset({"57014", "55P03", "40P01"})
#: Beginnings of SQLSTATE: the connection failed, the server has no room, or is stopping or starting.
_AWAY = ("08", "53", "57P")


class DatabaseAwayMiddleware:
    """Answer 503 at once while the database is away. Stands after what serves static files, before all that reads."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return unavailable(request) if watch.is_away else self.get_response(request)


@receiver(got_request_exception, dispatch_uid="tracker.unavailable")
def forget_person(request: HttpRequest, **_sent: Any) -> None:
    """Let nothing that the answer passes ask again who reads, where that was what failed, or waited for too long."""
    if any(isinstance(error, OperationalError | InterfaceError) for error in _errors()):
        request.user = AnonymousUser()


def handle_error(request: HttpRequest) -> HttpResponse:
    """Answer an exception: 503 where it came from a database that is away or too slow, else 500 (`handler500`)."""
    for error in _errors():
        if isinstance(error, Error) and (is_slow := _is_slow(error)) is not None:
            return unavailable(request, is_slow=is_slow)
    return server_error(request)


def _errors() -> Iterator[BaseException]:
    """Yield the exception that is being handled, and what it came from."""
    error = sys.exc_info()[1]
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_slow(error: Error) -> bool | None:
    """Return whether the database took too long; False when it is away; None for an error of ours."""
    cause = error.__cause__
    code = getattr(cause, "pgcode", None) or ""
    if isinstance(cause, DatabaseTooSlow) or code in _TOO_SLOW:
        return True
    if watch.is_away or code.startswith(_AWAY):
        return False
    if code or not isinstance(error, OperationalError | InterfaceError):
        return None
    # The connection failed. Where the server did, the others are spared finding it out.
    with suppress(DatabaseAway):
        watch.doubt(FRESH_SECONDS)
    return False


def unavailable(request: HttpRequest, *, is_slow: bool = False) -> HttpResponse:
    """Say in the reader's language that the database does not answer, or took too long. Reads nothing of it."""
    logger.log(
        logging.INFO if watch.is_away else logging.WARNING,
        "A page was not made: the database %s",
        "took too long" if is_slow else "is away",
    )
    with translation.override(_language_of(request)):
        response = HttpResponse(render_to_string("503.html", {"is_slow": is_slow}), status=503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return keep_out_of_error_log(response)


def _language_of(request: HttpRequest) -> str:
    """Return the language of a request as far as it is known without the database."""
    asked = getattr(request, "LANGUAGE_CODE", None) or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE

"""Choose the language of an answer, what browsers may cache of it, and confirm to them what was done."""

import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, cast

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from accounts.models import Language, User
from accounts.reading import reader_of
from accounts.session_limits import limits_of, note_use, seconds_left
from privacy.reading import Reading, chunks_within, within


class LanguageMiddleware:
    """Use the cookie's language, else the person's, else Malay; the browser's own list is ignored.

    Stands after AuthenticationMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        language = language_of(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        if response.streaming:
            translation.activate(language)  # its body is made after this, while it is sent
        chosen = settings.CHOSEN_LANGUAGE_COOKIE_NAME
        if chosen in request.COOKIES and request.user.is_authenticated:
            response.delete_cookie(chosen, samesite="Lax")  # It is the person's now.
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response


def language_of(request: HttpRequest) -> str:
    """Return the language in which this request is answered."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in Language.values:
        return str(chosen)
    language = getattr(request.user, "language", None)
    return language if language in Language.values else settings.LANGUAGE_CODE


def keep_language(response: HttpResponseBase, language: str, *, is_before_sign_in: bool = False) -> None:
    """Answer this browser in a language from now on; what is chosen before sign-in also becomes the person's."""
    flags: dict[str, Any] = {
        "secure": settings.LANGUAGE_COOKIE_SECURE,
        "httponly": settings.LANGUAGE_COOKIE_HTTPONLY,
        "samesite": "Lax",
    }
    max_age = settings.LANGUAGE_COOKIE_AGE
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=max_age, **flags)
    if is_before_sign_in:
        response.set_cookie(settings.CHOSEN_LANGUAGE_COOKIE_NAME, language, **flags)


class SessionLimitsMiddleware:
    """End the session of who did nothing for too long, or signed in too long ago, whatever the browser still holds.

    Its Event follows when the worker finds it (`services.sessions.end_sessions_that_are_over`): a GET writes none.
    Stands after AuthenticationMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        person = request.user
        if isinstance(person, User) and seconds_left(request.session, limits_of(person.role)) <= 0:
            request.session.flush()
            request.user = AnonymousUser()
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> None:
        """Note that the person did something, unless a page asked by itself."""
        if not request.user.is_authenticated or getattr(view, "is_asked_by_pages", False):
            return
        if note_use(request.session):
            sessions = UserSession.objects.filter(session_key=request.session.session_key)
            sessions.update(last_seen_at=timezone.now())


class ReaderMiddleware:
    """Hide from whoever reads what they may not see of texts, also of what is made while it is sent.

    Stands after AuthenticationMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reading = Reading(lambda: (reader_of(request.user), getattr(request.user, "marks_version", None)))
        with within(reading):
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            chunks = cast("Iterable[bytes]", response.streaming_content)
            response.streaming_content = chunks_within(reading, chunks)
        return response


class PrivatePagesMiddleware:
    """Forbid caching what a signed-in person saw: desks are shared, and Back after sign-out shows nothing.

    A view's own Cache-Control wins. Stands after AuthenticationMiddleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if "Cache-Control" not in response.headers and request.user.is_authenticated:
            response.headers["Cache-Control"] = "private, no-store"
        return response


#: A name that a form's script gives to what it sends (keep.js).
_SENDING = re.compile(r"[0-9a-f]{32}")
#: So many are confirmed at a time, so that several tabs that send at once each find theirs.
_MOST_CONFIRMED = 8
_CONFIRMED_SECONDS = 3600


def note_outcome(request: HttpRequest, *, is_done: bool) -> None:
    """Note whether the last act of this request was done: only then is what was sent confirmed."""
    vars(request)["_is_done"] = is_done


class ConfirmSendingMiddleware:
    """Confirm to the browser by a cookie that what it sent under a name was done: it then forgets its copy.

    Confirmed is an act that was done and led to another page; a form that is shown again confirms nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if vars(request).get("_is_done") and response.status_code == HTTPStatus.FOUND:
            self._confirm(request, response)
        return response

    def _confirm(self, request: HttpRequest, response: HttpResponseBase) -> None:
        name = request.POST.get("sending", "")
        if not _SENDING.fullmatch(name):
            return
        before = _SENDING.findall(request.COOKIES.get(settings.ARRIVED_COOKIE_NAME, ""))
        response.set_cookie(
            settings.ARRIVED_COOKIE_NAME,
            ".".join([*before, name][-_MOST_CONFIRMED:]),
            max_age=_CONFIRMED_SECONDS,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )

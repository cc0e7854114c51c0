"""What was pressed without a session is not done: lead people back to where they were, and say so there.

Nothing that was posted is stored, and nothing at all on the server: whoever is not signed in could fill it. What they
typed or chose stays in their own browser (`ui/static/ui/resume.js`), and so do two signed cookies: who signed in here
last, until they sign out, and that something was not done. Only the same person is led back.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import REASON_CSRF_TOKEN_MISSING, REASON_NO_CSRF_COOKIE
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.devices import keep_device_cookie
from accounts.models import User
from ui import errors
from ui.methods import is_page

#: Tag of the message that pages show as a banner, and name of the cookie that asks for it.
NOT_DONE = "not-done"
_NOT_DONE_COOKIE = f"{settings.COOKIE_PREFIX}{NOT_DONE}"
_NOT_DONE_SECONDS = 3600
#: Name of the cookie with the id of who signed in here last, and has not signed out.
LAST_PERSON = f"{settings.COOKIE_PREFIX}last-person"
#: Where a session keeps the page to go on to after a second factor was added, and whether what was sent was not done.
ONWARD = "after_second_factor"
#: Name of the cookie with what the next page is to say.
_MESSAGES = settings.MESSAGES_COOKIE_NAME
#: Why a form's token is refused once its session has ended or somebody signed in again.
_OLD_TOKEN = (REASON_CSRF_TOKEN_MISSING, REASON_NO_CSRF_COOKIE, "CSRF token from POST")


class SignInMiddleware(LoginRequiredMiddleware):
    """Redirect people who are not signed in to sign in, and remember if what they sent could not be done.

    The browser remembers who signed in, for when the session ends by itself, and forgets it when they sign out.
    """

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        view_args: tuple[Any, ...],
        view_kwargs: dict[Any, Any],
    ) -> HttpResponseBase | None:
        """Return nothing for people who may go on; otherwise what they get instead of the view's answer."""
        instead = super().process_view(request, view_func, view_args, view_kwargs)
        if instead is None:
            return None
        if request.method not in ("GET", "HEAD"):
            instead = _sign_in_first(request)
        # What a page would have said to whoever was signed in is not for whoever is not.
        _drop(request, instead, _MESSAGES)
        return instead

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Return the response with the cookies that signing in or out changes."""
        if person_id := vars(request).get("_signed_in"):
            _keep(response, LAST_PERSON, person_id)
            _drop(request, response, _NOT_DONE_COOKIE)
            keep_device_cookie(request, response)
        elif _is_sign_out(request):
            _drop(request, response, LAST_PERSON, _MESSAGES)
        return response


def _is_sign_out(request: HttpRequest) -> bool:
    match = request.resolver_match
    return request.method == "POST" and match is not None and match.view_name == "account_logout"


def note_sign_in(request: HttpRequest, person: User) -> None:
    """Note who signed in by this request, for the browser to remember; forget what it had to tell somebody else."""
    vars(request)["_signed_in"] = person.pk
    if request.get_signed_cookie(LAST_PERSON, "") != str(person.pk):
        list(messages.get_messages(request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Lead back to the form whose token is older than the session; every other refusal is an error page (403)."""
    if request.user.is_authenticated and request.path == resolve_url(settings.LOGIN_URL):
        return _lead_on(request)
    page = form_page(request)
    if not page or not reason.startswith(_OLD_TOKEN) or not asks_for_page(request):
        return errors.csrf_failure(request, reason)
    if not request.user.is_authenticated:
        return _sign_in_first(request)
    tell_not_done(request)
    return redirect(page)


def _lead_on(request: HttpRequest) -> HttpResponse:
    """Lead on from a sign-in page after somebody signed in in another tab; tell anybody else that it was not them."""
    person = request.user
    assert isinstance(person, User)
    if request.POST.get("login", "").strip().lower() in ("", person.email):
        return redirect(request.get_full_path())
    text = _(
        "You are not signed in: %(name)s is already signed in in this browser. If this is not you, sign out first."
    )
    messages.warning(request, text % {"name": person.name}, extra_tags=NOT_DONE)
    return redirect(settings.LOGIN_REDIRECT_URL)


def has_unfinished(request: HttpRequest) -> bool:
    """Return whether a session ended by itself in this browser, and something was pressed after that."""
    is_not_done = request.get_signed_cookie(_NOT_DONE_COOKIE, "", max_age=_NOT_DONE_SECONDS)
    return bool(is_not_done and request.get_signed_cookie(LAST_PERSON, ""))


def after_sign_in(request: HttpRequest, person: User, response: HttpResponse) -> HttpResponse:
    """Say on the next page what was not done; lead anybody but the last person to their own first page instead."""
    if not request.get_signed_cookie(_NOT_DONE_COOKIE, "", max_age=_NOT_DONE_SECONDS):
        return response
    if request.get_signed_cookie(LAST_PERSON, "") != str(person.pk):
        return redirect(settings.LOGIN_REDIRECT_URL)
    tell_not_done(request)
    return response


def tell_not_done(request: HttpRequest) -> None:
    """Say on the next page that what was pressed there was not done."""
    text = _(
        "Not done yet: you had to sign in again, so nothing was sent or changed. Check this page and press the button again."
    )
    messages.warning(request, text, extra_tags=NOT_DONE)


def _sign_in_first(request: HttpRequest) -> HttpResponseBase:
    """Redirect to sign in and then back to the page of the form; tell a script by 401."""
    if not asks_for_page(request):
        error = _(
            "You were signed out, so nothing was sent. Sign in again in another tab, then try again here."
        )
        return JsonResponse({"state": "signed-out", "error": error}, status=401)
    page = form_page(request)
    if not page:
        page = request.get_full_path() if is_page(request.path_info) else settings.LOGIN_REDIRECT_URL
    response = redirect_to_login(page, resolve_url(settings.LOGIN_URL))
    _keep(response, _NOT_DONE_COOKIE, 1, max_age=_NOT_DONE_SECONDS)
    return response


def asks_for_page(request: HttpRequest) -> bool:
    """Return whether a browser's page sent this, not a script: those accept JSON, or anything."""
    return "text/html" in request.headers.get("Accept", "text/html")


def page_before(request: HttpRequest) -> str:
    """Return the page to come back to: the one asked for, or the one on which a form stood; "" for none."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path() if is_page(request.path_info) else ""
    return form_page(request)


def form_page(request: HttpRequest) -> str:
    """Return the address of our page on which the form, or the link, stood, without the host; "" when none can be opened by GET."""
    referer = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        referer, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    # Only then: an address that is none cannot be split.
    page = urlsplit(referer if is_ours else "")
    if not page.netloc or not is_page(page.path):
        return ""
    return f"{page.path}?{page.query}" if page.query else page.path


def _keep(response: HttpResponseBase, name: str, value: int, max_age: int | None = None) -> None:
    """Keep a number in a signed cookie that scripts cannot read, for some seconds or until the browser is closed."""
    response.set_signed_cookie(
        name,
        str(value),
        max_age=max_age,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _drop(request: HttpRequest, response: HttpResponseBase, *names: str) -> None:
    """Let the browser forget these cookies, where it holds them."""
    for name in names:
        if name in request.COOKIES:
            response.delete_cookie(name, samesite="Lax")

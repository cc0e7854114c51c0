"""Record the libraries' signals of sign-in and sign-out in the audit trail."""

from typing import Any

from allauth.account.signals import authentication_step_completed, password_changed
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.devices import token_to_keep
from accounts.models import Language, User
from accounts.proof import used_factor
from accounts.resume import note_sign_in
from accounts.services.devices import remember_device
from accounts.services.people import choose_language
from accounts.services.sessions import (
    end_sessions_that_are_over,
    record_password_change,
    record_proof,
    record_sign_in,
    record_sign_out,
)
from accounts.session_limits import begin
from accounts.sign_in_mails import SignInChange
from accounts.tasks import notify_sign_in_change
from audit import clock


@receiver(user_logged_in, dispatch_uid="accounts.signed_in")
def on_signed_in(*, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    record_sign_in(user, now=clock.now(), factor=used_factor(request, user))
    note_sign_in(request, user)
    begin(request.session)
    if request.method:  # Not a command, which has no browser.
        _note_browser(request, user)
    language = request.COOKIES.get(settings.CHOSEN_LANGUAGE_COOKIE_NAME)
    if language in Language.values:
        choose_language(user, language=language, now=clock.now())


def _note_browser(request: HttpRequest, person: User) -> None:
    """List the session, and remember the browser; tell the person of a new one, unless another mail tells of it."""
    end_sessions_that_are_over(person, now=clock.now())
    UserSession.objects.create_from_request(request)
    is_new = remember_device(person, token=token_to_keep(request), now=clock.now())
    match = request.resolver_match
    if is_new and (match is None or match.view_name != "accounts:set_password"):
        notify_sign_in_change(person, SignInChange.NEW_DEVICE, now=clock.now())


@receiver(authentication_step_completed, dispatch_uid="accounts.proved_again")
def on_proved_again(
    *, request: HttpRequest, user: User, method: str, reauthenticated: bool = False, **about: Any
) -> None:
    """Record that a signed-in person has proved again who they are, under a new key: who stole the old one is out."""
    if reauthenticated:
        record_proof(user, by=str(about.get("type") or method), now=clock.now())
        request.session.cycle_key()


@receiver(user_logged_out, dispatch_uid="accounts.signed_out")
def on_signed_out(*, request: HttpRequest, user: User | None, **_kwargs: Any) -> None:
    if user is None:
        return
    UserSession.objects.filter(user=user, session_key=request.session.session_key or "").delete()
    record_sign_out(user, now=clock.now())


@receiver(password_changed, dispatch_uid="accounts.password_changed")
def on_password_changed(*, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    record_password_change(user, now=clock.now(), but=request.session.session_key)
    notify_sign_in_change(user, SignInChange.PASSWORD_CHANGED, now=clock.now())

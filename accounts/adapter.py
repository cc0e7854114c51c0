"""Connect allauth's sign-in with ours: no sign-up, audit events, lock-outs that say how long, mails by task."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import tasks
from accounts.attempts import GUESSED_DEVICE, LockOut, SignInAttempt, begin_attempt, take_back
from accounts.devices import token_of
from accounts.models import User
from accounts.oidc.flow import sign_out_address
from accounts.oidc.provider_settings import has_provider, provider_name, the_provider
from accounts.oidc.session import id_token_of
from accounts.queries import is_provider_connected
from accounts.resume import after_sign_in
from accounts.services.devices import forget_guessed_device, known_device
from accounts.services.sessions import record_refused_sign_in, record_reset_request
from audit import clock
from audit.middleware import client_address, origin_of


class AccountAdapter(DefaultAccountAdapter):
    """allauth with Jejak's rules."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail or password is incorrect. Check both and try again."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your current password."),
    }

    #: What allauth may say after an act; it would render templates for these, and for much more.
    said = {"account/messages/password_changed.txt": _("Your password was changed.")}

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Show only messages worth reading: not that somebody signed in or out, which they see."""
        text = message or self.said.get(message_template or "")
        if text:
            messages.add_message(request, level, str(text), extra_tags=extra_tags)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Return the ways to prove again who one is, in our words, the strongest first."""
        words = {
            "mfa_reauthenticate:webauthn": _("Use the passkey"),
            "mfa_reauthenticate": _("Use a code"),
            "provider": _("Sign in again at %(provider)s"),
            "reauthenticate": _("Use the password"),
        }
        found = super().get_reauthentication_methods(user)
        if user.is_authenticated and is_provider_connected(user):
            found.append({"id": "provider", "url": reverse("accounts:prove_at_provider")})
        for method in found:
            method["description"] = str(words[method["id"]]) % {"provider": provider_name()}
        return sorted(found, key=lambda method: list(words).index(method["id"]))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse sign-up: administrators invite."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that the audit trail records, so that lock-outs and trail agree."""
        return client_address(request) or "0.0.0.0"  # noqa: S104 - a word for "unknown", nothing binds to it

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt; refuse it unread while a lock-out is in force, and say for how long."""
        email = str(credentials.get("email", ""))
        device = known_device(token_of(request), email=email)
        judged = begin_attempt(email, address=client_address(request), device=device)
        if isinstance(judged, SignInAttempt):
            self._attempt = judged
            return
        if device is not None and judged.by == GUESSED_DEVICE:
            forget_guessed_device(device, now=clock.now())
        record_refused_sign_in(email, reason=judged.by, now=clock.now(), is_locked_out=True)
        raise ValidationError(_lock_out_message(judged), code="locked_out")

    def take_back_attempt(self) -> None:
        """Take the attempt back: the password was right."""
        take_back(self._attempt)

    #: allauth's own name for it.
    _rollback_login_failed_rl_usage = take_back_attempt

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record the failed sign-in; where it begins a wait, let the owner be told, if there is one."""
        now = clock.now()
        person = record_refused_sign_in(str(credentials.get("email", "")), reason="", now=now)
        if self._attempt.slows:
            origin = origin_of(request)
            about = (now.isoformat(), origin.address or "", origin.user_agent)
            tasks.ask_for_mail(tasks.tell_of_failures, person.pk if person else 0, *about)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Record the right password of a deactivated account as a failed sign-in too."""
        assert isinstance(user, User)
        record_refused_sign_in(user.email, reason="inactive", now=clock.now())
        return super().respond_user_inactive(request, user)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **about: Any) -> HttpResponse:
        """Go on to where the person was, with a word about what was not done."""
        assert isinstance(user, User)
        return after_sign_in(request, user, super().post_login(request, user, **about))

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Write the password column alone: the rest of the row may have changed meanwhile."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def ask_for_reset_link(self, email: str) -> None:
        """Record the request and leave the mail to a task, which makes the link; for nobody's address (0) just the same."""
        with transaction.atomic():
            person = record_reset_request(email, now=clock.now())
            tasks.ask_for_mail(tasks.send_reset_link, person.pk if person else 0)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("accounts:my_account")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Return where the provider signs people out, if they came from there; else the sign-in page."""
        id_token = id_token_of(request.session)
        at_provider = sign_out_address(the_provider(), id_token) if has_provider() and id_token else ""
        return at_provider or resolve_url(settings.LOGIN_URL)


def _lock_out_message(lock_out: LockOut) -> str:
    """Return the message with the time to wait, or, where waiting does not help, with the way in."""
    if lock_out.seconds is None:
        return gettext(
            "Too many failed attempts. Use “Forgotten your password?”: the link in the e-mail lets you in at once."
        )
    if hours := lock_out.hours:
        text = ngettext(
            "Too many failed attempts. Wait %(hours)d hour, then try again, or use “Forgotten your password?”.",
            "Too many failed attempts. Wait %(hours)d hours, then try again, or use “Forgotten your password?”.",
            hours,
        )
        return text % {"hours": hours}
    text = ngettext(
        "Too many failed attempts. Wait %(minutes)d minute, then try again, or use “Forgotten your password?”.",
        "Too many failed attempts. Wait %(minutes)d minutes, then try again, or use “Forgotten your password?”.",
        lock_out.minutes,
    )
    return text % {"minutes": lock_out.minutes}

"""Where allauth's sign-in meets ours: no sign-up, the trail, lock-outs that say how long, mails by task."""

from __future__ import annotations

from functools import partial
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import lockout, tasks
from accounts.models import User
from accounts.services import record_failed_sign_in, record_lock_out, record_reset_request
from audit import clock
from audit.middleware import client_address


class AccountAdapter(DefaultAccountAdapter):
    """allauth with Jejak's rules."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "This e-mail and password do not go together. Check both and try again."
        ),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your present password."),
    }

    #: What allauth may say after an act; it would render templates for these, and for much more.
    said = {"account/messages/password_changed.txt": _("Your password is changed.")}

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Only what is worth a word: not that somebody signed in or out, which they see."""
        text = message or self.said.get(message_template or "")
        if text:
            messages.add_message(request, level, str(text), extra_tags=extra_tags)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: administrators invite."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The same address that the trail records, so that both lock and trail speak of one."""
        return client_address(request) or "0.0.0.0"  # noqa: S104 - a word for "unknown", nothing binds to it

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses unread while a lock-out stands, and says for how long."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        lock = lockout.current(request, key=key)
        if lock is None:
            super().pre_authenticate(request, **credentials)
            return
        record_lock_out(str(credentials.get("email", "")), reason=lock.by, now=clock.now())
        raise ValidationError(_lock_out_message(lock), code="locked_out")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        record_failed_sign_in(str(credentials.get("email", "")), reason="", now=clock.now())

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """The right password of a deactivated account: a failed sign-in too."""
        assert isinstance(user, User)
        record_failed_sign_in(user.email, reason="inactive", now=clock.now())
        return super().respond_user_inactive(request, user)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Writes the password alone: the rest of the row may have changed meanwhile."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Unused: the task makes the link, so that the broker never holds one."""
        return ""

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """Records the request and leaves the mail to a task: the answer takes as long for unknown addresses."""
        assert isinstance(user, User)
        record_reset_request(user, now=clock.now())
        transaction.on_commit(partial(tasks.send_reset_link.delay, user.pk), robust=True)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url("accounts:my_account")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.LOGIN_URL)


def _lock_out_message(lock: lockout.LockOut) -> str:
    text = ngettext(
        "Too many failed attempts. Wait %(minutes)d minute, then try again.",
        "Too many failed attempts. Wait %(minutes)d minutes, then try again.",
        lock.minutes,
    )
    return text % {"minutes": lock.minutes}

"""What people are asked for after the password, or again: forms above allauth's own, with limits and Events."""

from functools import partial
from typing import Any

from allauth.account import forms as account_forms
from allauth.core import context
from allauth.mfa.base import forms as code_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import tasks
from accounts.attempts import GUESSED_DEVICE, LockOut, SignInAttempt, begin_attempt, factor_account, take_back
from accounts.devices import token_of
from accounts.factor_forms import MALFORMED, code_field
from accounts.factors import APP, CODES, PASSKEY, kinds_of
from accounts.models import User
from accounts.password_forms import own_password
from accounts.rate_limits import is_within_rate
from accounts.services.devices import forget_guessed_device, known_device
from accounts.services.factors import record_refused_factor, use_code
from accounts.sign_in_mails import SignInChange
from audit import clock
from audit.middleware import client_address
from ui.forms import BaseHelper, Buttons

#: For so many seconds nobody is told again of wrong answers after their right password.
_TOLD_SECONDS = 3600


def check_answer(person: User, kind: str, is_right: Any) -> Any:
    """Return what `is_right()` returns, if it is true and the person may still try.

    Wrong codes count like wrong passwords, by browser and network (docs/adr/0020). A passkey cannot be guessed, and is always
    looked at. Everything else is recorded and raised as a ValidationError. The person is told of wrong answers in a
    sign-in, because whoever gave them knows the password.
    """
    request = context.request
    is_signed_in = request.user.is_authenticated
    facts: dict[str, Any] = {"kind": kind, "now": clock.now(), "is_signed_in": is_signed_in}
    begun = _begin_code(person, facts) if kind != PASSKEY else None
    try:
        found = is_right()
    except (ValidationError, *MALFORMED):
        found = None
    if found:
        if begun is not None:
            take_back(begun)
        return found
    record_refused_factor(person, **facts)
    if not is_signed_in and is_within_rate("second_factor_told", person.pk, most=1, seconds=_TOLD_SECONDS):
        tasks.notify_sign_in_change(person, SignInChange.FACTOR_REFUSED, now=clock.now())
    raise ValidationError(_("This did not match. Try again."), code="incorrect_code")


def _begin_code(person: User, facts: dict[str, Any]) -> SignInAttempt:
    """Count the attempt. Raises ValidationError, unread, while the person, browser or network has to wait."""
    request = context.request
    device = known_device(token_of(request), email=person.email)
    judged = begin_attempt(factor_account(person), address=client_address(request), device=device)
    if isinstance(judged, SignInAttempt):
        return judged
    if device is not None and judged.by == GUESSED_DEVICE:
        forget_guessed_device(device, now=facts["now"])
    record_refused_factor(person, is_locked_out=True, **facts)
    raise ValidationError(_lock_out_message(judged), code="locked_out")


def _lock_out_message(lock_out: LockOut) -> str:
    """Return the message with the time to wait, or, where waiting does not help, with the way in."""
    if lock_out.seconds is None:
        return gettext(
            "Too many wrong answers. Use a browser in which you have signed in before, or a passkey."
        )
    if hours := lock_out.hours:
        text = ngettext(
            "Too many wrong answers. Wait %(hours)d hour, then try again.",
            "Too many wrong answers. Wait %(hours)d hours, then try again.",
            hours,
        )
        return text % {"hours": hours}
    text = ngettext(
        "Too many wrong answers. Wait %(minutes)d minute, then try again.",
        "Too many wrong answers. Wait %(minutes)d minutes, then try again.",
        lock_out.minutes,
    )
    return text % {"minutes": lock_out.minutes}


class CodeForm(code_forms.AuthenticateForm):
    """A code of the authenticator app, or a recovery code, after the password."""

    verb = _("Sign in")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds_of(self.user)
        label = _("Code from the app, or a recovery code") if APP in self.kinds else _("Recovery code")
        self.fields["code"] = code_field(label, comes_first=self.comes_first)
        tone = "primary" if self.comes_first else "secondary"
        self.helper = BaseHelper("code", Buttons(self.verb, tone=tone))

    @property
    def has_passkey(self) -> bool:
        return PASSKEY in self.kinds

    @property
    def comes_first(self) -> bool:
        """Whether this is what most people do here: where there is a passkey, its button is above."""
        return not self.has_passkey

    def clean_code(self) -> str:
        """Return the code, now used up."""
        code: str = self.cleaned_data["code"]
        kind = APP if APP in self.kinds else CODES
        self.authenticator = check_answer(self.user, kind, partial(use_code, self.user, code))
        if self.authenticator.type == CODES:
            tasks.notify_sign_in_change(self.user, SignInChange.CODE_USED, now=clock.now())
        return code


class CodeAgainForm(CodeForm, code_forms.ReauthenticateForm):
    """The same, asked of a person who is signed in."""

    verb = _("Continue")
    #: Passkeys have a page of their own here.
    comes_first = True
    save = code_forms.ReauthenticateForm.save


class PasskeyForm(passkey_forms.AuthenticateWebAuthnForm):
    """What the browser answered with a passkey."""

    def clean_credential(self) -> Authenticator:
        """Return the factor that answered."""
        found = check_answer(self.user, PASSKEY, super().clean_credential)
        assert isinstance(found, Authenticator)
        return found


class PasskeyAgainForm(PasskeyForm, passkey_forms.ReauthenticateWebAuthnForm):
    """The same, asked of a person who is signed in."""

    reauthenticated = True


class PasswordAgainForm(account_forms.ReauthenticateForm):
    """The password, asked of a person who is signed in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True})
        self.fields["password"] = forms.CharField(label=_("Password"), strip=False, widget=widget)
        self.helper = BaseHelper("password", Buttons(_("Continue")))

    def clean_password(self) -> str:
        return own_password(self.user, self.cleaned_data["password"])

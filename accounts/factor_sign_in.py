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
from django.utils.translation import gettext_lazy as _

from accounts import rate_limits, tasks
from accounts.factor_forms import MALFORMED, code_field
from accounts.factors import APP, CODES, PASSKEY, kinds_of
from accounts.models import User
from accounts.password_forms import own_password
from accounts.services.factors import record_refused_factor, use_code
from accounts.sign_in_mails import SignInChange
from audit import clock
from ui.forms import BaseHelper, Buttons

#: Wrong answers of one person, whoever gives them.
_LIMIT: dict[str, Any] = {"app": "accounts", "action": "second_factor", "rates": "5/10m/key,30/d/key"}
#: How often somebody is told of wrong answers after their right password.
_TELLING: dict[str, Any] = {"app": "accounts", "action": "second_factor_told", "rates": "1/h/key"}


def check_answer(person: User, kind: str, is_right: Any) -> Any:
    """Return what `is_right()` returns, if it is true and the person may still try.

    Everything else is recorded and raised as a ValidationError. The person is told of wrong answers in a sign-in,
    because whoever gave them knows the password.
    """
    request = context.request
    key, is_signed_in = str(person.pk), request.user.is_authenticated
    facts: dict[str, Any] = {"kind": kind, "now": clock.now(), "is_signed_in": is_signed_in}
    if not rate_limits.is_within_rate(request, key=key, **_LIMIT):
        record_refused_factor(person, is_locked_out=True, **facts)
        raise ValidationError(
            _("Too many wrong answers. Wait ten minutes, then try again."), code="locked_out"
        )
    try:
        found = is_right()
    except (ValidationError, *MALFORMED):
        found = None
    if found:
        rate_limits.forget_requests(request, key=key, **_LIMIT)
        return found
    record_refused_factor(person, **facts)
    if not is_signed_in and rate_limits.is_within_rate(request, key=key, **_TELLING):
        tasks.notify_sign_in_change(person, SignInChange.FACTOR_REFUSED, now=clock.now())
    raise ValidationError(_("This did not match. Try again."), code="incorrect_code")


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

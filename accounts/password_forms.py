"""Forms of sign-in and of passwords. They check shape only; allauth lets the one of a reset act."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.contrib.auth import password_validation
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.oidc.provider_settings import provider_name
from accounts.resume import has_unfinished
from ui.forms import BaseHelper, Buttons, FieldLayout, Include


class PasswordWithWayBack(FieldLayout):
    """The password field with "Forgotten your password?" beside its label."""

    template = "accounts/_password_field.html"


class SignInForm(allauth_forms.LoginForm):
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = _email()
        self.fields["password"] = _password(_("Password"), autocomplete="current-password")
        self.helper = BaseHelper(
            "login", PasswordWithWayBack("password"), Include("accounts/_sign_in_button.html")
        )
        self.helper.form_error_title = _("We couldn't sign you in")

    @property
    def follows_expired_session(self) -> bool:
        """Whether the person was led here because they pressed a button after their session had ended."""
        return self.request is not None and has_unfinished(self.request)

    @property
    def provider_name(self) -> str:
        """The name of the provider at which people may sign in too, or ""."""
        return provider_name()


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """Where to send the reset link; the answer is the same for known and unknown addresses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = _email()
        self.helper = BaseHelper("email", Buttons(_("Send link")))

    def clean_email(self) -> str:
        """Look nobody up yet: `save` does the same for every address."""
        email: str = self.cleaned_data["email"].lower()
        return email

    def save(self, request: HttpRequest, **_allauth: Any) -> str:
        """Ask for the link, whoever's address it is."""
        email: str = self.cleaned_data["email"]
        get_adapter(request).ask_for_reset_link(email)
        return email


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """The current password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": (_("Current password"), "current-password"),
            "password1": (_("New password"), "new-password"),
            "password2": (_("Repeat the new password"), "new-password"),
        }
        for name, (label, autocomplete) in labels.items():
            self.fields[name].label = label
            self.fields[name].widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = _password_help()
        self.helper = BaseHelper("oldpassword", "password1", "password2", Buttons(_("Change password")))

    def clean_oldpassword(self) -> str:
        """Return the current password; a wrong one counts, also where nothing else is right."""
        return own_password(self.user, self.cleaned_data["oldpassword"])


class OwnPasswordForm(forms.Form):
    """The person's own password, before something that only they may do. It hands on nothing."""

    password = forms.CharField(strip=False)

    def __init__(self, *args: Any, person: User, verb: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.fields["password"] = _password(_("Current password"), autocomplete="current-password")
        self.helper = BaseHelper("password", Buttons(verb, cancel_url=reverse("accounts:my_account")))

    def clean_password(self) -> str:
        return own_password(self.person, self.cleaned_data["password"])

    def clean(self) -> dict[str, Any]:
        super().clean()
        return {}


class SetPasswordForm(forms.Form):
    """A new password, twice, from a one-time link."""

    password = forms.CharField(strip=False)
    password_again = forms.CharField(strip=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"] = _password(_("New password"), help_text=_password_help())
        self.fields["password_again"] = _password(_("Repeat the new password"))
        self.helper = BaseHelper("password", "password_again", Buttons(_("Save and sign in")))

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.user)
        return password

    def clean(self) -> None:
        super().clean()
        first, second = self.cleaned_data.get("password"), self.cleaned_data.get("password_again")
        if first and second and first != second:
            self.add_error("password_again", _("The passwords do not match. Type the same one twice."))


def own_password(person: User, password: str) -> str:
    """Return the password if it is that of `person`, who is signed in.

    A wrong one counts like one at sign-in, and may have to wait: a stolen session must not serve for guessing.
    Raises ValidationError.
    """
    request, adapter, email = context.request, get_adapter(context.request), person.email
    adapter.pre_authenticate(request, email=email)
    # Not the person's own method, which may hash anew: that would end this session.
    if not check_password(password, person.password):
        adapter.authentication_failed(request, email=email)
        raise ValidationError(_("This is not your current password."), code="incorrect_password")
    adapter.take_back_attempt()
    return password


def _email() -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    return forms.EmailField(label=_("Official e-mail"), widget=widget)


def _password(label: Any, *, autocomplete: str = "new-password", help_text: Any = "") -> forms.CharField:
    """Return a password field."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, widget=widget, help_text=help_text)


def _password_help() -> Any:
    """Return the hint for a new password."""
    return _(
        "At least 12 characters, any you like: four words are easy to remember. Not one known from breaches, nor your name, agency or e-mail."
    )

"""Forms with which people add and rename their second factors."""

from typing import Any

from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.factors import NAME_LENGTH
from accounts.fields import LineField
from ui.forms import BaseHelper, Buttons

_MOST_OF_A_CODE = 20
#: What the libraries raise for an answer that no browser gives.
MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError)


class AddAppForm(forms.Form):
    """The first code of an authenticator app."""

    def __init__(self, data: Any = None, *, cancel_url: str) -> None:
        super().__init__(data)
        self.fields["code"] = code_field(_("The six digits that the app shows now"))
        self.helper = BaseHelper("code", Buttons(_("Continue"), cancel_url=cancel_url))


class AddPasskeyForm(passkey_forms.AddWebAuthnForm):
    """A name, and what the browser made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = passkey_name()
        self.fields["name"].initial = kwargs["initial"]["name"]
        self.helper = BaseHelper("name", "credential", form_tag=False)

    def clean(self) -> dict[str, Any]:
        """Return the values if the browser's answer belongs to what it was asked."""
        try:
            return super().clean()
        except MALFORMED as error:
            raise ValidationError(_("This did not match. Try again."), code="malformed") from error


class PasskeyNameForm(forms.Form):
    """Another name of a passkey."""

    def __init__(self, data: Any = None, *, name: str = "", cancel_url: str) -> None:
        super().__init__(data, initial={"name": name})
        self.fields["name"] = passkey_name()
        self.helper = BaseHelper("name", Buttons(_("Save"), cancel_url=cancel_url))


def passkey_name() -> forms.CharField:
    """Return the field of a passkey's name."""
    return LineField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        help_text=_("So that you know it again, for example: office computer."),
    )


def code_field(label: Any, *, comes_first: bool = True) -> forms.CharField:
    """Return the field of a code; the cursor is in it if it comes first on its page."""
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": comes_first}
    return forms.CharField(label=label, max_length=_MOST_OF_A_CODE, widget=forms.TextInput(attrs=attrs))

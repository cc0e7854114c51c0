"""Forms of the data officer's pages. They check shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import LineField
from accounts.models import Agency
from privacy.forms import IN_THE_TRAIL, GuardedText, IdentityGuardForm
from privacy.kinds import IdentityKind
from ui.forms import BaseHelper, Buttons, set_choices

_EVERY = ("", _("All"))


class RegisterFilter(forms.Form):
    """The filter of the register. Every field may stay empty."""

    agency = forms.TypedChoiceField(label=_("Agency"), required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[_EVERY, *IdentityKind.choices])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            _EVERY,
            ("hidden", _("Hidden")),
            ("asked", _("Showing again is proposed")),
            ("lifted", _("Shown again")),
        ],
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        set_choices(self, "agency", [_EVERY, *((each.pk, each.label) for each in Agency.objects.all())])


class HideForm(IdentityGuardForm):
    """Which words to hide, and why. The words are kept nowhere."""

    words = LineField(
        label=_("Words to hide"),
        help_text=_("As they stand in the text: at least three characters. Jejak does not keep them."),
        min_length=3,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    is_whole = forms.BooleanField(label=_("Hide the whole of each text"), required=False)
    reason = forms.CharField(
        label=_("Reason"), help_text=IN_THE_TRAIL, max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, data: Any = None, *, cancel_url: str) -> None:
        super().__init__(data)
        self.helper = BaseHelper(
            "words", "is_whole", GuardedText("reason"), Buttons(_("Hide these words"), cancel_url=cancel_url)
        )


class LiftDecisionForm(IdentityGuardForm):
    """Whether a text is shown whole again, and why."""

    is_lifted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Show it again")), ("no", _("Keep it hidden"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"), help_text=IN_THE_TRAIL, max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, data: Any = None, *, cancel_url: str) -> None:
        super().__init__(data)
        self.helper = BaseHelper(
            "is_lifted", GuardedText("reason"), Buttons(_("Decide"), cancel_url=cancel_url)
        )

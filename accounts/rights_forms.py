"""Forms that give rights, and decide on a request for them. They check shape only and never save."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import ServiceModelForm
from privacy.forms import IN_THE_TRAIL, GuardedText, IdentityGuardForm
from ui.forms import BaseHelper, Buttons

REASON_LENGTH = 500


class RightsForm(IdentityGuardForm, ServiceModelForm):
    """A form that gives a role and a clearance, with the reason that a second administrator reads where one must decide."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_(
            "Needed only for a MAPO administrator or a raised clearance: another administrator reads it and decides."
        ),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RightsDecisionForm(IdentityGuardForm):
    """Whether a person gets the rights that another administrator asked for, and why."""

    is_granted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("Grant")), ("no", _("Refuse"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=IN_THE_TRAIL,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, cancel_url: str) -> None:
        super().__init__(data)
        self.helper = BaseHelper(
            "is_granted", GuardedText("reason"), Buttons(_("Decide"), cancel_url=cancel_url)
        )

"""MAPO's words on a check. Shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from privacy.forms import GuardedText, IdentityGuardForm
from recommendations.states import REASON_LENGTH
from ui.forms import BaseHelper, Buttons


class ExplanationForm(IdentityGuardForm):
    """Why figures contradict each other, or cannot be compared; `standing` is what stands beside them already."""

    text = forms.CharField(
        label=_("Explanation"),
        help_text=_(
            "Everybody signed in reads it beside the figures. It changes no figure. Do not write anything classified or "
            "names of victims."
        ),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, data: Any = None, *, standing: str, key: str, cancel_url: str) -> None:
        super().__init__(data, initial={"text": standing})
        self.helper = BaseHelper(
            GuardedText("text"),
            Buttons(_("Replace the explanation") if standing else _("Explain"), cancel_url=cancel_url),
            attrs={"data-keep": True, "data-keep-key": f"explain-{key}"},
            show_optional=False,
        )


class WithdrawalForm(IdentityGuardForm):
    """Why an explanation no longer stands."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_(
            "Everybody signed in reads it with the explanation, which past days keep. Do not write anything classified or "
            "names of victims."
        ),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, key: str, cancel_url: str) -> None:
        super().__init__(data)
        self.helper = BaseHelper(
            GuardedText("reason"),
            Buttons(_("Withdraw the explanation"), cancel_url=cancel_url),
            attrs={"data-keep": True, "data-keep-key": f"withdraw-{key}"},
            show_optional=False,
        )

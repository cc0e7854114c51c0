"""MAPO's words on a check. Shape only."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from indicators.judging import GivenExplanation
from privacy.forms import GuardedText, IdentityGuardForm
from recommendations.states import REASON_LENGTH
from ui.forms import BaseHelper, Buttons


class _OfSeenExplanation(IdentityGuardForm):
    """`seen` is the key of the explanation that the page shows, empty for none."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def show_again(self, key: str) -> None:
        """Let the next sending be of this explanation, which the page now shows; what is typed stays."""
        # A QueryDict may hold several values for a name, so it stays one.
        shown = cast(QueryDict, self.data).copy()
        shown["seen"] = key
        self.data = shown


class ExplanationForm(_OfSeenExplanation):
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

    def __init__(
        self, data: Any = None, *, standing: GivenExplanation | None, key: str, cancel_url: str
    ) -> None:
        super().__init__(data, initial=_initial(standing) | {"text": standing.text if standing else ""})
        self.helper = BaseHelper(
            GuardedText("text"),
            "seen",
            Buttons(_("Replace the explanation") if standing else _("Explain"), cancel_url=cancel_url),
            attrs={"data-keep": True, "data-keep-key": f"explain-{key}-{self['seen'].value() or ''}"},
            show_optional=False,
        )


class WithdrawalForm(_OfSeenExplanation):
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

    def __init__(
        self, data: Any = None, *, standing: GivenExplanation | None, key: str, cancel_url: str
    ) -> None:
        super().__init__(data, initial=_initial(standing))
        self.helper = BaseHelper(
            GuardedText("reason"),
            "seen",
            Buttons(_("Withdraw the explanation"), cancel_url=cancel_url),
            attrs={"data-keep": True, "data-keep-key": f"withdraw-{key}-{self['seen'].value() or ''}"},
            show_optional=False,
        )


def _initial(standing: GivenExplanation | None) -> dict[str, str]:
    return {"seen": str(standing.explanation_id) if standing else ""}

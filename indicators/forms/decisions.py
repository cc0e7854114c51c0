"""MAPO's decisions on the figures of a version: its shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.models import SentFigure
from privacy.checks import IdentitiesFound
from privacy.forms import IdentityGuardForm
from recommendations.states import REASON_LENGTH, Decision

#: Nothing is chosen for the person: a figure counts once somebody has looked at it.
_WAYS = [("", _("Decide later")), (Decision.ACCEPT.value, _("Accept")), (Decision.RETURN.value, _("Return"))]
#: The value of the button that accepts every figure that waits.
ACCEPT_ALL = "accept_all"


class FigureDecisionsForm(IdentityGuardForm):
    """For each figure that waits: accept it, return it with a reason, or leave it for later; or accept all by a button."""

    submission = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, sent: list[SentFigure], submission_id: int) -> None:
        super().__init__(data, initial={"submission": submission_id})
        self.sent = sent
        self.accepts_all = (data or {}).get("act") == ACCEPT_ALL
        for each in sent:
            label = each.series.label
            self.fields[f"decision-{each.pk}"] = forms.ChoiceField(label=label, choices=_WAYS, required=False)
            self.fields[f"reason-{each.pk}"] = forms.CharField(
                label=label, required=False, max_length=REASON_LENGTH
            )

    def clean(self) -> dict[str, Any]:
        """Require a reason for each figure that is returned; refuse to accept all where one is to be returned."""
        cleaned = super().clean()
        if self.accepts_all:
            return self._all_accepted(cleaned)
        for each in self.sent:
            reason = f"reason-{each.pk}"
            is_returned = cleaned.get(f"decision-{each.pk}") == Decision.RETURN
            if is_returned and reason not in self.errors and not cleaned.get(reason, "").strip():
                self.add_error(reason, _("Say what must be corrected. The agency sees it beside the figure."))
        return cleaned

    def _all_accepted(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        ways = [f"decision-{each.pk}" for each in self.sent]
        if any(cleaned.get(way) == Decision.RETURN for way in ways):
            self.add_error(
                None, _("You chose to return a figure. Record the decisions instead of accepting all.")
            )
        return cleaned | dict.fromkeys(ways, Decision.ACCEPT.value)

    def rows(self) -> dict[int, dict[str, Any]]:
        """Return the two fields of each figure by its key, as the page lays them out."""
        return {
            each.pk: {"decision": self[f"decision-{each.pk}"], "reason": self[f"reason-{each.pk}"]}
            for each in self.sent
        }

    @property
    def asks_identities(self) -> bool:
        """Whether a reason seems to identify a person, so that one is asked for."""
        return any(error.code == IdentitiesFound.code for error in self.non_field_errors().as_data())

    def decided(self) -> dict[int, tuple[bool, str]]:
        """Return by key of the figure whether it is accepted, and the reason; without those left for later."""
        chosen = {each.pk: self.cleaned_data[f"decision-{each.pk}"] for each in self.sent}
        return {
            pk: (way == Decision.ACCEPT, self.cleaned_data[f"reason-{pk}"])
            for pk, way in chosen.items()
            if way
        }

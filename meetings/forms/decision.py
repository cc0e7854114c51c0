"""What the council decided. Shapes only."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency
from meetings.states import DECISION_LENGTH
from privacy.forms import GuardedText, IdentityGuardForm
from recommendations.forms.items import item_choices
from recommendations.models import Cycle, Item
from recommendations.states import REASON_LENGTH, STATUS_KINDS
from ui.forms import BaseHelper, Buttons, DayField, FieldRow, bound_days, set_choices

#: The value of the choice of MAPO itself.
MAPO = "mapo"


class MeetingDecisionForm(IdentityGuardForm):
    """One decision: what, on which item, for whom, by when. Enter sends it; `token` names the form."""

    text = forms.CharField(label=_("Decision"), max_length=DECISION_LENGTH)
    item = forms.TypedChoiceField(label=_("Item"), coerce=int)
    agency = forms.ChoiceField(label=pgettext_lazy("decision", "For"))
    due_on = DayField(label=_("Due date"))
    token = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={
            "invalid": _("The form was changed on its way. Open the page again; what you typed is kept.")
        },
    )

    def __init__(self, data: Any = None, *, cycle: Cycle, today: date, initial: dict[str, Any]) -> None:
        super().__init__(data, initial={"token": uuid4(), **initial})
        self._offer(cycle, today=today)
        self.fields["text"].widget.attrs |= {"autofocus": True, "autocomplete": "off"}
        self.helper = BaseHelper(
            GuardedText("text"),
            "item",
            FieldRow("agency", "due_on"),
            "token",
            Buttons(_("Record the decision")),
            attrs={"data-keep": True},
        )

    def _offer(self, cycle: Cycle, *, today: date) -> None:
        """Offer the items of the cycle, and MAPO and all active agencies (two queries)."""
        self.items = {item.pk: item for item in Item.objects.filter(cycle=cycle).actionable().in_order()}
        agencies = Agency.objects.active().with_people_counts().order_by("code")
        self.agencies = {str(agency.pk): agency for agency in agencies}
        set_choices(self, "item", [("", "—"), *item_choices(self.items.values(), STATUS_KINDS)])
        choices = [(key, _agency_choice(agency)) for key, agency in self.agencies.items()]
        set_choices(self, "agency", [("", "—"), (MAPO, "MAPO"), *choices])
        bound_days(self, "due_on", earliest=today)

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, as the services take it. Call it on a valid form only."""
        typed = {name: self.cleaned_data[name] for name in ("text", "due_on", "identities_reason")}
        item, agency = self.items[self.cleaned_data["item"]], self.agencies.get(self.cleaned_data["agency"])
        return typed | {"item": item, "agency": agency}


def _agency_choice(agency: Any) -> str:
    """Return how an agency is offered: with a word where nobody there could carry the decision out."""
    return agency.label if agency.has_actor else f"{agency.label} ({gettext('No active officer')})"


class CorrectionForm(MeetingDecisionForm):
    """Another wording, item, agency or day for a decision, with the reason."""

    reason = forms.CharField(
        label=_("Reason for the correction"),
        help_text=_("Kept with the former wording. The agency reads it beside its step."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, data: Any = None, *, cycle: Cycle, today: date, initial: dict[str, Any], cancel_url: str
    ) -> None:
        super().__init__(data, cycle=cycle, today=today, initial=initial)
        del self.fields["token"]
        self.helper = BaseHelper(
            GuardedText("text"),
            "item",
            FieldRow("agency", "due_on"),
            GuardedText("reason"),
            Buttons(_("Correct the decision"), cancel_url=cancel_url),
            attrs={"data-keep": True},
        )

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, with the reason."""
        return super().values | {"reason": self.cleaned_data["reason"]}

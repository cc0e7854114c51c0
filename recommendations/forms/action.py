"""Forms of planned steps: shapes only."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from recommendations.models import Assignment
from ui.forms import BaseHelper, Buttons, DateInput, Words


class PlanForm(forms.Form):
    """A dated step with its owner, who is an active person of the agency."""

    text = forms.CharField(
        label=_("What will be done"),
        help_text=_("One step, with its place and number where there is one."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    owner = forms.ModelChoiceField(label=_("Who sees to it"), queryset=User.objects.none(), empty_label=None)
    due_on = forms.DateField(label=_("To be done by"), widget=DateInput)

    def __init__(
        self, data: Any = None, *, assignment: Assignment, person: User, cancel_url: str, **kwargs: Any
    ) -> None:
        super().__init__(data, initial={"owner": person.pk})
        owners = User.objects.in_agency(assignment.agency_id).active().agency_actors()
        self.fields["owner"].queryset = owners.order_by("name", "pk")  # type: ignore[attr-defined]  # a model choice
        self.helper = _helper("text", "owner", "due_on", label=_("Plan step"), cancel_url=cancel_url)


class FinishForm(forms.Form):
    """The day on which a step was done."""

    done_on = forms.DateField(label=_("Done on"), widget=DateInput)

    def __init__(self, data: Any = None, *, today: date, cancel_url: str) -> None:
        super().__init__(data, initial={"done_on": today})
        self.helper = _helper("done_on", label=_("Mark as done"), cancel_url=cancel_url)


def _helper(*fields: str, label: Words, cancel_url: str) -> BaseHelper:
    return BaseHelper(*fields, Buttons(label, cancel_url=cancel_url), attrs={"data-keep": True})

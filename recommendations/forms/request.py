"""Forms of what an agency asks of MAPO, and of who answers for an assignment: shapes only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from recommendations.models import Assignment
from recommendations.states import REASON_LENGTH
from ui.forms import BaseHelper, Buttons, DateInput


class LaterForm(forms.Form):
    """Which later day the agency proposes, and why."""

    proposed_on = forms.DateField(label=_("Proposed date"), widget=DateInput)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("MAPO reads it and decides. Until then the date stands."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, data: Any = None, *, cancel_url: str) -> None:
        super().__init__(data)
        buttons = Buttons(_("Ask for this date"), cancel_url=cancel_url)
        self.helper = BaseHelper("proposed_on", "reason", buttons, attrs={"data-keep": True})


class OfficersForm(forms.Form):
    """Who of the agency answers for the assignment."""

    officers = forms.ModelMultipleChoiceField(
        label=_("Responsible officers"),
        help_text=_(
            "They see the assignment marked as theirs. Every officer of the agency may still act on it."
        ),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: Any = None, *, assignment: Assignment, cancel_url: str) -> None:
        named = list(assignment.officer_links.values_list("user_id", flat=True))
        super().__init__(data, initial={"officers": named})
        people = User.objects.in_agency(assignment.agency_id).active().agency_actors()
        self.fields["officers"].queryset = people.order_by("name", "pk")  # type: ignore[attr-defined]  # a model choice
        buttons = Buttons(_("Save"), cancel_url=cancel_url)
        self.helper = BaseHelper("officers", buttons, attrs={"data-keep": True}, show_optional=False)

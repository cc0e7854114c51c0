"""Forms about planned steps. Shapes only."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from privacy.forms import GuardedText, IdentityGuardForm
from ui.forms import BaseHelper, Buttons, DayField, bound_days, set_queryset


class PlanForm(IdentityGuardForm):
    """A dated step with its owner, who is one of these people."""

    text = forms.CharField(
        label=_("What will be done"),
        help_text=_("One step, with its place and number where there is one."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    owner = forms.ModelChoiceField(
        label=_("Responsible officer"), queryset=User.objects.none(), empty_label=None
    )
    due_on = DayField(label=_("Due date"))
    done_on = DayField(label=_("Done on"), help_text=_("Only if the step is done already."), required=False)

    def __init__(self, data: Any = None, *, people: QuerySet[User], person: User, cancel_url: str) -> None:
        super().__init__(data, initial={"owner": person.pk})
        set_queryset(self, "owner", people)
        buttons = Buttons(_("Plan step"), cancel_url=cancel_url)
        self.helper = BaseHelper(
            GuardedText("text"), "owner", "due_on", "done_on", buttons, attrs={"data-keep": True}
        )


class FinishForm(forms.Form):
    """The day on which a step was done."""

    done_on = DayField(label=_("Done on"))

    def __init__(self, data: Any = None, *, today: date, cancel_url: str) -> None:
        super().__init__(data, initial={"done_on": today})
        bound_days(self, "done_on", latest=today)
        buttons = Buttons(_("Mark as done"), cancel_url=cancel_url)
        self.helper = BaseHelper("done_on", buttons, attrs={"data-keep": True})

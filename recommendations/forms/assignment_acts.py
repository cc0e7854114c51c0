"""Forms of an agency about its assignment: a later date, responsible officers. Shapes only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from privacy.forms import GuardedText, IdentityGuardForm
from recommendations.models import Assignment
from recommendations.states import REASON_LENGTH, OfficersChange
from ui.forms import BaseHelper, Buttons, DayField, set_choices, set_queryset


class LaterForm(IdentityGuardForm):
    """Which later day the agency proposes, and why."""

    proposed_on = DayField(label=_("Proposed date"))
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("MAPO decides. Until then the current date applies."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, data: Any = None, *, cancel_url: str) -> None:
        super().__init__(data)
        buttons = Buttons(_("Ask for this date"), cancel_url=cancel_url)
        self.helper = BaseHelper("proposed_on", GuardedText("reason"), buttons, attrs={"data-keep": True})


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
        set_queryset(self, "officers", _officers_of(assignment))
        buttons = Buttons(_("Save"), cancel_url=cancel_url)
        self.helper = BaseHelper("officers", buttons, attrs={"data-keep": True}, show_optional=False)


class ManyOfficersForm(forms.Form):
    """Which officers are named for the chosen assignments, and what becomes of those named already."""

    officers = forms.MultipleChoiceField(
        label=_("Officers"),
        error_messages={"required": _("Choose at least one officer. Nothing was changed.")},
    )
    change = forms.ChoiceField(label=_("What to do"), choices=OfficersChange.choices)

    def __init__(self, data: Any = None, *, people: Iterable[User]) -> None:
        super().__init__(data)
        set_choices(self, "officers", [(str(person.pk), person.name) for person in people])


def _officers_of(assignment: Assignment) -> Any:
    """Return the people of the assignment's agency who can report, by name."""
    people = User.objects.able_to_act().in_agency(assignment.agency_id)
    return people.order_by("name", "pk")

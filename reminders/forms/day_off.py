"""The form of a day off."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.places import Place
from ui.forms import BaseHelper, Buttons, DateInput

NAME_LENGTH = 120


class DayOffForm(forms.Form):
    """A day, where it holds, and what it is. The service checks whether it is a working day otherwise."""

    day = forms.DateField(label=_("Day"), widget=DateInput)
    place = forms.ChoiceField(
        label=_("State or federal territory"), choices=[("", _("All")), *Place.choices], required=False
    )
    name = forms.CharField(
        label=_("What the day is"), help_text=_("As it was proclaimed."), max_length=NAME_LENGTH
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.helper = BaseHelper("day", "place", "name", Buttons(_("Add the day")), show_optional=False)

"""What a person may choose about their reminders."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Language, User
from reminders.hours import CLOSES, OPENS
from reminders.muting import offered_to
from reminders.states import What
from ui.dates import whole_hour
from ui.forms import BaseHelper, Buttons


class PreferencesForm(forms.Form):
    """Language and hour of the mails, and of which dates the person wants to hear.

    `muted` is what they do not want to hear of, among what is offered to their role.
    """

    language = forms.ChoiceField(label=_("Language of Jejak and its e-mails"), choices=Language.choices)
    hour = forms.TypedChoiceField(
        label=_("Daily e-mail at"),
        choices=lambda: [(hour, whole_hour(hour)) for hour in range(OPENS, CLOSES)],
        coerce=int,
        help_text=_(
            "One e-mail a day at most, on working days, and only when there is something to say. Urgent matters may "
            "come by themselves."
        ),
    )
    heard = forms.MultipleChoiceField(
        label=_("Remind me of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "What you leave out is neither e-mailed nor counted by the bell. Escalations, and nudges from MAPO, always "
            "come."
        ),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offered = offered_to(person)
        self.is_offered_reminders = bool(self._offered)
        fields = ["language", "hour", "heard"]
        if self.is_offered_reminders:
            self.fields["heard"].choices = [(what.value, what.label) for what in self._offered]  # type: ignore[attr-defined]  # a field of choices
        else:
            del self.fields["heard"], self.fields["hour"]
            fields = ["language"]
        self.helper = BaseHelper(*fields, Buttons(_("Save")), show_optional=False)

    @property
    def muted(self) -> list[What]:
        """Of a valid form: what the person left out."""
        return [what for what in self._offered if what.value not in self.cleaned_data["heard"]]

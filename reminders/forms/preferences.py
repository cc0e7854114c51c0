"""What a person may choose about their reminders."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Language, User
from reminders.kinds import ReminderKind
from reminders.permissions import mutable_kinds
from reminders.states import CLOSING_HOUR, OPENING_HOUR
from ui.dates import whole_hour
from ui.forms import BaseHelper, Buttons, set_choices


class PreferencesForm(forms.Form):
    """Language, hour of the daily mail, and of which dates the person wants to be reminded.

    Observers, who get no reminders, choose the language only.
    """

    language = forms.ChoiceField(label=_("Language of Jejak and its e-mails"), choices=Language.choices)
    hour = forms.TypedChoiceField(
        label=_("Daily e-mail at"),
        choices=lambda: [(hour, whole_hour(hour)) for hour in range(OPENING_HOUR, CLOSING_HOUR)],
        coerce=int,
        help_text=_(
            "One e-mail a day at most, on working days, and only when there is something to say. Urgent matters may "
            "come by themselves."
        ),
    )
    kinds = forms.MultipleChoiceField(
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
        self._mutable = mutable_kinds(person)
        fields = ["language", "hour", "kinds"]
        if self.gets_reminders:
            set_choices(self, "kinds", [(kind.value, kind.label) for kind in self._mutable])
        else:
            del self.fields["kinds"], self.fields["hour"]
            fields = ["language"]
        self.helper = BaseHelper(*fields, Buttons(_("Save")), show_optional=False)

    @property
    def gets_reminders(self) -> bool:
        """Whether there is anything that the person could mute."""
        return bool(self._mutable)

    @property
    def muted(self) -> list[ReminderKind]:
        """The kinds that the person did not choose, of a valid form."""
        return [kind for kind in self._mutable if kind.value not in self.cleaned_data["kinds"]]

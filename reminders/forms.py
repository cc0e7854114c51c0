"""Forms of rules, days off, nudges and preferences. They check shapes; services check whether it makes sense."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.fields import LineField
from accounts.models import Language, User
from accounts.regions import Place
from privacy.forms import GuardedText, IdentityGuardForm
from reminders.kinds import RULE_KINDS, ReminderKind
from reminders.models import LINE_LENGTH
from reminders.permissions import mutable_kinds
from reminders.rules.checks import RuleValues
from reminders.states import CLOSING_HOUR, MAX_RULE_DAYS, OPENING_HOUR, Audience
from ui.dates import whole_hour
from ui.forms import (
    BaseHelper,
    Buttons,
    DayField,
    FieldRow,
    Fieldset,
    Include,
    WholeNumber,
    set_choices,
)

BEFORE, AFTER = "before", "after"
SIDES = [
    (BEFORE, pgettext_lazy("working days", "before the date")),
    (AFTER, pgettext_lazy("working days", "after the date")),
]
#: The fields of days that are typed as a number, each with the field of its side.
SIDE_OF = {"first_days": "first_side", "coordinator_days": "coordinator_side", "mapo_days": "mapo_side"}


#: What stands where nothing is chosen yet.
_EMPTY = ("", _("Choose…"))


def _number(label: Any, *, least: int = 0, hint: Any = "", required: bool = False) -> WholeNumber:
    return WholeNumber(label=label, help_text=hint, least=least, most=MAX_RULE_DAYS, required=required)


def _side(label: Any, *, usual: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=SIDES, initial=usual)


class ReleaseForm(forms.Form):
    """What becomes of the mails that waited when mail was held back."""

    give_up = forms.TypedChoiceField(
        label=_("The e-mails that wait"),
        choices=[
            ("no", _("Send them: they were not sent before the restore")),
            ("yes", _("Do not send them: they were sent before the restore, or are out of date")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.helper = BaseHelper("give_up", Buttons(_("Release e-mail")))


class RuleForm(forms.Form):
    """The values of a rule. `seen` is the mark of the values that the form was made with; empty for a new rule."""

    what = forms.ChoiceField(
        label=_("Date"), choices=[_EMPTY, *((kind.value, kind.label) for kind in RULE_KINDS)]
    )
    audience = forms.ChoiceField(label=_("Who is reminded first"), choices=[_EMPTY, *Audience.choices])
    first_days = _number(_("First time: working days"), hint=_("0 means the day itself."), required=True)
    first_side = _side(_("First time: before or after"), usual=BEFORE)
    every_days = _number(_("Repeat every … working days"), least=1, hint=_("Leave empty to remind once."))
    times = _number(_("Up to … more times"), least=1, hint=_("Leave empty to repeat until it is done."))
    coordinator_days = _number(
        _("Coordinators: working days"), hint=_("Leave empty if nobody else should be told.")
    )
    coordinator_side = _side(_("Coordinators: before or after"), usual=AFTER)
    mapo_days = _number(_("MAPO: working days"), hint=_("Leave empty if nobody else should be told."))
    mapo_side = _side(_("MAPO: before or after"), usual=AFTER)
    is_urgent = forms.BooleanField(
        label=_("Send at once"),
        help_text=_("Outside the daily digest, on working days between 7 am and 6 pm."),
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, values: RuleValues | None = None, cancel_url: str) -> None:
        super().__init__(data, initial=_typed(values) if values else {})
        self.helper = BaseHelper(
            FieldRow("what", "audience"),
            FieldRow("first_days", "first_side"),
            Fieldset(_("Repeat"), FieldRow("every_days", "times")),
            Fieldset(
                _("Escalation"),
                FieldRow("coordinator_days", "coordinator_side"),
                FieldRow("mapo_days", "mapo_side"),
                hint=_(
                    "Escalations also go to these people, as often as the rule says, and cannot be muted."
                ),
            ),
            "is_urgent",
            "seen",
            Buttons(_("Save the rule"), name="act", value="save", cancel_url=cancel_url),
            Include("reminders/_rule_look.html"),
            # Keyed by the mark, so that typing kept from an older state of the rule is not restored over a newer one.
            attrs={
                "data-keep": True,
                "data-keep-key": f"rule {self['seen'].value() or 'new'}",
                "data-live-form": True,
                "data-live-act": "look",
                "data-failed": _("The preview could not be updated. Press “Show what it would do”."),
            },
        )

    def values(self) -> RuleValues:
        """Return what was typed in a valid form."""
        typed = {name: self.cleaned_data[name] for name in RuleValues.names()}
        for name, side in SIDE_OF.items():
            if typed[name] is not None and self.cleaned_data[side] == BEFORE:
                typed[name] = -typed[name]
        return RuleValues(**typed)


def _typed(values: RuleValues) -> dict[str, Any]:
    """Return the values as the form's fields have them, with the mark."""
    typed = values.values
    for name, side in SIDE_OF.items():
        if typed[name] is not None:
            typed |= {name: abs(typed[name]), side: BEFORE if typed[name] < 0 else AFTER}
    return typed | {"seen": values.mark}


NAME_LENGTH = 120


class DayOffForm(forms.Form):
    """A day, where it holds, and what it is. The service checks whether it is a working day otherwise."""

    day = DayField(label=_("Day"))
    place = forms.ChoiceField(
        label=_("State or federal territory"), choices=[("", _("All")), *Place.choices], required=False
    )
    name = LineField(
        label=_("Name of the day off"), help_text=_("As it was proclaimed."), max_length=NAME_LENGTH
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.helper = BaseHelper("day", "place", "name", Buttons(_("Add the day")), show_optional=False)


class NudgeForm(IdentityGuardForm):
    """MAPO's own line, which may be empty."""

    line = LineField(
        label=_("Your note (one line)"),
        help_text=_(
            "It is sent by e-mail as written: do not write anything classified or names of victims. The "
            "e-mail already contains the item and the link to the form."
        ),
        max_length=LINE_LENGTH,
        required=False,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.helper = BaseHelper(GuardedText("line"), form_tag=False)


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
            "At most one e-mail a day, on working days, and only when something is due. Urgent matters "
            "may come separately."
        ),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Remind me of"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Reminders that you leave out are not e-mailed or counted by the bell. You always get "
            "escalations and nudges from MAPO."
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

"""The form of a rule. Days are typed as a number and a side of the date; services check whether the rule makes sense."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reminders.kinds import RULE_KINDS
from reminders.rules.checks import RuleValues
from reminders.states import MAX_RULE_DAYS, Audience
from ui.forms import BaseHelper, Buttons, FieldRow, Fieldset, Include, WholeNumber, set_choices

BEFORE, AFTER = "before", "after"
SIDES = [
    (BEFORE, pgettext_lazy("working days", "before the date")),
    (AFTER, pgettext_lazy("working days", "after the date")),
]
#: The fields of days that are typed as a number, each with the field of its side.
SIDE_OF = {"first_days": "first_side", "coordinator_days": "coordinator_side", "mapo_days": "mapo_side"}


def _number(label: Any, *, least: int = 0, hint: Any = "", required: bool = False) -> WholeNumber:
    return WholeNumber(label=label, help_text=hint, least=least, most=MAX_RULE_DAYS, required=required)


def _side(label: Any, *, usual: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=SIDES, initial=usual)


class RuleForm(forms.Form):
    """The values of a rule. `seen` is the mark of the values that the form was made with; empty for a new rule."""

    what = forms.ChoiceField(label=_("Date"))
    audience = forms.ChoiceField(label=_("Who is told first"))
    first_days = _number(
        _("First time: working days"), hint=_("0 is the day itself, whichever side is chosen."), required=True
    )
    first_side = _side(_("First time: side of the date"), usual=BEFORE)
    every_days = _number(_("Repeat every … working days"), least=1, hint=_("Leave it empty to say it once."))
    times = _number(_("At most … times more"), least=1, hint=_("Leave it empty to go on until it is done."))
    coordinator_days = _number(_("Coordinators: working days"), hint=_("Leave it empty to tell nobody else."))
    coordinator_side = _side(_("Coordinators: side of the date"), usual=AFTER)
    mapo_days = _number(_("MAPO: working days"), hint=_("Leave it empty to tell nobody else."))
    mapo_side = _side(_("MAPO: side of the date"), usual=AFTER)
    is_urgent = forms.BooleanField(
        label=_("Goes out at once"),
        help_text=_("Outside the daily digest, on working days between 7 am and 6 pm."),
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, values: RuleValues | None = None, cancel_url: str) -> None:
        super().__init__(data, initial=_typed(values) if values else {})
        empty = [("", _("Choose…"))]
        set_choices(self, "what", [*empty, *((kind.value, kind.label) for kind in RULE_KINDS)])
        set_choices(self, "audience", [*empty, *Audience.choices])
        self.helper = BaseHelper(
            FieldRow("what", "audience"),
            FieldRow("first_days", "first_side"),
            Fieldset(_("Again"), FieldRow("every_days", "times")),
            Fieldset(
                _("Escalation"),
                FieldRow("coordinator_days", "coordinator_side"),
                FieldRow("mapo_days", "mapo_side"),
                hint=_("Escalations go to these as well, as often as the rule says, and cannot be muted."),
            ),
            "is_urgent",
            "seen",
            Buttons(_("Save the rule"), name="act", value="save", cancel_url=cancel_url),
            Include("reminders/_rule_look.html"),
            # Keyed by the mark, so that typing kept from an older state of the rule is not restored over a newer one.
            attrs={"data-keep": True, "data-keep-key": f"rule {self['seen'].value() or 'new'}"},
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

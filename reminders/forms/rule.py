"""The form of a rule. Days are typed as a number and a side of the date; services check whether the rule makes sense."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reminders.kinds import RULE_KINDS
from reminders.rules.checks import RuleValues
from reminders.states import MAX_RULE_DAYS, Audience
from ui.forms import BaseHelper, Buttons, FieldRow, Fieldset, Include, WholeNumber

BEFORE, AFTER = "before", "after"
SIDES = [
    (BEFORE, pgettext_lazy("working days", "before the date")),
    (AFTER, pgettext_lazy("working days", "after the date")),
]
#: The values that are typed as a number and a side, and how the names of their fields begin.
SIDED = {"first_days": "first", "coordinator_days": "coordinator", "mapo_days": "mapo"}
#: The fields at which problems of these values are shown.
_FIELD_OF = {value: f"{name}_number" for value, name in SIDED.items()}


def _number(label: Any, *, least: int = 0, hint: Any = "", required: bool = False) -> WholeNumber:
    return WholeNumber(label=label, help_text=hint, least=least, most=MAX_RULE_DAYS, required=required)


def _side(label: Any, *, usual: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=SIDES, initial=usual)


class RuleForm(forms.Form):
    """The values of a rule. `seen` is the mark of the values that the form was made with; empty for a new rule."""

    what = forms.ChoiceField(label=_("Date"))
    audience = forms.ChoiceField(label=_("Who is told first"))
    first_number = _number(
        _("First time: working days"), hint=_("0 is the day itself, whichever side is chosen."), required=True
    )
    first_side = _side(_("First time: side of the date"), usual=BEFORE)
    every_days = _number(_("Repeat every … working days"), least=1, hint=_("Leave it empty to say it once."))
    times = _number(_("At most … times more"), least=1, hint=_("Leave it empty to go on until it is done."))
    coordinator_number = _number(
        _("Coordinators: working days"), hint=_("Leave it empty to tell nobody else.")
    )
    coordinator_side = _side(_("Coordinators: side of the date"), usual=AFTER)
    mapo_number = _number(_("MAPO: working days"), hint=_("Leave it empty to tell nobody else."))
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
        self.fields["what"].choices = [*empty, *((kind.value, kind.label) for kind in RULE_KINDS)]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["audience"].choices = [*empty, *Audience.choices]  # type: ignore[attr-defined]  # a ChoiceField
        self.helper = BaseHelper(
            FieldRow("what", "audience"),
            FieldRow("first_number", "first_side"),
            Fieldset(_("Again"), FieldRow("every_days", "times")),
            Fieldset(
                _("Escalation"),
                FieldRow("coordinator_number", "coordinator_side"),
                FieldRow("mapo_number", "mapo_side"),
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
        typed = self.cleaned_data
        return RuleValues(
            what=typed["what"],
            audience=typed["audience"],
            first_days=_signed(typed["first_number"], typed["first_side"]) or 0,
            every_days=typed["every_days"],
            times=typed["times"],
            coordinator_days=_signed(typed["coordinator_number"], typed["coordinator_side"]),
            mapo_days=_signed(typed["mapo_number"], typed["mapo_side"]),
            is_urgent=typed["is_urgent"],
        )

    def add_problems(self, problems: Mapping[str | None, str] | Mapping[str, str]) -> None:
        """Add each problem of a rule as an error of the field that it is about."""
        for name, reason in problems.items():
            self.add_error(_FIELD_OF.get(name or "", name), reason)


def _signed(number: int | None, side: str) -> int | None:
    return number if number is None or side == AFTER else -number


def _typed(values: RuleValues) -> dict[str, Any]:
    """Return the values as the form's fields have them, with the mark."""
    typed = {name: value for name, value in values.values.items() if name not in SIDED}
    for value, name in SIDED.items():
        days = getattr(values, value)
        if days is not None:
            typed |= {f"{name}_number": abs(days), f"{name}_side": BEFORE if days < 0 else AFTER}
    return typed | {"seen": values.mark}

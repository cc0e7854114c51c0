"""The forms of a target and of a figure's revision. Shapes only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from indicators.models import Figure, Indicator, Target
from indicators.numbers import UnreadableNumber, plain, read_number
from indicators.states import TEXT_LENGTH, Unit
from privacy.forms import GuardedText, IdentityGuardForm
from recommendations.models import Cycle
from recommendations.states import REASON_LENGTH
from ui.forms import BaseHelper, Buttons, DayField, FieldRow, bound_days


class NumberField(forms.CharField):
    """A number of a unit as people type it; `indicators.numbers` says what is read."""

    unit = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=TEXT_LENGTH, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        """Return the number."""
        text = super().clean(value)
        try:
            return read_number(text, unit=self.unit) if text else None
        except UnreadableNumber as problem:
            raise ValidationError(str(problem), code="invalid") from problem


def counted_in(indicator: Indicator) -> str:
    """Return what the numbers of an indicator are numbers of."""
    return gettext("Counted in: %(unit)s") % {"unit": Unit(indicator.unit).label}


class TargetForm(IdentityGuardForm):
    """What an indicator shall reach in a cycle, by when, and why."""

    number = NumberField(label=pgettext_lazy("target", "Number"))
    due_on = DayField(
        label=_("By"),
        help_text=_("Figures are reported by month, so the last day of a month serves best."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The agency that answers for the figures reads it, and MAPO."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        indicator: Indicator,
        cycle: Cycle,
        standing: Target | None,
        cancel_url: str,
    ) -> None:
        initial: dict[str, Any] = {"due_on": cycle.window_end}
        if standing:
            initial = {"number": plain(standing.number), "due_on": standing.due_on}
        super().__init__(data, initial=initial)
        field = self.fields["number"]
        assert isinstance(field, NumberField)
        field.unit, field.help_text = indicator.unit, counted_in(indicator)
        bound_days(self, "due_on", earliest=cycle.window_start, latest=cycle.window_end)
        self.helper = BaseHelper(
            FieldRow("number", "due_on"),
            GuardedText("reason"),
            Buttons(_("Set the target"), cancel_url=cancel_url),
            attrs={"data-keep": True},
        )


class RevisionForm(IdentityGuardForm):
    """Another number for a figure, and why."""

    text = forms.CharField(label=_("New figure"), max_length=TEXT_LENGTH)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept with the figure; the agency that answers for it reads it, and MAPO."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, figure: Figure, cancel_url: str) -> None:
        super().__init__(data)
        self.fields["text"].help_text = counted_in(figure.series.indicator)
        self.fields["text"].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}
        self.helper = BaseHelper(
            "text",
            GuardedText("reason"),
            Buttons(_("Revise the figure"), cancel_url=cancel_url),
            attrs={"data-keep": True},
        )

"""Forms of the audit trail. They check shape only: `audit.trail` gives the filter its meaning."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from audit import labels
from audit.labels import Words
from ui.forms import DayField, bound_days, set_choices

_EVERY = ("", _("All"))


class DemoDayForm(forms.Form):
    """The day to which a demonstration moves. `demo.move_on` says which days are allowed."""

    day = DayField(label=_("Move to"))

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"day": today + timedelta(days=1)})
        bound_days(self, "day", earliest=today + timedelta(days=1))


class TrailFilter(forms.Form):
    """The filter of the trail. Every field may stay empty; days are those of Kuala Lumpur, both included."""

    person = forms.CharField(label=_("Person"), required=False, max_length=200)
    agency = forms.TypedChoiceField(label=_("Agency"), required=False, coerce=int, empty_value=None)
    action = forms.ChoiceField(label=_("Event"), required=False)
    kind = forms.ChoiceField(label=_("Kind of object"), required=False)
    number = forms.CharField(label=_("Object number"), required=False, max_length=64)
    item = forms.TypedChoiceField(label=_("Item"), required=False, coerce=int, empty_value=None)
    since = DayField(label=_("From day"), required=False)
    until = DayField(label=_("To day"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, offered in labels.offered_choices.items():
            set_choices(self, name, [_EVERY, *offered()])
        set_choices(self, "action", [_EVERY, *_by_label(labels.ACTIONS)])
        set_choices(self, "kind", [_EVERY, *_by_label(labels.OBJECTS)])

    def clean(self) -> dict[str, Any]:
        """Refuse a first day after the last one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day is before the first. Swap them."))
        return cleaned


def _by_label(labels: dict[str, Words]) -> list[tuple[str, Words]]:
    """Return the choices ordered by their label."""
    return sorted(labels.items(), key=lambda pair: str(pair[1]).casefold())

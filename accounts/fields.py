"""What several forms ask for: one line of text, an agency, a colleague."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.texts import seen_line
from ui import dates


class LineField(forms.CharField):
    """A text on one line, whatever is pasted: line breaks become spaces, what nobody sees is taken out."""

    def to_python(self, value: Any) -> Any:
        return seen_line(super().to_python(value) or "")


class AgencyChoice(forms.ModelChoiceField):
    """Agencies by code and name, in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class PersonChoice(forms.ModelChoiceField):
    """People by name and role, and when they are away themselves."""

    def label_from_instance(self, obj: Any) -> str:
        parts = [obj.name, obj.get_role_display()]
        if obj.absences:
            days = [dates.day_range(row.from_on, row.until_on) for row in obj.absences]
            parts.append(str(_("away %(days)s") % {"days": ", ".join(dict.fromkeys(days))}))
        return " · ".join(parts)

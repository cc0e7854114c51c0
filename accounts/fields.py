"""What several forms use: fields for one line of text, an agency, a colleague; and forms of rows that services write."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ui import dates
from ui.invisible_characters import visible_line


class LineField(forms.CharField):
    """A text on one line: line breaks become spaces, invisible characters are removed."""

    def to_python(self, value: Any) -> Any:
        return visible_line(super().to_python(value) or "")


class AgencyChoice(forms.ModelChoiceField):
    """Choose an agency by code and name, in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.label)


class PersonChoice(forms.ModelChoiceField):
    """Choose a person by name and role, with their own absences."""

    def label_from_instance(self, obj: Any) -> str:
        parts = [obj.name, obj.get_role_display()]
        if obj.absences:
            days = [dates.day_range(row.from_on, row.until_on) for row in obj.absences]
            parts.append(str(_("away %(days)s") % {"days": ", ".join(dict.fromkeys(days))}))
        return " · ".join(parts)


class ServiceModelForm(forms.ModelForm):
    """A model form that checks what is typed and leaves the instance alone: a service writes the row."""

    def _post_clean(self) -> None:
        """Set nothing on the instance."""

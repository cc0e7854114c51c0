"""A form field for a file of which every byte was kept, so that a full disk is not taken for a bad file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

NO_ROOM = "no_room"


class WholeFileField(forms.FileField):
    """Refuses a file that the server did not keep whole, in the words of whoever received it (`not_kept`)."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the file. Raises ValidationError."""
        if reason := getattr(data, "not_kept", ""):
            raise ValidationError(reason, code=NO_ROOM)
        return super().clean(data, initial)


def refused_status(form: forms.BaseForm, usual: int) -> int:
    """Return the status of the page with a refused form: that of a full disk, or the usual one."""
    is_full = any(form.has_error(name, NO_ROOM) for name in form.fields)
    return 507 if is_full else usual

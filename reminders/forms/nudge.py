"""The form of a nudge: MAPO's own line. The service checks whom it reaches, and how often."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import LineField
from reminders.models.nudge import LINE_LENGTH
from ui.forms import BaseHelper, CountedText


class NudgeForm(forms.Form):
    """MAPO's own line, which may be empty."""

    line = LineField(
        label=_("Your own line"),
        help_text=_(
            "It goes out by e-mail as it stands: write nothing classified, and name no victim. The item and the link "
            "to the form are in the mail anyway."
        ),
        max_length=LINE_LENGTH,
        required=False,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.helper = BaseHelper(CountedText("line"), form_tag=False)

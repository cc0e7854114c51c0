"""What is announced of a meeting. Shapes only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.fields import LineField
from meetings.models import MeetingDetails
from meetings.states import ATTENDANCE_LENGTH, NUMBER_LENGTH, VENUE_LENGTH
from privacy.forms import GuardedText, IdentityGuardForm
from ui.forms import BaseHelper, Buttons, DayField, FieldRow

#: How a time is typed where the browser has no field for it.
TIME_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S"]


class MeetingForm(forms.Form):
    """Number, date, time and place of a meeting. `seen` is the mark of its details when the form was made."""

    number = LineField(
        label=_("Number"),
        help_text=_("As the minutes name it, for example Mesyuarat MAPO Bil. 3/2023."),
        max_length=NUMBER_LENGTH,
    )
    meets_on = DayField(label=_("Date"))
    begins = forms.TimeField(
        label=pgettext_lazy("of day", "Time"),
        input_formats=TIME_FORMATS,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("Give a time from 0:00 to 23:59, for example 14:30.")},
    )
    venue = LineField(label=_("Place"), max_length=VENUE_LENGTH)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, initial: dict[str, Any], verb: Any, cancel_url: str, seen: str = ""
    ) -> None:
        super().__init__(data, initial={**initial, "seen": seen})
        self.helper = BaseHelper(
            "number",
            FieldRow("meets_on", "begins"),
            "venue",
            "seen",
            Buttons(verb, cancel_url=cancel_url),
            attrs={"data-keep": True},
        )

    def details(self) -> MeetingDetails:
        """Return what was typed. Call it on a valid form only."""
        return MeetingDetails(**{name: self.cleaned_data[name] for name in MeetingDetails.names()})


class AttendanceForm(IdentityGuardForm):
    """Who is present at a meeting. `seen` is the mark of what the page says of the meeting."""

    attendance = forms.CharField(
        label=_("Who is present"),
        required=False,
        max_length=ATTENDANCE_LENGTH,
        help_text=_(
            "A line for each agency: its code and the names. It can be completed until the minutes are closed."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, verb: str, cancel_url: str, seen: str, attendance: str = ""
    ) -> None:
        self.is_outdated = data is not None and data.get("seen", seen) != seen
        if self.is_outdated:
            # The page around the form shows what stands now: whoever sends it again has seen that.
            data = data.copy()
            data["seen"] = seen
        super().__init__(data, initial={"attendance": attendance, "seen": seen})
        self.helper = BaseHelper(
            GuardedText("attendance"), "seen", Buttons(verb, cancel_url=cancel_url), attrs={"data-keep": True}
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a form that was made for what stood before."""
        if self.is_outdated:
            self.add_error(
                None,
                _(
                    "Something changed after you opened this page. Nothing was done: the page shows what is recorded now, and "
                    "your text is kept here."
                ),
            )
        return {name: value for name, value in super().clean().items() if name != "seen"}

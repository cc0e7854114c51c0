"""Forms of the cycles: dates and thresholds, cycle files, reasons. They check shapes only."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cycles.services import CycleSettings
from privacy.forms import GuardedText, IdentityGuardForm
from recommendations.states import REASON_LENGTH
from ui.forms import BaseHelper, Buttons, DayField, FieldRow, Fieldset, Suffixed, WholeNumber
from ui.whole_files import WholeFileField

#: The longest threshold: a year, as in a cycle file.
MAX_DAYS = 366
#: A cycle file has some 30 KB. An upload is read while somebody waits, so it must be short.
MAX_FILE_BYTES = 256 * 1024


def _days(label: Any, hint: Any) -> WholeNumber:
    return WholeNumber(label=label, help_text=hint, least=1, most=MAX_DAYS)


#: The longest tier and source, as in a cycle file.
TIER_LENGTH, SOURCE_LENGTH = 80, 200


#: The texts of the form by their legend.
_TEXTS = (
    (_("Source of the date for information"), ("submission_source_ms", "submission_source_en")),
    (_("Tier of the year before"), ("tier_before_ms", "tier_before_en")),
    (_("Tier in this report"), ("tier_after_ms", "tier_after_en")),
)


def _text(label: Any, length: int, *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=required)


class CycleForm(IdentityGuardForm):
    """Dates, thresholds and tiers of a cycle. `seen` is the mark of the cycle's settings when the form was made."""

    window_start = DayField(label=_("Window start"))
    window_end = DayField(label=_("Window end"))
    interim_on = DayField(label=_("Interim date"))
    submission_on = DayField(label=_("Information due"))
    cadence_days = _days(_("Days between updates"), _("For assignments without their own frequency."))
    due_soon_days = _days(
        _("Due soon"), _("Number of days before the due date from which an update is due soon.")
    )
    stale_after_days = _days(
        _("Stale"), _("Number of days without an accepted update after which an assignment is stale.")
    )
    tier_before_ms = _text("Bahasa Melayu", TIER_LENGTH)
    tier_before_en = _text("English", TIER_LENGTH)
    tier_after_ms = _text("Bahasa Melayu", TIER_LENGTH)
    tier_after_en = _text("English", TIER_LENGTH)
    submission_source_ms = _text("Bahasa Melayu", SOURCE_LENGTH, required=False)
    submission_source_en = _text("English", SOURCE_LENGTH, required=False)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept with the change and shown on the cycle’s page."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, strip=False)

    def __init__(self, data: Any = None, *, settings: CycleSettings, cancel_url: str) -> None:
        super().__init__(data, initial={**settings.values, "seen": settings.mark})
        self.helper = BaseHelper(
            FieldRow("window_start", "window_end", legend=_("Assessment window")),
            FieldRow("interim_on", "submission_on"),
            Fieldset(
                _("Reporting frequency"),
                Suffixed("cadence_days", _("days")),
                Suffixed("due_soon_days", _("days")),
                Suffixed("stale_after_days", _("days")),
            ),
            *(FieldRow(*(GuardedText(name) for name in names), legend=legend) for legend, names in _TEXTS),
            GuardedText("reason"),
            "seen",
            Buttons(_("See the effects"), name="act", value="look", cancel_url=cancel_url),
            attrs={"data-keep": True},
            show_optional=False,
        )

    def clean(self) -> dict[str, Any]:
        """Add the problems that the dates have with each other, at their fields."""
        values = super().clean() or {}
        for name in ("reason", *(name for _legend, names in _TEXTS for name in names)):
            self.refuse_identities(name)
        if not self.errors:
            for name, problem in self.settings().problems.items():
                self.add_error(name, str(problem))
        return values

    def settings(self) -> CycleSettings:
        """Return what was typed. Call it on a valid form only."""
        return CycleSettings(**{name: self.cleaned_data[name] for name in CycleSettings.names()})


class CycleFileForm(forms.Form):
    """Asks for a cycle file to check."""

    file = WholeFileField(
        label=_("Cycle file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, cancel_url: str) -> None:
        super().__init__(data, files)
        #: The name of the file, for problems and the record; set once the form is valid.
        self.file_name = ""
        self.fields["file"].help_text = gettext(
            "YAML, UTF-8, up to %(size)s KB. Nothing is loaded yet: you see a preview first."
        ) % {"size": MAX_FILE_BYTES // 1024}
        buttons = Buttons(_("Check the file"), name="act", value="look", cancel_url=cancel_url)
        self.helper = BaseHelper(
            "file", buttons, attrs={"enctype": "multipart/form-data"}, show_optional=False
        )

    def clean_file(self) -> bytes:
        """Return the bytes of the file. Reads no more than `MAX_FILE_BYTES` and one."""
        upload: UploadedFile = self.cleaned_data["file"]
        self.file_name = (upload.name or "")[:100]
        data = upload.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise ValidationError(
                gettext("The file is larger than %(size)s KB; a cycle file is smaller.")
                % {"size": MAX_FILE_BYTES // 1024}
            )
        return data


class LoadForm(forms.Form):
    """Carries the checked file, so that loading needs no second upload. The file is checked again when it is loaded."""

    name = forms.CharField(max_length=100, widget=forms.HiddenInput)
    file = forms.CharField(widget=forms.HiddenInput)
    is_confirmed = forms.BooleanField(
        label=_("This is the right file: load it although another cycle is like it"), required=False
    )

    def clean_file(self) -> bytes:
        """Return the bytes that were checked before."""
        try:
            data = base64.b64decode(self.cleaned_data["file"], validate=True)
        except binascii.Error as error:
            raise ValidationError(_("The file could not be uploaded. Choose it again.")) from error
        if len(data) > MAX_FILE_BYTES:
            raise ValidationError(_("The file could not be uploaded. Choose it again."))
        return data

    @classmethod
    def carrying(cls, data: bytes, *, name: str) -> LoadForm:
        """Return a form that holds these bytes."""
        return cls(initial={"name": name, "file": base64.b64encode(data).decode()})

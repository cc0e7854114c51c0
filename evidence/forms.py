"""Forms about files. They check shape only and never save."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.clearance import Clearance, highest_class, usual_class
from accounts.fields import LineField
from accounts.forms import AgencyChoice
from accounts.models import Agency, User
from evidence.judging import accepted_extensions
from evidence.models import Document
from evidence.names import clean_name
from evidence.states import DocumentState, ScanState
from privacy.checks import identities_in_names
from privacy.forms import IdentityGuardForm
from privacy.redaction import redact_file_name
from ui.forms import BaseHelper, Buttons, DayField, FieldRow, set_choices, set_queryset
from ui.numbers import file_size

SCAN_CHOICES = [("", _("All")), ("held", pgettext_lazy("scan", "All held files")), *ScanState.choices]
STATE_CHOICES = [
    ("", _("All")),
    (DocumentState.KEPT, DocumentState.KEPT.label),
    (DocumentState.WITHDRAWN, DocumentState.WITHDRAWN.label),
    (DocumentState.REPLACED, DocumentState.REPLACED.label),
    ("sealed", pgettext_lazy("document", "Sealed")),
]


def storable_classes(user: User) -> list[Clearance]:
    """Return the classes that this person may upload: up to the ceiling and to their own clearance."""
    return [level for level in Clearance if level <= highest_class(user)]


def paper_classes() -> list[Clearance]:
    """Return the classes above the ceiling, of which only a reference number is kept."""
    return [level for level in Clearance if level > settings.CLASSIFICATION_CEILING]


class DescriptionForm(forms.Form):
    """The class, among `levels`, and the dates that a file is evidence of."""

    evidence_from = DayField(label=_("Evidence from"), required=False)
    evidence_to = DayField(label=_("Evidence to"), required=False)
    #: Fields that are shown where the name of the file seems to identify a person.
    asked_of_name: tuple[str, ...] = ()

    def __init__(self, *args: Any, levels: Iterable[Clearance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ceiling = Clearance(settings.CLASSIFICATION_CEILING).label
        self.fields["classification"] = forms.TypedChoiceField(
            label=_("Classification"),
            choices=[(level.value, level.label) for level in levels],
            coerce=int,
            error_messages={
                "invalid_choice": _(
                    "You cannot store a file of that classification here. Files above %(ceiling)s are not stored "
                    "at all: register the paper file's reference number instead."
                )
                % {"ceiling": ceiling}
            },
        )
        self.lay_out(Buttons(_("Save"), tone="small"))

    def lay_out(self, buttons: Buttons) -> None:
        """Show the fields that the form has by now, the two dates beside each other, above the buttons."""
        names = ("agency", "file", *self.asked_of_name, "reference_number", "classification")
        shown = (name for name in names if name in self.fields)
        self.helper = BaseHelper(*shown, FieldRow("evidence_from", "evidence_to"), buttons)


class DocumentUploadForm(DescriptionForm, IdentityGuardForm):
    """A file with its description; MAPO also chooses the agency.

    Where the name of the file seems to identify a person, it is stored under a name without these words, or with a reason.
    """

    redact_name = forms.BooleanField(
        label=_("Store it under a name without these words"),
        required=False,
        help_text=_("Words such as “[name]” take their place in the name."),
    )

    def __init__(self, *args: Any, user: User, cancel_url: str, verb: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, levels=storable_classes(user), **kwargs)
        self.fields["file"] = forms.FileField(
            label=_("File"),
            allow_empty_file=True,
            help_text=_(
                "PDF, Word, Excel, PowerPoint, OpenDocument, JPEG, PNG, CSV, TXT or EML, up to %(limit)s."
            )
            % {"limit": file_size(settings.MAX_UPLOAD_BYTES)},
            error_messages={
                "required": _("Choose a file. If you chose one, its upload failed: choose it again.")
            },
            widget=forms.FileInput(attrs={"accept": ",".join(accepted_extensions())}),
        )
        self.fields["classification"].initial = usual_class(user).value
        self.fields["identities_reason"].label = _("Reason to keep the name of the file as it is")
        self.fields["identities_reason"].help_text = _(
            "Only if this person is not a victim, or must be named. MAPO can read the reason, and it stays in the audit trail."
        )
        upload = self.files.get("file")
        if upload is not None and identities_in_names([clean_name(upload.name or "")]):
            self.asked_of_name = ("redact_name", "identities_reason")
        ask_whose(self, user)
        self.lay_out(Buttons(verb or _("Add evidence"), cancel_url=cancel_url))

    def clean(self) -> dict[str, Any]:
        """Take from the name what seems to identify a person, if that was chosen."""
        cleaned = super().clean()
        if cleaned.pop("redact_name", False) and "file" in cleaned:
            cleaned["file"].name = redact_file_name(clean_name(cleaned["file"].name or ""))
        return cleaned


class ReplacementForm(DocumentUploadForm):
    """A new file in the place of an old one: same agency, and the old description to start from."""

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, verb=_("Replace"), **kwargs)
        self.fields.pop("agency", None)
        for name in ("classification", "evidence_from", "evidence_to"):
            self.fields[name].initial = getattr(document, name)


class ReferenceForm(DescriptionForm):
    """The reference number of a paper file whose class is above the ceiling."""

    def __init__(self, *args: Any, user: User, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, levels=paper_classes(), **kwargs)
        self.fields["reference_number"] = LineField(
            label=_("Reference number of the paper file"),
            max_length=100,
            help_text=_("Only the number: no title, no names, nothing of the content."),
        )
        ask_whose(self, user)
        self.lay_out(Buttons(_("Register"), cancel_url=cancel_url))


class DocumentFilterForm(forms.Form):
    """Filters the list; every field may stay empty."""

    text = forms.CharField(label=_("Name"), required=False, max_length=100, widget=forms.TextInput)
    agency = AgencyChoice(
        label=_("Agency"), queryset=Agency.objects.none(), required=False, empty_label=_("All")
    )
    classification = forms.TypedChoiceField(
        label=_("Classification"), required=False, coerce=int, empty_value=None
    )
    scan = forms.ChoiceField(label=_("Scan"), required=False, choices=SCAN_CHOICES)
    state = forms.ChoiceField(label=_("Status"), required=False, choices=STATE_CHOICES)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = [(level.value, level.label) for level in Clearance if level <= user.clearance]
        set_choices(self, "classification", [("", _("All")), *shown])
        for field in self.fields.values():
            field.widget.attrs["class"] = "select" if hasattr(field, "choices") else "input"
        if user.is_mapo:
            set_queryset(self, "agency", Agency.objects.order_by("code"))
        else:
            del self.fields["agency"]


def ask_whose(form: forms.Form, user: User) -> None:
    """Add the choice of an agency for MAPO; everybody else adds for their own, whatever they post."""
    if user.is_mapo:
        form.fields["agency"] = AgencyChoice(
            label=_("Agency"), queryset=Agency.objects.active().order_by("code"), empty_label=_("Choose")
        )

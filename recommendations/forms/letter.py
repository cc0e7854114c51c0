"""What an agency reported by letter, as MAPO types it in: shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clearance import Clearance
from accounts.fields import LineField
from accounts.models import User
from privacy.forms import GuardedText
from recommendations.forms.update import ContentForm
from recommendations.models import Assignment
from recommendations.states import NARRATIVE_LENGTH, STATUS_ICONS, Status
from submissions.forms import DocumentIds, SeveralFiles, classes_for
from ui.forms import (
    BaseHelper,
    Buttons,
    DayField,
    FieldRow,
    Fieldset,
    Include,
    RadioCards,
    Suffixed,
    WholeNumber,
    set_choices,
)


class LetterForm(ContentForm):
    """The letter's own reference and date, and what it reports."""

    reference = LineField(label=gettext_lazy("Reference of the letter"), max_length=120)
    letter_on = DayField(label=gettext_lazy("Date of the letter"))
    status = forms.ChoiceField(
        label=gettext_lazy("Status according to the letter"), choices=Status.choices, widget=forms.RadioSelect
    )
    percent = WholeNumber(label=gettext_lazy("Percentage completed"), least=0, most=100)
    narrative = forms.CharField(
        label=gettext_lazy("Description"),
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": NARRATIVE_LENGTH}),
    )
    covers_from = DayField(label=gettext_lazy("From"))
    covers_to = DayField(label=gettext_lazy("To"))
    classification = forms.TypedChoiceField(label=gettext_lazy("Classification"), coerce=int)
    documents = DocumentIds(required=False)
    following = DocumentIds(required=False)
    files = SeveralFiles(required=False)  # type: ignore[assignment]  # forms keep their uploads under this name

    def __init__(
        self, data: Any = None, uploads: Any = None, *, assignment: Assignment, person: User, cancel_url: str
    ) -> None:
        super().__init__(data, uploads, initial={"classification": Clearance.RESTRICTED.value})
        self.assignment, self.agency_id, self.person = assignment, assignment.agency_id, person
        set_choices(self, "classification", classes_for(person))
        self.fields["narrative"].help_text = _(
            "What was done according to the letter. Do not write names or identity numbers of victims."
        )
        self.helper = BaseHelper(
            Fieldset(_("The letter"), FieldRow("reference", "letter_on")),
            RadioCards("status", icons=STATUS_ICONS),
            Suffixed("percent", "%"),
            GuardedText("narrative"),
            FieldRow("covers_from", "covers_to", legend=_("Dates covered")),
            "classification",
            Include("recommendations/assignments/letter_files.html"),
            Buttons(_("Add to the review queue"), cancel_url=cancel_url),
            attrs={
                "data-keep": True,
                "data-keep-key": f"letter-{assignment.pk}",
                "data-couple-status": "status",
                "data-couple-percent": "percent",
                "enctype": "multipart/form-data",
            },
            show_optional=False,
        )

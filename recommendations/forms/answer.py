"""MAPO's answer to what an agency asks: shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from recommendations.models import AssignmentRequest
from recommendations.states import REASON_LENGTH
from ui.forms import BaseHelper, Include

GRANT, REFUSE = "grant", "refuse"


class AnswerForm(forms.Form):
    """Grant or refuse; a refusal needs a reason. The button says which."""

    answer = forms.ChoiceField(choices=[(GRANT, GRANT), (REFUSE, REFUSE)], widget=forms.HiddenInput)
    reason = forms.CharField(
        required=False, max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, asked: AssignmentRequest) -> None:
        super().__init__(data, auto_id=f"request{asked.pk}_%s")
        self.asked = asked
        self.fields["reason"].label = _("Reason")
        self.fields["reason"].help_text = _("Needed when you refuse. The agency reads it.")
        self.helper = BaseHelper(
            "reason",
            Include("recommendations/assignments/answer_buttons.html"),
            action=reverse("recommendations:request_answer", args=[asked.pk]),
            attrs={"data-keep": True, "data-keep-key": f"request-{asked.pk}"},
            show_optional=False,
        )
        self.helper.form_class = "form form--tight"

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a refusal; return `grant` and `reason`."""
        cleaned = super().clean() or {}
        answer = cleaned.pop("answer", "")
        if answer == REFUSE and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Say why it is refused. The agency reads it."))
        return {**cleaned, "grant": answer == GRANT}

"""A comment as it is typed: shape only. Who may say what, and who may be asked to look, is the service's to say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clearance import usual_class
from accounts.models import User
from recommendations.forms.update import classes_for
from recommendations.models import Assignment
from recommendations.queries.comments import who_may_look
from recommendations.states import REASON_LENGTH
from ui.forms import BaseHelper, Buttons, CountedText, Include, set_choices


class CommentForm(forms.Form):
    """Words, their class, and whom they ask to look.

    `keep_key` names the comment that is being written, not the thread: once it is sent, the next begins empty.
    """

    text = forms.CharField(
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write the comment.")},
    )
    mentioned = forms.TypedMultipleChoiceField(
        coerce=int, required=False, widget=forms.CheckboxSelectMultiple, choices=[]
    )
    classification = forms.TypedChoiceField(coerce=int)

    def __init__(
        self, data: Any = None, *, assignment: Assignment, person: User, people: Iterable[User], keep_key: str
    ) -> None:
        super().__init__(data, initial={"classification": usual_class(person)})
        self.people = {each.pk: each for each in people}
        self._name_fields(person, assignment.agency.code)
        self.helper = BaseHelper(
            CountedText("text"),
            Include("recommendations/comments/mention_field.html"),
            "classification",
            Buttons(_("Send comment")),
            attrs={"data-keep": True, "data-keep-key": keep_key, "id": "write"},
            show_optional=False,
        )
        self.helper.form_class = "form form--tight"

    def _name_fields(self, person: User, agency_code: str) -> None:
        text, mentioned, classification = (
            self.fields[name] for name in ("text", "mentioned", "classification")
        )
        text.label = _("Comment")
        text.help_text = _(
            "MAPO and %(agency)s read it, nobody else. It stays as it is written. No names of victims."
        ) % {"agency": agency_code}
        mentioned.label = _("People who read these comments")
        mentioned.help_text = _("They find it where their day begins.")
        set_choices(self, "mentioned", who_may_look(self.people.values(), but=person))
        classification.label = _("Classification")
        set_choices(self, "classification", classes_for(person))

    @property
    def has_mentioned(self) -> bool:
        """Whether somebody is chosen, or the choice has an error: the list is then shown open."""
        return bool(self["mentioned"].value() or self["mentioned"].errors)

    def clean_mentioned(self) -> list[User]:
        """Return the people chosen."""
        return [self.people[pk] for pk in self.cleaned_data["mentioned"]]

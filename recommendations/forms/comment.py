"""A comment as it is typed: shape only. Who may say what, and who may be asked to look, is the service's to say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.clearance import usual_class
from accounts.models import User
from privacy.forms import GuardedText, IdentityGuardForm
from recommendations.models import Assignment
from recommendations.queries.comments import who_may_look
from recommendations.states import REASON_LENGTH
from submissions.forms import classes_for
from ui.forms import BaseHelper, Buttons, Include, set_choices


class CommentForm(IdentityGuardForm):
    """Words, their class, and whom they ask to look.

    `keep_key` names the comment that is being written, not the thread: once it is sent, the next begins empty.
    """

    text = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write the comment.")},
    )
    mentioned = forms.TypedMultipleChoiceField(
        label=gettext_lazy("People who can read these comments"),
        help_text=gettext_lazy(
            "They find it on their first page and at the bell, and in an e-mail if they have not looked soon."
        ),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    classification = forms.TypedChoiceField(label=gettext_lazy("Classification"), coerce=int)

    def __init__(
        self, data: Any = None, *, assignment: Assignment, person: User, people: Iterable[User], keep_key: str
    ) -> None:
        super().__init__(data, initial={"classification": usual_class(person)})
        self.people = {each.pk: each for each in people}
        self.fields["text"].help_text = _(
            "Only MAPO and %(agency)s can read it. You cannot change it later. Do not write names of victims."
        ) % {"agency": assignment.agency.code}
        set_choices(self, "mentioned", who_may_look(self.people.values(), but=person))
        set_choices(self, "classification", classes_for(person))
        self.helper = BaseHelper(
            GuardedText("text"),
            Include("recommendations/comments/mention_field.html"),
            "classification",
            Buttons(_("Send comment")),
            attrs={"data-keep": True, "data-keep-key": keep_key, "id": "write"},
            show_optional=False,
        )
        self.helper.form_class = "form form--tight"

    @property
    def has_mentioned(self) -> bool:
        """Whether somebody is chosen, or the choice has an error: the list is then shown open."""
        return bool(self["mentioned"].value() or self["mentioned"].errors)

    def clean_mentioned(self) -> list[User]:
        """Return the people chosen."""
        return [self.people[pk] for pk in self.cleaned_data["mentioned"]]

"""The form of an update: its shape only. `content_rules` says what a sent update needs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.errors import BadValue
from evidence.models import Document
from privacy.forms import GuardedText
from recommendations.content import CONTENT_FIELDS, Content
from recommendations.content_rules import problems
from recommendations.models import Update
from recommendations.states import NARRATIVE_LENGTH, STATUS_ICONS, Status
from submissions.drafts import require_keepable
from submissions.forms import CitingForm, DocumentIds, SeveralFiles, classes_for
from ui.forms import (
    MOST_OF_A_DAY,
    BaseHelper,
    DayField,
    FieldRow,
    Include,
    RadioCards,
    Suffixed,
    WholeNumber,
    bound_days,
    set_choices,
)
from ui.line_ends import with_line_feeds

if TYPE_CHECKING:
    from recommendations.queries.update_page import LastAccepted

#: The date fields of which a draft keeps what is no date yet.
_COVERED = ("covers_from", "covers_to")


class ContentForm(CitingForm):
    """What UpdateForm and LetterForm share: documents are cited, and the rest becomes a Content."""

    def clean_narrative(self) -> str:
        """Return the text with one way of ending lines (browsers send CRLF), so that equal texts are equal."""
        narrative: str = self.cleaned_data["narrative"]
        return with_line_feeds(narrative)

    def content(self, *, added: Iterable[Document] = ()) -> Content:
        """Return what was typed, with documents that have just been added."""
        return Content.from_form(self.cleaned_data, added=added)


class UpdateForm(ContentForm):
    """What an officer types. Everything may be missing: a draft is saved as it is.

    With `keeps_half_typed`, a date field that holds no date yet is no error: its text goes into `half_typed`.
    """

    keeps_half_typed = False

    status = forms.ChoiceField(choices=Status.choices, widget=forms.RadioSelect, required=False)
    percent = WholeNumber(label=_("Percentage completed"), least=0, most=100, required=False)
    narrative = forms.CharField(
        label=_("Description"),
        help_text=_(
            "Say what was done: how many, where and when. Do not write names or identity numbers of victims."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
        strip=False,
        required=False,
    )
    covers_from = DayField(label=_("From"), required=False)
    covers_to = DayField(label=_("To"), required=False)
    classification = forms.TypedChoiceField(label=_("Classification"), coerce=int)
    documents = DocumentIds(required=False)
    following = DocumentIds(required=False)
    new_files = SeveralFiles(required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        update: Update,
        person: User,
        last: LastAccepted | None = None,
        today: date | None = None,
    ) -> None:
        """`last` and `today` are shown: MAPO's last verdict, and the last day that an update may cover.

        An update that is not saved yet goes on where the last accepted one ended, but not after today.
        """
        self.agency_id, self.person, self.last = update.assignment.agency_id, person, last
        self.is_begun = update.pk is not None
        initial = {
            field: getattr(update, field) for field in (*CONTENT_FIELDS, "revision")
        } | update.half_typed
        if not self.is_begun and last and last.covers_to and today:
            initial["covers_from"] = min(last.covers_to + timedelta(days=1), today)
        super().__init__(data, files, initial=initial)
        agency = update.assignment.agency.code
        self.fields["status"].label = _("Status according to %(agency)s") % {"agency": agency}
        self.fields["status"].help_text = _("MAPO reviews it and gives its own verdict.")
        set_choices(self, "classification", classes_for(person))
        bound_days(self, "covers_from", "covers_to", latest=today)
        self.helper = _helper(last.review.percent if last else None)

    def clean(self) -> dict[str, Any]:
        """Set aside the texts of date fields that are no dates yet, where they are to be kept."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["half_typed"] = {}
        for name in _COVERED if self.keeps_half_typed else ():
            if self.errors.pop(name, None):
                cleaned[name] = None
                # The database keeps no NUL.
                cleaned["half_typed"][name] = self[name].data.replace("\0", "")[:MOST_OF_A_DAY]
        return cleaned

    def clean_revision(self) -> int:
        """Return the revision that the form came with; 0 where no draft is known."""
        revision: int = self.cleaned_data["revision"]
        return revision if self.is_begun else 0

    def cited(self, content: Any) -> dict[str, Iterable[int]]:
        """Return the documents, and those of them that follow the update."""
        return super().cited(content) | {"following": content.following_ids}

    def add_content_problems(self, *, today: date) -> None:
        """Add what `content_rules` says of the fields that could be read."""
        understood = {name: self.cleaned_data[name] for name in CONTENT_FIELDS if name in self.cleaned_data}
        for name, problem in problems(Content(**understood), today=today).items():
            if name not in self.errors:
                self.add_error(name, str(problem))

    def clean_narrative(self) -> str:
        """Refuse a text that is far too long to be kept."""
        narrative = super().clean_narrative()
        try:
            require_keepable(narrative)
        except BadValue as problem:
            raise forms.ValidationError(str(problem)) from problem
        return narrative


def _helper(last_percent: int | None) -> BaseHelper:
    note = "" if last_percent is None else _("MAPO’s last verdict: %(percent)s%%") % {"percent": last_percent}
    return BaseHelper(
        "revision",
        RadioCards("status", icons=STATUS_ICONS),
        Suffixed("percent", "%", note=note),
        GuardedText("narrative", counter_limit=NARRATIVE_LENGTH),
        FieldRow("covers_from", "covers_to", legend=_("Dates covered")),
        Include("recommendations/_window.html"),
        "classification",
        Include("recommendations/_evidence.html"),
        form_tag=False,
        show_optional=False,
    )

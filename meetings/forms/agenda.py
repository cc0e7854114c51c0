"""The days of a preparation, and the secretary's part of a point. Shapes only."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.clearance import Clearance, highest_class, usual_class
from meetings.states import TEXT_LENGTH, TITLE_LENGTH, PointKind
from privacy.forms import GuardedText, IdentityGuardForm
from ui.forms import BaseHelper, Buttons, DayField, FieldRow, Include, bound_days, set_choices

if TYPE_CHECKING:
    from accounts.models import User
    from meetings.models import AgendaPoint
    from meetings.queries.agenda import PreparedPoint


def _classes(user: User) -> list[tuple[int, Any]]:
    """Return the classes that the person may give."""
    return [(level.value, level.label) for level in Clearance if level <= highest_class(user)]


class PrepareForm(forms.Form):
    """Between which days a meeting gathers."""

    as_at_on = DayField(
        label=_("As at"), help_text=_("A day that is over always gives the same answer; today still changes.")
    )
    since_on = DayField(
        label=_("Changes since"), help_text=_("What changed after this day is shown, up to the day as at.")
    )

    def __init__(
        self, data: Any = None, *, days: tuple[date, date], today: date, verb: Any, action: str
    ) -> None:
        super().__init__(data, initial=dict(zip(("as_at_on", "since_on"), days, strict=True)))
        bound_days(self, "as_at_on", "since_on", latest=today)
        self.helper = BaseHelper(
            FieldRow("as_at_on", "since_on"), Buttons(verb), attrs={"data-keep": True}, action=action
        )


class PointForm(IdentityGuardForm):
    """What the secretary adds to one point of the agenda, and which of its rows are left out.

    `prepared` is the point with its rows, `theirs` what a colleague has saved meanwhile. `revision` is that of the
    version which the page showed.
    """

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    text = forms.CharField(
        label=_("Text for the council"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    classification = forms.TypedChoiceField(label=_("Classification of the text"), coerce=int)
    is_left_out = forms.BooleanField(label=_("Leave the whole point out of the papers"), required=False)
    left_out = forms.MultipleChoiceField(required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, prepared: PreparedPoint, person: User, action: str) -> None:
        point = prepared.point
        names = ("title", "text", "classification", "is_left_out", "left_out", "revision")
        super().__init__(
            data, auto_id=f"point-{point.pk}-%s", initial={name: getattr(point, name) for name in names}
        )
        self.prepared = prepared
        self.theirs: AgendaPoint | None = None
        set_choices(self, "classification", _classes(person))
        rows = prepared.all_rows if prepared.kind == PointKind.LATE else prepared.listed_rows
        self._listed = {row.key for row in rows}
        set_choices(self, "left_out", [(key, key) for key in sorted(self._listed | set(point.left_out))])
        if not point.is_own:
            del self.fields["title"]
        self.helper = BaseHelper(
            Include("meetings/prepare/rows.html"),
            *(["title"] if point.is_own else []),
            GuardedText("text"),
            FieldRow("classification", "is_left_out"),
            "revision",
            Buttons(_("Save the point"), tone="secondary"),
            attrs={"data-keep": True, "data-keep-key": f"agenda-point-{point.pk}"},
            action=action,
        )
        self.helper.form_class = "form form--tight form--wide"

    def clean_left_out(self) -> list[str]:
        """Keep what was left out among rows that the page does not list."""
        unlisted = set(self.prepared.point.left_out) - self._listed
        return sorted(unlisted | set(self.cleaned_data["left_out"]))

    @property
    def chosen(self) -> set[str]:
        """The keys of the rows that are left out, as they stand in the form."""
        return set(self["left_out"].value() or [])

    def show_theirs(self, current: AgendaPoint) -> None:
        """Let the form stand on a colleague's version, which is shown beside it."""
        self.theirs = current
        data = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        data["revision"] = str(current.revision)
        self.data = data


class OwnPointForm(IdentityGuardForm):
    """A further point of the agenda."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_LENGTH)
    text = forms.CharField(
        label=_("Text for the council"),
        required=False,
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    classification = forms.TypedChoiceField(label=_("Classification of the text"), coerce=int)

    def __init__(self, data: Any = None, *, person: User, action: str) -> None:
        super().__init__(data, auto_id="new-%s", initial={"classification": usual_class(person).value})
        set_choices(self, "classification", _classes(person))
        self.helper = BaseHelper(
            "title",
            GuardedText("text"),
            "classification",
            Buttons(_("Add the point"), tone="secondary"),
            attrs={"data-keep": True},
            action=action,
        )

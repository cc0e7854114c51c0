"""The form of the short titles of a cycle's items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cycles.titles import TITLE_COLUMNS, field_of, marks_of
from privacy.forms import GuardedText, IdentityGuardForm
from recommendations.models import Item
from recommendations.states import REASON_LENGTH, TITLE_LENGTH
from ui.forms import BaseHelper, Buttons, FieldRow, Fieldset

_LABELS = dict(zip(TITLE_COLUMNS, ("Bahasa Melayu", "English"), strict=True))


class TitlesForm(IdentityGuardForm):
    """Short titles of items in both languages, beside the official texts, and one reason for all changes.

    `seen` holds what the titles were when the form was made. An item that has no titles yet may stay without.
    """

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept with each change and shown in the history of the item."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, items: Sequence[Item], cancel_url: str) -> None:
        super().__init__(data, initial={"seen": marks_of(items)})
        self._items = items
        groups = []
        for item in items:
            names = [field_of(column, item.pk) for column in TITLE_COLUMNS]
            for name, column in zip(names, TITLE_COLUMNS, strict=True):
                self.fields[name] = forms.CharField(
                    label=_LABELS[column],
                    max_length=TITLE_LENGTH,
                    required=bool(getattr(item, column)),
                    initial=getattr(item, column),
                    # On a phone the whole title is seen, on as many lines as it takes.
                    widget=forms.Textarea(attrs={"rows": 1}),
                )
                self.fields[name].summary_label = f"{item}, {_LABELS[column]}"  # type: ignore[attr-defined]
            row = FieldRow(*(GuardedText(name) for name in names))
            groups.append(Fieldset(str(item), row, hint=item.text))
        self.helper = BaseHelper(
            *groups,
            GuardedText("reason"),
            "seen",
            Buttons(_("Save the short titles"), cancel_url=cancel_url),
            attrs={"data-keep": True},
            show_optional=False,
        )
        self.helper.form_class = "form form--tight form--wide"

    def clean(self) -> dict[str, Any]:
        """Return what `change_titles` takes: the titles by item and column, what was seen, and the reasons."""
        values = super().clean() or {}
        wanted = {
            item.pk: {column: values.get(field_of(column, item.pk), "") for column in TITLE_COLUMNS}
            for item in self._items
        }
        return {"wanted": wanted} | {
            name: values.get(name, "") for name in ("seen", "reason", "identities_reason")
        }

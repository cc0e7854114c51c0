"""The form of what MAPO says of an item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cycles.editorial import NOTE_COLUMNS, Editorial
from privacy.forms import GuardedText, IdentityGuardForm
from recommendations.models import Item
from recommendations.states import REASON_LENGTH, ItemKind, Pillar
from ui.forms import BaseHelper, Buttons, FieldRow, set_choices

#: The most characters of a note on the two texts.
NOTE_LENGTH = 1_000


class EditorialForm(IdentityGuardForm):
    """Asks for the pillar of an item, the note on its two texts, what answers it if it is a weakness, and the reason.

    `seen` holds the mark of what was said when the form was made.
    """

    pillar = forms.ChoiceField(label=_("Pillar"), required=False)
    divergence_ms = forms.CharField(
        label="Bahasa Melayu",
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    divergence_en = forms.CharField(
        label="English", max_length=NOTE_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    answers = forms.TypedMultipleChoiceField(
        label=_("What answers it"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept with each change and shown in the history of the item."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, strip=False)

    def __init__(
        self, data: Any = None, *, item: Item, held: Editorial, possible: Sequence[Item], cancel_url: str
    ) -> None:
        initial = {**held.columns, "answers": sorted(held.answers), "seen": held.mark}
        super().__init__(data, initial=initial)
        set_choices(self, "pillar", [("", _("None")), *Pillar.choices])
        set_choices(self, "answers", [(each.pk, f"{each}: {each.title}") for each in possible])
        if item.kind == ItemKind.ACHIEVEMENT:
            del self.fields["pillar"]
        if not possible:
            del self.fields["answers"]
        for name, language in zip(NOTE_COLUMNS, ("Bahasa Melayu", "English"), strict=True):
            self.fields[name].summary_label = f"{_('Note on the two texts')}, {language}"  # type: ignore[attr-defined]
        self.helper = BaseHelper(
            *(name for name in ("pillar",) if name in self.fields),
            FieldRow(*(GuardedText(name) for name in NOTE_COLUMNS), legend=_("Note on the two texts")),
            *(name for name in ("answers",) if name in self.fields),
            GuardedText("reason"),
            "seen",
            Buttons(_("Save the change"), cancel_url=cancel_url),
            attrs={"data-keep": True},
            show_optional=False,
        )
        self.helper.form_class = "form form--tight form--wide"

    def clean(self) -> dict[str, Any]:
        """Return what `change_editorial` takes: what is wanted, what was seen, and the reasons."""
        values = super().clean() or {}
        notes = {name: values.get(name, "") for name in NOTE_COLUMNS}
        if not self.errors and bool(notes["divergence_ms"]) != bool(notes["divergence_en"]):
            missing = "divergence_en" if notes["divergence_ms"] else "divergence_ms"
            self.add_error(missing, _("Give the note in both languages, or in neither."))
        wanted = Editorial(
            pillar=values.get("pillar", ""), answers=frozenset(values.get("answers", [])), **notes
        )
        return {"wanted": wanted} | {
            name: values.get(name, "") for name in ("seen", "reason", "identities_reason")
        }

"""The form of a fact of a cycle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cycles.facts import WrittenFact
from privacy.forms import GuardedText, IdentityGuardForm
from recommendations.models import Item
from recommendations.models.cycle_fact import FACT_SOURCE_LENGTH, FACT_TITLE_LENGTH
from recommendations.states import REASON_LENGTH, FactKind
from ui.forms import BaseHelper, Buttons, DayField, FieldRow, set_choices

#: The most characters of a fact's text.
FACT_TEXT_LENGTH = 1_000

_LEGENDS = {"title": _("Title"), "text": _("Text"), "source": _("Source")}
_LANGUAGES = {"ms": "Bahasa Melayu", "en": "English"}


class FactForm(IdentityGuardForm):
    """Asks for a fact of a cycle in both languages, the items that it concerns, and the reason.

    `seen` holds the mark of the fact when the form was made; it is empty for a new one.
    """

    kind = forms.ChoiceField(label=_("Kind"), choices=FactKind.choices)
    happened_on = DayField(label=_("Date"), required=False)
    items = forms.TypedMultipleChoiceField(
        label=_("Items that it concerns"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept with the change in the audit trail."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def __init__(
        self,
        data: Any = None,
        *,
        items: Sequence[Item],
        held: WrittenFact | None = None,
        cancel_url: str,
    ) -> None:
        initial = {**held.columns, "items": sorted(held.items), "seen": held.mark} if held else {}
        super().__init__(data, initial=initial)
        rows = []
        for column, length in (
            ("title", FACT_TITLE_LENGTH),
            ("text", FACT_TEXT_LENGTH),
            ("source", FACT_SOURCE_LENGTH),
        ):
            names = [f"{column}_{code}" for code in _LANGUAGES]
            for name, language in zip(names, _LANGUAGES.values(), strict=True):
                self.fields[name] = forms.CharField(
                    label=language,
                    max_length=length,
                    required=column != "source",
                    widget=forms.Textarea(attrs={"rows": 4 if column == "text" else 1}),
                )
                self.fields[name].summary_label = f"{_LEGENDS[column]}, {language}"  # type: ignore[attr-defined]
            rows.append(FieldRow(*(GuardedText(name) for name in names), legend=_LEGENDS[column]))
        self.fields["source_ms"].help_text = str(_("Leave the source empty where the fact is MAPO’s own."))
        set_choices(self, "items", [(item.pk, f"{item}: {item.title}") for item in items])
        self.helper = BaseHelper(
            FieldRow("kind", "happened_on"),
            *rows,
            "items",
            GuardedText("reason"),
            "seen",
            Buttons(_("Save the fact"), cancel_url=cancel_url),
            attrs={"data-keep": True},
            show_optional=False,
        )
        self.helper.form_class = "form form--tight form--wide"

    def clean(self) -> dict[str, Any]:
        """Return what `change_fact` takes: the content, what was seen, and the reasons."""
        values = super().clean() or {}
        if bool(values.get("source_ms")) != bool(values.get("source_en")):
            missing = "source_en" if values.get("source_ms") else "source_ms"
            self.add_error(missing, _("Give the source in both languages."))
        if self.errors:
            return values
        columns = {
            f"{column}_{code}": values[f"{column}_{code}"] for column in _LEGENDS for code in _LANGUAGES
        }
        content = WrittenFact(
            kind=values["kind"],
            happened_on=values["happened_on"],
            items=frozenset(values["items"]),
            **columns,
        )
        return {"content": content} | {
            name: values.get(name, "") for name in ("seen", "reason", "identities_reason")
        }

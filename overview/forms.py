"""What answers a weakness. Shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from privacy.forms import IN_THE_TRAIL, GuardedText, IdentityGuardForm
from recommendations.forms.items import item_choices
from recommendations.models import Item
from recommendations.states import REASON_LENGTH, ItemKind
from ui.forms import BaseHelper, Buttons, set_choices

#: What may answer a weakness.
_ANSWERING = (ItemKind.RECOMMENDATION, ItemKind.ACHIEVEMENT)


class WeaknessAnswerForm(IdentityGuardForm):
    """Which recommendation or achievement of the same cycle answers a weakness too, and why MAPO says so."""

    answer = forms.TypedChoiceField(
        label=_("What answers it"),
        coerce=int,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose a recommendation or an achievement.")
        ),
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=IN_THE_TRAIL,
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: Any = None, *, weakness: Item, cancel_url: str) -> None:
        """Offer the items that do not answer the weakness yet (one query)."""
        super().__init__(data)
        possible = Item.objects.filter(cycle=weakness.cycle_id, kind__in=_ANSWERING)
        self._items = {item.pk: item for item in possible.exclude(links_in__weakness=weakness).in_order()}
        set_choices(self, "answer", [("", _("Choose")), *item_choices(self._items.values(), _ANSWERING)])
        self.helper = BaseHelper(
            "answer",
            GuardedText("reason"),
            Buttons(_("Add the answer"), cancel_url=cancel_url),
            attrs={"data-keep": True},
            show_optional=False,
        )

    def clean_answer(self) -> Item:
        """Return the item that was chosen."""
        return self._items[self.cleaned_data["answer"]]

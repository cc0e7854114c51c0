"""MAPO's own state of an item as it is typed: shape only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from recommendations.forms.review import VerdictForm, couple_attrs
from recommendations.models import Item
from recommendations.states import REASON_LENGTH
from recommendations.status_icons import ICONS
from ui.forms import BaseHelper, Buttons, CountedText, Include, RadioCards, Suffixed


class OverrideForm(VerdictForm):
    """MAPO's state of an item, with the reason that everybody reads beside it."""

    def __init__(self, data: Any = None, *, item: Item, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["status"].label = _("State of the item")
        self.fields["reason"].label = _("Reason")
        self.fields["reason"].help_text = _(
            "Everybody who sees %(item)s reads it, all agencies and observers too. Write nothing classified, "
            "and no names of victims."
        ) % {"item": item}
        self.helper = BaseHelper(
            RadioCards("status", icons=ICONS),
            Suffixed("percent", "%"),
            CountedText("reason"),
            Include("recommendations/overrides/set_buttons.html"),
            attrs=couple_attrs(f"override-{item.pk}"),
            show_optional=False,
        )


class EndOverrideForm(forms.Form):
    """Why MAPO's state of an item ends."""

    reason = forms.CharField(max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None, *, item: Item, cancel_url: str) -> None:
        super().__init__(data)
        self.fields["reason"].label = _("Reason")
        self.fields["reason"].help_text = _("Everybody who sees %(item)s reads it in its history.") % {
            "item": item
        }
        self.helper = BaseHelper(
            CountedText("reason"),
            Buttons(_("End MAPO's state"), cancel_url=cancel_url, cancel=_("Keep it")),
            attrs={"data-keep": True, "data-keep-key": f"override-end-{item.pk}"},
            show_optional=False,
        )

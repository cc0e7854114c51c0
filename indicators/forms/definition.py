"""The forms of an indicator's definition. Shapes only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Agency
from indicators.definition import Definition
from indicators.models import Dimension
from indicators.states import BASIS_LENGTH, CODE_LENGTH, NAME_LENGTH, Unit
from privacy.forms import GuardedText, IdentityGuardForm
from recommendations.models import Item
from recommendations.states import REASON_LENGTH, Pillar
from ui.forms import BaseHelper, Buttons, FieldRow, Fieldset, set_choices


class DefinitionForm(IdentityGuardForm):
    """What is counted, on which basis, by whom; and the reason. `seen` marks what it was when the form was made."""

    name_ms = forms.CharField(label=_("Name in Malay"), max_length=NAME_LENGTH)
    name_en = forms.CharField(label=_("Name in English"), max_length=NAME_LENGTH)
    is_own_name_ms = forms.BooleanField(
        label=_("The Malay name is MAPO’s own"),
        help_text=_("Pages then mark it: the source does not print it."),
        required=False,
    )
    is_own_name_en = forms.BooleanField(
        label=_("The English name is MAPO’s own"),
        help_text=_("Pages then mark it: the source does not print it."),
        required=False,
    )
    unit = forms.ChoiceField(
        label=pgettext_lazy("figures", "Unit"),
        help_text=_("Once there are figures, the unit stays."),
        choices=[("", "—"), *Unit.choices],
    )
    basis_ms = forms.CharField(
        label=_("Counting basis in Malay"),
        help_text=_("What counts, when, and by whom; whether persons or cases."),
        max_length=BASIS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    basis_en = forms.CharField(
        label=_("Counting basis in English"),
        max_length=BASIS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    pillar = forms.ChoiceField(label=_("Pillar"), choices=[("", "—"), *Pillar.choices], required=False)
    agency = forms.ChoiceField(
        label=_("Answering agency"), help_text=_("Without one, nobody reports it."), required=False
    )
    is_stock = forms.BooleanField(
        label=_("It is counted on a day"),
        help_text=_("A stock, such as persons in shelters. Its months are never added up."),
        required=False,
    )
    counts_victims = forms.BooleanField(
        label=_("It counts victims"),
        help_text=_("Numbers from 1 to 4 are then shown as “< 5” outside the agency and MAPO."),
        required=False,
    )
    is_active = forms.BooleanField(
        label=_("It is in use"), help_text=_("Otherwise nobody reports it any more."), required=False
    )
    items = forms.TypedMultipleChoiceField(
        label=_("Items to which it speaks"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept with the change and shown in the history of the indicator."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, held: Definition, cancel_url: str) -> None:
        super().__init__(data, initial=_initial(held))
        self._offer(held)
        self.helper = BaseHelper(
            *self.first_parts(),
            FieldRow(GuardedText("name_ms"), GuardedText("name_en")),
            FieldRow("is_own_name_ms", "is_own_name_en"),
            FieldRow(GuardedText("basis_ms"), GuardedText("basis_en")),
            FieldRow("unit", "pillar", "agency"),
            Fieldset(_("How it is counted"), "is_stock", "counts_victims", "is_active"),
            "items",
            GuardedText("reason"),
            "seen",
            Buttons(_("Save the indicator"), cancel_url=cancel_url),
            attrs={"data-keep": True},
        )
        self.helper.form_class = "form form--wide"

    def first_parts(self) -> list[Any]:
        """Return what stands above the names."""
        return []

    def _offer(self, held: Definition) -> None:
        """Offer the active agencies, with the present one, and the items of open cycles (two queries)."""
        agencies = list(Agency.objects.active().order_by("code"))
        if held.agency and held.agency not in agencies:
            agencies.append(held.agency)
        self._agencies = {str(agency.pk): agency for agency in agencies}
        named = [(key, f"{agency.code} · {agency.name}") for key, agency in self._agencies.items()]
        set_choices(self, "agency", [("", "—"), *named])
        items = Item.objects.filter(cycle__closed_at=None).select_related("cycle").in_order()
        set_choices(self, "items", [(item.pk, f"{item.label_with_year} · {item.title}") for item in items])

    def clean(self) -> dict[str, Any]:
        """Return what the services take: the definition, what was seen, and the reasons."""
        values = super().clean() or {}
        names = ("seen", "reason", "identities_reason")
        about = {name: values.get(name, "") for name in names}
        return about | {"definition": None if self.errors else self._definition(values)}

    def _definition(self, values: dict[str, Any]) -> Definition:
        names = Definition.__dataclass_fields__.keys() - {"agency", "items"}
        return Definition(
            **{name: values[name] for name in names},
            agency=self._agencies.get(values["agency"]),
            items=frozenset(values["items"]),
        )


class NewIndicatorForm(DefinitionForm):
    """A new indicator: its code and its dimensions, which both stay, and its definition."""

    code = forms.CharField(
        label=pgettext_lazy("figures", "Code"),
        help_text=_(
            "Stands in addresses and files, and never changes: capital letters, digits and underscores."
        ),
        max_length=CODE_LENGTH,
    )
    dimensions = forms.MultipleChoiceField(
        label=_("Broken down by"),
        help_text=_("Reported figures can then be given for each of their values."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: Any = None, *, held: Definition, cancel_url: str) -> None:
        super().__init__(data, held=held, cancel_url=cancel_url)
        del self.fields["seen"]
        self._dimensions = {each.code: each for each in Dimension.objects.all()}
        set_choices(self, "dimensions", [(code, each.name) for code, each in self._dimensions.items()])

    def first_parts(self) -> list[Any]:
        return ["code", "dimensions"]

    def clean(self) -> dict[str, Any]:
        """Return what `add_indicator` takes."""
        code, chosen = (self.cleaned_data.get(name) for name in ("code", "dimensions"))
        values = super().clean()
        del values["seen"]
        return values | {"code": code or "", "dimensions": _of(self._dimensions, chosen or ())}


def _of(known: dict[str, Dimension], codes: Iterable[str]) -> list[Dimension]:
    return [known[code] for code in codes]


def _initial(held: Definition) -> dict[str, Any]:
    values = {name: getattr(held, name) for name in Definition.__dataclass_fields__}
    agency = str(held.agency.pk) if held.agency else ""
    return values | {"agency": agency, "items": sorted(held.items), "seen": held.mark}

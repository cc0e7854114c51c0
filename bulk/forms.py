"""Forms of acts on many assignments. They check shapes only; the plan says row by row what cannot be done."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Agency
from bulk.models import BulkKind
from bulk.services.orders import Assign, Confirm, MoveDue, Order, TurnDown
from privacy.forms import GuardedText, IdentityGuardForm
from recommendations.forms.assignment import cadence_field, role_field
from recommendations.models import Cycle, Item
from recommendations.states import REASON_LENGTH, AssignmentRole
from ui.forms import BaseHelper, Buttons, DayField, FieldRow, WholeNumber, set_queryset
from ui.numbers import whole_number
from ui.query_state import MOST_NUMBERS, read_numbers

#: The most days by which a date may be moved.
FURTHEST_DAYS = 366


def places_of(data: QueryDict) -> list[tuple[int, int]]:
    """Return the chosen (item id, agency id) pairs, sent as "12-3"."""
    pairs = (part.partition("-") for value in data.getlist("chosen") for part in value.split(","))
    found = ((whole_number(item), whole_number(agency)) for item, _dash, agency in pairs)
    kept = ((item, agency) for item, agency in found if item is not None and agency is not None)
    return list(dict.fromkeys(kept))[:MOST_NUMBERS]


def seen_of(data: QueryDict) -> dict[str, str]:
    """Return the fingerprints that the form of a preview carried, by step."""
    pairs = (part.partition(":") for part in data.get("seen", "").split(","))
    return {key: sign for key, _colon, sign in pairs if sign}


def token_of(data: QueryDict) -> UUID:
    """Return the token of a preview; a new one where none came, so that the act is not taken for done."""
    try:
        return UUID(data.get("token", ""))
    except ValueError:
        return uuid4()


class MoveDueForm(IdentityGuardForm):
    """Asks which date moves, and to which day."""

    field = forms.ChoiceField(
        label=gettext_lazy("Date to change"),
        choices=[
            ("next_due_on", gettext_lazy("Next update due")),
            ("due_on", gettext_lazy("Final due date")),
        ],
        widget=forms.RadioSelect,
    )
    to_day = DayField(label=gettext_lazy("New date"), required=False)
    by_days = WholeNumber(
        label=gettext_lazy("Or by a number of days"),
        help_text=gettext_lazy("Counted from each current date; -7 is a week earlier."),
        least=-FURTHEST_DAYS,
        most=FURTHEST_DAYS,
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason (optional)"), max_length=REASON_LENGTH, required=False
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.helper = BaseHelper(
            "field",
            FieldRow("to_day", "by_days"),
            GuardedText("reason"),
            Buttons(_("Show what will change")),
            form_tag=False,
            show_optional=False,
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.refuse_identities("reason")
        given = [name for name in ("to_day", "by_days") if values.get(name)]
        if len(given) != 1 and not self.errors:
            self.add_error("to_day", _("Give either a date or a number of days."))
        return values

    def order(self, chosen: Iterable[int]) -> MoveDue:
        """Return the order that the valid form gives for these assignments."""
        return MoveDue(chosen=tuple(chosen), **self.cleaned_data)


class ItemChoices(forms.ModelMultipleChoiceField):
    """Items by number, with their short titles."""

    def label_from_instance(self, obj: Item) -> str:
        return f"{obj}: {obj.title}"


class AgencyChoices(forms.ModelMultipleChoiceField):
    """Agencies by code, with their name."""

    def label_from_instance(self, obj: Agency) -> str:
        return obj.label


class TermsForm(forms.Form):
    """The terms of new assignments."""

    role = role_field()
    due_on = DayField(label=gettext_lazy("Final due date"), required=False)

    def __init__(self, data: Any = None, *, cycle: Cycle, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["cadence_days"] = cadence_field(cycle)


class AssignForm(TermsForm):
    """Asks which agencies are assigned to which items, and on which terms."""

    items = ItemChoices(
        label=gettext_lazy("Items"), queryset=Item.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    agencies = AgencyChoices(
        label=gettext_lazy("Agencies"), queryset=Agency.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, cycle: Cycle, initial: dict[str, Any]) -> None:
        usual = {"role": AssignmentRole.SUPPORT, "due_on": cycle.window_end}
        super().__init__(data, cycle=cycle, initial=usual | initial)
        items = Item.objects.actionable().filter(cycle=cycle).in_order().select_related("cycle")
        set_queryset(self, "items", items)
        set_queryset(self, "agencies", Agency.objects.active().order_by("code"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        agencies = values.get("agencies", ())
        if values.get("role") == AssignmentRole.LEAD and len(agencies) > 1:
            self.add_error(
                "role", _("An item has one lead agency. Choose one, or make them supporting agencies.")
            )
        if len(values.get("items", ())) * len(agencies) > MOST_NUMBERS:
            self.add_error("items", _("Too many at once. Choose fewer items or agencies."))
        return values

    def order(self) -> Assign:
        """Return the order that the valid form gives."""
        values = self.cleaned_data
        places = [(item.pk, agency.pk) for item in values["items"] for agency in values["agencies"]]
        return assign_order(places, values)


def assign_order(places: Iterable[tuple[int, int]], terms: dict[str, Any]) -> Assign:
    """Return the order to assign agencies to items on these terms."""
    named = {name: terms[name] for name in ("role", "due_on", "cadence_days")}
    return Assign(places=tuple(places), **named)


#: The orders that need nothing but a choice.
SETTLING: dict[str, type[Confirm] | type[TurnDown]] = {
    BulkKind.CONFIRM: Confirm,
    BulkKind.TURN_DOWN: TurnDown,
}


def order_of(data: QueryDict, *, cycle: Cycle) -> Order | None:
    """Return the order in the form of a preview; None where the form is incomplete."""
    kind, chosen = data.get("kind", ""), read_numbers(data, "chosen")
    if kind in SETTLING:
        return SETTLING[kind](chosen=tuple(chosen))
    if kind == BulkKind.MOVE_DUE:
        move = MoveDueForm(data)
        return move.order(chosen) if move.is_valid() else None
    terms = TermsForm(data, cycle=cycle)
    return assign_order(places_of(data), terms.cleaned_data) if terms.is_valid() else None


def fields_of(order: Order) -> list[tuple[str, str]]:
    """Return the hidden fields from which the order is built again, without the chosen assignments."""
    terms = (
        "field",
        "to_day",
        "by_days",
        "reason",
        "identities_reason",
        "role",
        "due_on",
        "cadence_days",
        "change",
    )
    carried = [(name, getattr(order, name, None)) for name in terms]
    officers = [("officers", officer_id) for officer_id in getattr(order, "officers", ())]
    return [
        ("kind", str(order.kind)),
        *((name, str(value)) for name, value in [*carried, *officers] if value),
    ]

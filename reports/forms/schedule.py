"""The form of a monthly summary. Services check who may have which format, and what runs already."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.forms.boundfield import BoundWidget
from django.utils.translation import gettext as _

from accounts.fields import LineField
from accounts.models import Agency, User
from recommendations.saved_filters import NAME_LENGTH
from reports.months import FIRST_DAY, LAST_DAY
from reports.permissions import formats_for
from reports.states import FORMATS, ExportFormat
from ui.forms import BaseHelper, Buttons, Include, WholeNumber


class _Readers(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} · {obj.get_role_display()}"


@dataclass(frozen=True, slots=True)
class ReaderGroup:
    """An agency with its people; open where somebody is chosen, and for one's own agency."""

    agency: Agency
    options: list[BoundWidget]
    chosen_count: int
    is_open: bool


class ScheduleForm(forms.Form):
    """Name, format, day and readers; the selection stands in the address of the page."""

    def __init__(
        self, data: Any = None, *, user: User, export_format: str, is_month_alone: bool, cancel_url: str
    ) -> None:
        usual = {
            "paper": export_format or ExportFormat.PDF,
            "day_of_month": FIRST_DAY,
            "is_month_alone": is_month_alone,
        }
        super().__init__(data, initial=usual)
        self._own_agency_id = user.agency_id
        self.fields = {
            "name": LineField(
                label=_("Name"),
                help_text=_("A name that you and others will recognise."),
                max_length=NAME_LENGTH,
                error_messages={"required": _("Give it a name.")},
            ),
            "paper": forms.TypedChoiceField(
                label=_("Made as"),
                coerce=ExportFormat,
                choices=[(each.value, f"{each.label} · {FORMATS[each].hint}") for each in formats_for(user)],
            ),
            "day_of_month": WholeNumber(
                label=_("Day of the month"),
                help_text=_("Made on that day, as at the last day of the previous month."),
                least=FIRST_DAY,
                most=LAST_DAY,
            ),
            "is_month_alone": forms.BooleanField(
                label=_("Only what was accepted in that month"),
                help_text=_("If not ticked, everything accepted by the last day of that month."),
                required=False,
            ),
            "readers": _Readers(
                label=_("Readers"),
                help_text=_(
                    "Each reader gets their own summary, up to their own clearance, and an e-mail with a link to "
                    "it."
                ),
                queryset=_people(),
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": _("Choose at least one reader.")},
            ),
        }
        self.helper = BaseHelper(
            "name",
            "paper",
            "day_of_month",
            "is_month_alone",
            Include("reports/monthly/readers.html"),
            Buttons(_("Set up"), cancel_url=cancel_url),
            attrs={"data-keep": True, "data-keep-key": "schedule"},
            show_optional=False,
        )

    def reader_groups(self) -> list[ReaderGroup]:
        """Return the people by agency, in the order of the codes."""
        options = sorted(self["readers"], key=lambda option: _person(option).agency.code)
        return [
            self._group(agency, list(group))
            for agency, group in groupby(options, key=lambda option: _person(option).agency)
        ]

    def _group(self, agency: Agency, options: list[BoundWidget]) -> ReaderGroup:
        chosen = sum(bool(option.data["selected"]) for option in options)
        return ReaderGroup(agency, options, chosen, bool(chosen) or agency.pk == self._own_agency_id)


def _people() -> Any:
    able = User.objects.active().joined()
    return able.select_related("agency").order_by("agency__code", "name", "pk")


def _person(option: BoundWidget) -> User:
    person: User = option.data["value"].instance
    return person

"""The form of a selection: it shows what was asked for, and beside each field what cannot be meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.clearance import Clearance
from accounts.models import Agency, User
from recommendations.models import Assignment, Cycle, Item
from recommendations.states import STATUS_KINDS, Pillar, Status, item_key
from reports.permissions import sees_files
from reports.states import Depth, SummaryLanguage
from reports.summary.selection import AskedSelection
from ui.forms import DateInput

Options = list[tuple[str, str]]

#: What each depth holds, in one line.
DEPTH_HINTS: dict[Depth, str | Promise] = {
    Depth.GLANCE: gettext_lazy("The state of every item on a single page"),
    Depth.LINES: gettext_lazy("Each item with its lead agency, state and percentage"),
    Depth.FULL: gettext_lazy("A page for each item: agencies, what was accepted, evidence by number"),
    Depth.EVIDENCE: gettext_lazy("The documents that accepted updates cite, by number"),
}
#: So much of an item's text tells it from the others in a list of choices.
_TEXT_LENGTH = 60


class DepthChoice(NamedTuple):
    """One depth to choose: value, name, and what it holds."""

    value: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class SelectionChoices:
    """What a person may choose from in a cycle."""

    ceilings: Options
    agencies: Options
    items: Options
    sees_files: bool

    @classmethod
    def of(cls, cycle: Cycle, *, user: User) -> SelectionChoices:
        """Two queries: the agencies that answer or answered for an item of the cycle, and its items."""
        answering = Assignment.objects.filter(item__cycle=cycle, agency=OuterRef("pk")).exclude(
            confirmed_at=None
        )
        agencies = Agency.objects.filter(Exists(answering)).order_by("code")
        items = Item.objects.actionable().filter(cycle=cycle).in_order()
        return cls(
            [(str(value), str(label)) for value, label in Clearance.choices if value <= user.clearance],
            [(agency.code, f"{agency.code} · {agency.name}") for agency in agencies],
            [(item_key(item.kind, item.number), f"{item}: {_short(item.text)}") for item in items],
            sees_files=sees_files(user),
        )

    @property
    def depths(self) -> list[DepthChoice]:
        """A list of files is no choice for who sees none."""
        offered = [depth for depth in Depth if self.sees_files or depth != Depth.EVIDENCE]
        return [DepthChoice(depth.value, str(depth.label), self._hint(depth)) for depth in offered]

    def _hint(self, depth: Depth) -> str:
        if depth == Depth.FULL and not self.sees_files:
            return _("A page for each item: agencies, and what was accepted")
        return str(DEPTH_HINTS[depth])


class SelectionForm(forms.Form):
    """Shows everything as it was typed. `reports.summary.selection` judges it; here its problems are shown."""

    def __init__(self, asked: AskedSelection, *, choices: SelectionChoices, cycles: list[Cycle]) -> None:
        super().__init__(asked.shown)
        years = [(str(cycle.year), str(cycle)) for cycle in cycles]
        self.fields = {
            "cycle": _cycle(years),
            "day": _day(_("As at")),
            "language": _select(_("Language"), _options(SummaryLanguage)),
            "depth": forms.CharField(
                label=_("Depth"),
                required=False,
                widget=forms.RadioSelect(choices=[(depth.value, depth.label) for depth in choices.depths]),
            ),
            "ceiling": _select(_("Up to classification"), choices.ceilings),
            "kind": _select(_("Kind"), _options(STATUS_KINDS), has_all=True),
            "pillar": _select(_("Pillar"), _options(Pillar), has_all=True),
            "agency": _select(_("Agency"), choices.agencies, has_all=True),
            "status": _select(_("Status"), _options(Status), has_all=True),
            "item": _select(_("Item"), choices.items, has_all=True),
            "since": _day(_("Accepted after")),
        }
        for name, problem in asked.problems.items():
            self.add_error(name, problem)

    def filters(self) -> list[Any]:
        """Return the fields that narrow the selection."""
        return [self[name] for name in ("kind", "pillar", "agency", "status", "item", "since")]


def _options(members: Any) -> Options:
    """Return value and label of the members of a `TextChoices`."""
    return [(member.value, str(member.label)) for member in members]


def _select(label: str, options: Options, *, has_all: bool = False) -> forms.CharField:
    every = [("", pgettext("filter", "All"))] if has_all else []
    return forms.CharField(label=label, required=False, widget=forms.Select(choices=[*every, *options]))


def _day(label: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=DateInput())


def _cycle(years: Options) -> forms.CharField:
    """Return a hidden field for a single cycle; another cycle has other choices, so the page is loaded anew."""
    if len(years) < 2:
        return forms.CharField(required=False, widget=forms.HiddenInput())
    field = _select(_("Cycle"), years)
    field.widget.attrs["data-live-whole"] = True
    return field


def _short(text: str) -> str:
    return text if len(text) <= _TEXT_LENGTH else f"{text[:_TEXT_LENGTH].rsplit(' ', 1)[0]}…"

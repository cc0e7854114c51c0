"""The form of a selection: it shows what was asked for, and beside each field what cannot be meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

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
from ui.forms import DayInput

Options = list[tuple[str, str]]

#: What each depth holds, in one line.
DEPTH_HINTS: dict[Depth, str | Promise] = {
    Depth.GLANCE: gettext_lazy("The status of every item on a single page, and the key figures"),
    Depth.LINES: gettext_lazy("Each item with its lead agency, status and percentage, and all figures"),
    Depth.FULL: gettext_lazy(
        "Each item in full: agencies, what was accepted, evidence by number, and all figures"
    ),
    Depth.EVIDENCE: gettext_lazy("The documents that accepted updates cite, by number"),
}


class SelectionForm(forms.Form):
    """Shows everything as it was typed. `reports.summary.selection` judges it; here its problems are shown.

    Two queries: the agencies that answer or answered for an item of the cycle, and its items.
    """

    def __init__(self, asked: AskedSelection, *, cycle: Cycle, cycles: Iterable[Cycle], user: User) -> None:
        super().__init__(asked.shown)
        self.sees_files = sees_files(user)
        answering = Assignment.objects.filter(item__cycle=cycle, agency=OuterRef("pk")).exclude(
            confirmed_at=None
        )
        agencies = Agency.objects.filter(Exists(answering)).order_by("code")
        items = Item.objects.actionable().filter(cycle=cycle).in_order()
        ceilings = [(str(value), str(label)) for value, label in Clearance.choices if value <= user.clearance]
        self.fields = {
            "cycle": _cycle([(str(each.year), str(each)) for each in cycles]),
            "day": _day(_("As at")),
            "language": _select(_("Language"), _options(SummaryLanguage)),
            "depth": forms.CharField(
                label=_("Level of detail"),
                required=False,
                widget=forms.RadioSelect(
                    choices=[(depth.value, depth.label) for depth, _hint in self.depths]
                ),
            ),
            "ceiling": _select(_("Highest classification"), ceilings),
            "kind": _select(_("Kind"), _options(STATUS_KINDS), has_all=True),
            "pillar": _select(_("Pillar"), _options(Pillar), has_all=True),
            "agency": _select(_("Agency"), [(each.code, each.label) for each in agencies], has_all=True),
            "status": _select(_("Status"), _options(Status), has_all=True),
            "item": _select(
                _("Item"),
                [(item_key(each.kind, each.number), f"{each}: {each.title}") for each in items],
                has_all=True,
            ),
            "since": _day(_("Accepted after")),
        }
        for name, problem in asked.problems.items():
            self.add_error(name, problem)

    @property
    def depths(self) -> list[tuple[Depth, str | Promise]]:
        """Each depth with what it holds; a list of files is no choice for who sees none."""
        if self.sees_files:
            return list(DEPTH_HINTS.items())
        hints = DEPTH_HINTS | {Depth.FULL: _("Each item in full: agencies, and what was accepted")}
        return [(depth, hint) for depth, hint in hints.items() if depth != Depth.EVIDENCE]

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
    return forms.CharField(label=label, required=False, widget=DayInput())


def _cycle(years: Options) -> forms.CharField:
    """Return a hidden field for a single cycle; another cycle has other choices, so the page is loaded anew."""
    if len(years) < 2:
        return forms.CharField(required=False, widget=forms.HiddenInput())
    field = _select(_("Cycle"), years)
    field.widget.attrs["data-live-whole"] = True
    return field

"""The form of a selection: it shows what was asked for, and beside each field what cannot be meant."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from recommendations.models import Cycle
from reports.queries.chooser import Asked, Choices, Options
from ui.forms import DateInput


def _select(label: str, options: Options, *, has_all: bool = False) -> forms.CharField:
    every = [("", pgettext("filter", "All"))] if has_all else []
    return forms.CharField(label=label, required=False, widget=forms.Select(choices=[*every, *options]))


def _radios(label: str, options: Options) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.RadioSelect(choices=options))


class SelectionForm(forms.Form):
    """Everything stands as it was typed. `reports.summary.selection` judges it; here its judgement is shown."""

    def __init__(self, asked: Asked, *, choices: Choices, cycles: list[Cycle]) -> None:
        super().__init__(asked.shown)
        years = [(str(cycle.year), str(cycle)) for cycle in cycles]
        self.fields = {
            "cycle": _cycle(years),
            "day": _day(_("As at")),
            "language": _select(_("Language"), choices.languages),
            "depth": _radios(_("Depth"), [(depth.value, depth.label) for depth in choices.depths]),
            "ceiling": _select(_("Up to classification"), choices.ceilings),
            "kind": _select(_("Kind"), choices.kinds, has_all=True),
            "pillar": _select(_("Pillar"), choices.pillars, has_all=True),
            "agency": _select(_("Agency"), choices.agencies, has_all=True),
            "status": _select(_("Status"), choices.statuses, has_all=True),
            "item": _select(_("Item"), choices.items, has_all=True),
            "since": _day(_("Accepted after")),
        }
        for name, problem in asked.problems.items():
            self.add_error(name, problem)

    def filters(self) -> list[Any]:
        """The fields that narrow."""
        return [self[name] for name in ("kind", "pillar", "agency", "status", "item", "since")]


def _day(label: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=DateInput())


def _cycle(years: Options) -> forms.CharField:
    """Chosen where there are several; then everything else there is to choose is another, so the page is asked anew."""
    if len(years) < 2:
        return forms.CharField(required=False, widget=forms.HiddenInput())
    field = _select(_("Cycle"), years)
    field.widget.attrs["data-live-whole"] = True
    return field

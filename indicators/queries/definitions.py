"""What MAPO sees of definitions: the list of indicators, and one with its past."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.db.models import Q

from accounts.models import Agency, User
from audit.labels import field_text
from audit.models import Event
from audit.values import ValueTexts
from indicators.models import Figure, Indicator, Target
from indicators.numbers import amount
from privacy.filters import shown_contains
from recommendations.models import Cycle, Item
from recommendations.states import Pillar
from ui.query_state import AddressFilters

#: The most changes on the page of a definition.
CHANGES_SHOWN = 30
#: The most reported figures there: a year of twenty series.
FIGURES_SHOWN = 240
IN_USE, NOT_IN_USE = "yes", "no"


@dataclass(frozen=True, kw_only=True)
class IndicatorFilters(AddressFilters):
    """The filters of the list of indicators; `used` is "yes" or "no"."""

    choices: ClassVar[Mapping[str, Sequence[str]]] = {
        "pillar": ["", *Pillar.values],
        "used": ["", IN_USE, NOT_IN_USE],
    }

    text: str = ""
    pillar: str = ""
    agency: str = ""
    used: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """One indicator in the list, with its target in the page's cycle ("" without one)."""

    indicator: Indicator
    target_text: str


@dataclass(frozen=True, slots=True)
class IndicatorList:
    """The indicators that the filters find, of how many, and the codes of agencies that answer for any."""

    lines: list[IndicatorLine]
    total_count: int
    agencies: list[str]


def read_indicators(filters: IndicatorFilters, *, person: User, cycle: Cycle | None) -> IndicatorList:
    """Return the list of indicators (four queries)."""
    known = Indicator.objects.visible_to(person)
    targets = Target.objects.visible_to(person).standing().filter(cycle=cycle)
    numbers = dict(targets.values_list("indicator_id", "number")) if cycle else {}
    lines = [
        IndicatorLine(each, amount(numbers[each.pk], each.unit) if each.pk in numbers else "")
        for each in known.filter(_wanted(filters)).select_related("agency")
    ]
    agencies = Agency.objects.filter(indicators__isnull=False).distinct().order_by("code")
    return IndicatorList(lines, known.count(), list(agencies.values_list("code", flat=True)))


def _wanted(filters: IndicatorFilters) -> Q:
    wanted = Q()
    if filters.text:
        texts = Q(code__icontains=filters.text)
        for name in ("name_ms", "name_en", "basis_ms", "basis_en"):
            texts |= shown_contains(name, filters.text)
        wanted &= texts
    if filters.pillar:
        wanted &= Q(pillar=filters.pillar)
    if filters.agency:
        wanted &= Q(agency__code=filters.agency)
    if filters.used:
        wanted &= Q(is_active=filters.used == IN_USE)
    return wanted


@dataclass(frozen=True, slots=True)
class DefinitionChange:
    """One change of a definition: its Event, and each field with what it was and became."""

    event: Event
    fields: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """An indicator as MAPO keeps it: items, dimensions, and, newest first, a cycle's targets and figures, and changes.

    A figure comes with the words of what it is broken down by.
    """

    indicator: Indicator
    items: list[Item]
    dimensions: list[str]
    targets: list[tuple[Target, str]]
    figures: list[tuple[Figure, str]]
    changes: list[DefinitionChange]


def read_indicator_page(indicator: Indicator, cycle: Cycle | None) -> IndicatorPage:
    """Return the page of an indicator for MAPO (eight queries at most)."""
    targets = Target.objects.filter(indicator=indicator, cycle=cycle).select_related("set_by", "ended_by")
    return IndicatorPage(
        indicator=indicator,
        items=list(indicator.items.select_related("cycle").in_order()),
        dimensions=[each.name for each in indicator.dimensions.all()],
        targets=[(each, amount(each.number, indicator.unit)) for each in targets.order_by("-set_at", "-pk")],
        figures=_figures(indicator, cycle) if cycle else [],
        changes=list(_changes(indicator)),
    )


def _figures(indicator: Indicator, cycle: Cycle) -> list[tuple[Figure, str]]:
    """Return what stands of the figures that were reported for the cycle's window, newest first (two queries)."""
    figures = Figure.objects.standing().filter(
        series__indicator=indicator,
        source=None,
        begins_on__gte=cycle.window_start,
        ends_on__lte=cycle.window_end,
    )
    rows = figures.select_related("series").prefetch_related("series__values")
    return [
        (figure, ", ".join(value.name for value in figure.series.values.all()))
        for figure in rows.order_by("-begins_on", "series__key", "pk")[:FIGURES_SHOWN]
    ]


def _changes(indicator: Indicator) -> Iterator[DefinitionChange]:
    events = list(Event.objects.about("indicators.Indicator", indicator.pk).newest_first()[:CHANGES_SHOWN])
    texts = ValueTexts(events)
    for event in events:
        before, after = event.before or {}, event.after or {}
        fields = [
            (
                field_text(name),
                texts.text(event, name, before.get(name)),
                texts.text(event, name, after[name]),
            )
            for name in after
            if event.before is not None and name in before
        ]
        yield DefinitionChange(event, fields)

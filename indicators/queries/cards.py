"""The newest figure of each indicator by pillar, as cards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils.safestring import SafeString

from accounts.models import User
from indicators.models import Figure, Series
from indicators.periods import PERIODS_OF_A_CARD
from indicators.queries.by_pillar import grouped_by_pillar
from indicators.queries.comparison import YearComparison, compare
from indicators.queries.figure_charts import small_chart_of
from indicators.queries.figures import (
    ShownFigure,
    any_hidden,
    figures_by_key,
    newest,
    newest_of,
    one_a_period,
)
from indicators.queries.parts import newest_parts
from indicators.states import Unit
from recommendations.states import Pillar
from ui.query_state import AddressFilters

if TYPE_CHECKING:
    from indicators.judging import Judgement
    from indicators.queries.checks import Judgements
    from indicators.queries.counted import CountedIndicator


@dataclass(frozen=True, kw_only=True)
class FigureFilters(AddressFilters):
    """The filters of the page: pillar, the code of the agency, unit, and only what contradicts ("contradictions")."""

    pillar: str = ""
    agency: str = ""
    unit: str = ""
    show: str = ""

    choices = {"pillar": Pillar.values, "unit": Unit.values, "show": ("contradictions",)}

    def keeps(self, definition: CountedIndicator) -> bool:
        """Return whether an indicator fits the filters of its definition."""
        return (
            self.pillar in ("", definition.pillar)
            and self.agency in ("", definition.agency_code)
            and self.unit in ("", definition.unit)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestFigures:
    """The newest figures of an indicator as a whole; where it has none, its newest parts by the names of their values."""

    wholes: Sequence[ShownFigure] = ()
    parts: Sequence[tuple[str, ShownFigure]] = ()

    @property
    def has_hidden(self) -> bool:
        return any_hidden([*self.wholes, *(figure for _name, figure in self.parts)])


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCard:
    """An indicator with its newest figure, that beside the year before, and the newest of other kinds of period.

    `parts` stand in for the figure where only parts were given.
    """

    definition: CountedIndicator
    newest: ShownFigure | None
    comparison: YearComparison | None
    others: Sequence[ShownFigure]
    parts: Sequence[tuple[str, ShownFigure]]
    chart: SafeString
    failing_count: int
    unjudged_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PillarOfCards:
    """The cards of a pillar; without one, those of the report as a whole."""

    pillar: str
    label: str
    cards: Sequence[FigureCard]


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresPage:
    """The page: the cards that fit by pillar, of `total_count`, and what the filters may ask for."""

    pillars: Sequence[PillarOfCards]
    shown_count: int
    total_count: int
    has_hidden: bool
    agencies: Sequence[tuple[str, str]]
    units: Sequence[tuple[str, str]]


def read_cards(
    known: Sequence[CountedIndicator],
    *,
    found: Judgements | None,
    user: User,
    filters: FigureFilters,
    before: datetime | None = None,
) -> FiguresPage:
    """Return the cards of these indicators as recorded `before` an instant (exclusive), or as they are now.

    `found` is what the checks of the page's cycle found. Four queries at most.
    """
    flags = _flags(found)
    shown = [each for each in known if filters.keeps(each) and _fits(flags, each, filters)]
    figures = newest_figures_of({each.indicator_id for each in shown}, user=user, before=before)
    cards = [
        card_of(each, figures.get(each.indicator_id, NewestFigures()), flags.get(each.indicator_id, []))
        for each in shown
    ]
    return FiguresPage(
        pillars=by_pillar(cards),
        shown_count=len(cards),
        total_count=len(known),
        has_hidden=any(each.has_hidden for each in figures.values()),
        agencies=sorted({(each.agency_code, _agency(each)) for each in known if each.agency_code}),
        units=[(unit.value, str(unit.label)) for unit in Unit if any(each.unit == unit for each in known)],
    )


def newest_figures_of(
    indicator_ids: set[int], *, user: User, before: datetime | None = None
) -> Mapping[int, NewestFigures]:
    """Return the newest figures of indicators as a whole, or of their parts, by indicator. Three queries at most."""
    wholes = Figure.objects.filter(series__indicator=OuterRef("indicator"), series__key="")
    # Only parts by one dimension: ";" joins several.
    parts_alone = ~Exists(wholes) & ~Q(key__contains=";")
    asked = Series.objects.filter(Q(key="") | parts_alone, indicator__in=indicator_ids)
    found = newest_of(asked, user=user, before=before, most=PERIODS_OF_A_CARD)
    keys = {key for each in found for of_kind in each.keys.values() for key in of_kind}
    by_indicator: defaultdict[int, list[ShownFigure]] = defaultdict(list)
    for figure in figures_by_key(keys, user=user):
        by_indicator[figure.indicator_id].append(figure)
    series = {each.series_id: each for each in found}
    return {
        indicator_id: NewestFigures(
            wholes=[figure for figure in figures if series[figure.series_id].is_total],
            parts=newest_parts(figures, {each.series_id: each.values for each in found}),
        )
        for indicator_id, figures in by_indicator.items()
    }


def _flags(found: Judgements | None) -> dict[int, list[Judgement]]:
    """Return what fails or cannot be judged by the indicators that it speaks of. One query, if there is any."""
    rows = [*found.failing, *found.unjudged] if found else []
    if not rows:
        return {}
    series = Series.objects.filter(pk__in={term.series_id for row in rows for term in row.terms})
    owners = dict(series.values_list("pk", "indicator_id"))
    flags: defaultdict[int, list[Judgement]] = defaultdict(list)
    for row in rows:
        for indicator_id in {owners[term.series_id] for term in row.terms}:
            flags[indicator_id].append(row)
    return dict(flags)


def _fits(
    flags: Mapping[int, Sequence[Judgement]], definition: CountedIndicator, filters: FigureFilters
) -> bool:
    """Whether an indicator contradicts, where the filters ask for those alone."""
    return not filters.show or any(row.fails for row in flags.get(definition.indicator_id, ()))


def card_of(
    definition: CountedIndicator, found: NewestFigures, flags: Sequence[Judgement] = ()
) -> FigureCard:
    """Return the card of an indicator from its newest figures, and what its checks found."""
    figures = found.wholes
    last = newest(figures)
    by_kind: defaultdict[str, list[ShownFigure]] = defaultdict(list)
    for figure in figures:
        by_kind[figure.period.kind].append(figure)
    alike = by_kind[last.period.kind] if last else []
    others = [newest(of_kind) for kind, of_kind in by_kind.items() if last and kind != last.period.kind]
    return FigureCard(
        definition=definition,
        newest=last,
        comparison=compare(last, alike) if last else None,
        others=sorted((each for each in others if each), key=lambda each: each.recency, reverse=True),
        parts=found.parts,
        chart=small_chart_of(
            one_a_period(alike), key=f"figure-{definition.indicator_id}", name=definition.name
        ),
        failing_count=sum(row.fails for row in flags),
        unjudged_count=sum(not row.fails for row in flags),
    )


def by_pillar(cards: Sequence[FigureCard]) -> list[PillarOfCards]:
    """Return cards by pillar in the order of pillars; those of none come last."""
    return [
        PillarOfCards(pillar=pillar, label=label, cards=found)
        for pillar, label, found in grouped_by_pillar((card.definition, card) for card in cards)
    ]


def _agency(definition: CountedIndicator) -> str:
    return f"{definition.agency_code} · {definition.agency_name}"

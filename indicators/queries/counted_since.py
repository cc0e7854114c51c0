"""What agencies have reported since a report, of the indicators that speak to its items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from indicators.models import IndicatorItem, IndicatorItemVersion
from indicators.pace import adds_up

if TYPE_CHECKING:
    from indicators.queries.counted import CountedIndicator
    from indicators.queries.figures import ShownFigure
    from indicators.queries.reported_months import MonthsTotal, WindowFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedSince:
    """An indicator, or a part of it (`name`), with what was reported: the sum of months, or what was counted last."""

    definition: CountedIndicator
    name: str
    total: MonthsTotal | None
    latest: ShownFigure | None

    @property
    def number(self) -> str:
        """The number as pages write it."""
        given = self.total or self.latest
        return given.number if given else ""

    @property
    def months_count(self) -> int:
        """How many months were added up; 0 where none are."""
        return len(self.total.months) if self.total else 0

    @property
    def period_words(self) -> str:
        """The months that were added up, or the day on which it was counted."""
        if self.total:
            return self.total.words
        return self.latest.period.label if self.latest else ""

    @property
    def has_hidden(self) -> bool:
        figures = [*(self.total.figures if self.total else ()), *([self.latest] if self.latest else ())]
        return any(figure.is_hidden for figure in figures)


def read_spoken_to(item_ids: Collection[int], *, before: datetime | None = None) -> Mapping[int, set[int]]:
    """Return which indicators speak to each of these items, now or just before an instant. One query."""
    held: Any = IndicatorItem.objects if before is None else IndicatorItemVersion.objects.as_at(before)
    rows = held.filter(item__in=item_ids).values_list("item_id", "indicator_id")
    found: defaultdict[int, set[int]] = defaultdict(set)
    for item_id, indicator_id in rows:
        found[item_id].add(indicator_id)
    return found


def counted_since(
    known: Sequence[CountedIndicator], found: Mapping[int, Sequence[WindowFigures]]
) -> list[CountedSince]:
    """Return what was reported in the window of which figures were `found`; what nobody reported is left out."""
    lines = [_line(each, figures) for each in known for figures in found.get(each.indicator_id, ())]
    return [line for line in lines if line.number]


def _line(definition: CountedIndicator, figures: WindowFigures) -> CountedSince:
    is_summed = adds_up(definition)
    latest = None if is_summed or figures.newest is None or not figures.newest.is_reported else figures.newest
    return CountedSince(
        definition=definition,
        name=figures.name,
        total=figures.reported_total if is_summed else None,
        latest=latest,
    )

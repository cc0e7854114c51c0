"""The newest figures of the indicators that speak to an item, for its page.

By a statement written by hand: by the ORM, building three queries took longer than half of the rest of the page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from indicators.models import Indicator, IndicatorItemVersion, IndicatorVersion
from indicators.periods import PERIODS_OF_A_CARD
from indicators.queries.comparison import YearComparison, compare
from indicators.queries.figures import (
    SeriesValueName,
    ShownFigure,
    figures_for,
    figures_of_rows,
    newest,
)
from indicators.queries.parts import newest_parts
from indicators.states import PeriodKind
from recommendations.models.cycle import in_reading_language
from recommendations.queries.sql import Sql, fetch_rows, remembered_sql, seen_candidate, sql_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFigure:
    """An indicator that speaks to an item, with its newest figure beside the year before.

    `parts` stand in for the figure where only parts were given.
    """

    code: str
    name_ms: str
    name_en: str
    newest: ShownFigure | None
    comparison: YearComparison | None
    parts: Sequence[tuple[str, ShownFigure]]

    @property
    def name(self) -> str:
        """The name of the indicator in the reader's language."""
        return in_reading_language(self, "name")


#: Columns of an indicator, now or at a past instant, and those of a figure, which the statement looks through.
_COUNTED = ("name_ms", "name_en", "position")
_FIGURE = (
    *("id", "series_id", "period_kind", "begins_on", "ends_on", "is_partial", "counted_to"),
    *("text", "value", "source_id", "recorded_at"),
)
#: A row for each figure, and one for an indicator without any: what `figures_of_rows` takes, then what names it. Where an
#: indicator has no figure as a whole, the figures of its parts by one dimension (";" joins several).
_FIGURES = """
SELECT figure.id, figure.series_id, indicator.id, figure.period_kind, figure.begins_on, figure.ends_on, figure.is_partial,
       figure.counted_to, figure.text, figure.value, figure.source_id, figure.recorded_at,
       indicator.agency_id, indicator.counts_victims, indicator.unit, indicator.is_stock,
       indicator.code, counted.name_ms, counted.name_en,
       CASE WHEN figure.key <> '' THEN (
            SELECT json_agg(json_build_object(
                'dimension', json_build_object('id', value.dimension_id::text), 'position', value.position,
                'name', json_build_object('ms', value.name_ms, 'en', value.name_en)))
            FROM indicators_seriesvalue link
            JOIN indicators_dimensionvalue value ON value.id = link.value_id
            WHERE link.series_id = figure.series_id) END
FROM ({counted}) counted (indicator_id, name_ms, name_en, position)
JOIN indicators_indicator indicator ON indicator.id = counted.indicator_id
LEFT JOIN LATERAL (
    SELECT series.key, newest.*
    FROM indicators_series series
    CROSS JOIN unnest(%s::text[]) AS kind
    CROSS JOIN LATERAL (
        SELECT * FROM ({figures}) candidate
        WHERE candidate.series_id = series.id AND candidate.period_kind = kind
        ORDER BY candidate.begins_on DESC, candidate.recorded_at DESC
        LIMIT %s) newest
    WHERE series.indicator_id = indicator.id AND (series.key = '' OR (series.key NOT LIKE '%%;%%' AND NOT EXISTS (
        SELECT FROM indicators_series total JOIN indicators_figure whole ON whole.series_id = total.id
        WHERE total.indicator_id = indicator.id AND total.key = '')))
    ) figure ON true
ORDER BY counted.position, indicator.code, figure.series_id, figure.begins_on, figure.ends_on, figure.id
"""
#: How many columns `figures_of_rows` takes.
_OF_A_FIGURE = 16


def read_item_figures(item_id: int, *, user: User, before: datetime | None = None) -> list[ItemFigure]:
    """Return the indicators in use that speak to an item, in their order, now or just before an instant.

    One query, and one more where small numbers are not for the reader.
    """
    counted, of_counted = _counted(item_id, user=user, before=before)
    if before is None:
        figures, of_figures = remembered_sql(figures_for, user, *_FIGURE)
    else:
        figures, of_figures = sql_of(figures_for(user, before=before), *_FIGURE)
    statement = _FIGURES.format(counted=counted, figures=figures)
    kinds = [kind.value for kind in PeriodKind]
    return list(_lines(fetch_rows(statement, (*of_counted, kinds, *of_figures, PERIODS_OF_A_CARD)), user))


_COUNTED_NOW = """
SELECT candidate.id, candidate.name_ms, candidate.name_en, candidate.position
FROM indicators_indicatoritem link JOIN indicators_indicator candidate ON candidate.id = link.indicator_id
WHERE link.item_id = %s AND candidate.is_active AND EXISTS ({seen})
"""


def _counted(item_id: int, *, user: User, before: datetime | None) -> Sql:
    """Return what the indicators that speak to the item count, or counted then, as SQL for `_COUNTED` after their key."""
    if before is None:
        seen, of_seen = seen_candidate(Indicator, user)
        return _COUNTED_NOW.format(seen=seen), (item_id, *of_seen)
    links = IndicatorItemVersion.objects.as_at(before).filter(item=item_id)
    seen_then = Indicator.objects.visible_to(user).filter(pk__in=links.values("indicator"))
    held = IndicatorVersion.objects.as_at(before).filter(indicator__in=seen_then, is_active=True)
    return sql_of(held, "indicator_id", *_COUNTED)


def _lines(rows: Sequence[tuple[Any, ...]], user: User) -> Iterator[ItemFigure]:
    """Yield each indicator of rows of `_FIGURES` with its newest figures."""
    given = [row for row in rows if row[0] is not None]
    values = {row[1]: row[-1] or () for row in given}
    by_indicator: defaultdict[int, list[ShownFigure]] = defaultdict(list)
    for figure in figures_of_rows([row[:_OF_A_FIGURE] for row in given], user=user):
        by_indicator[figure.indicator_id].append(figure)
    for indicator_id, names in {row[2]: row[_OF_A_FIGURE:-1] for row in rows}.items():
        yield _line(names, by_indicator[indicator_id], values)


def _line(
    names: Sequence[str], figures: Sequence[ShownFigure], values: Mapping[int, Sequence[SeriesValueName]]
) -> ItemFigure:
    """Return an indicator (`names`: its code and its name in both languages) from its figures, as `newest_parts` takes them."""
    code, name_ms, name_en = names
    wholes = [figure for figure in figures if not values[figure.series_id]]
    last = newest(wholes)
    alike = [figure for figure in wholes if last and figure.period.kind == last.period.kind]
    return ItemFigure(
        code=code,
        name_ms=name_ms,
        name_en=name_en,
        newest=last,
        comparison=compare(last, alike) if last else None,
        parts=newest_parts(figures, values),
    )

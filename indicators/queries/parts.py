"""What stands in where only parts of an indicator were given."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypedDict

from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from indicators.models import SeriesValue
from ui.dates import supported_language

if TYPE_CHECKING:
    from indicators.queries.figures import ShownFigure


class SeriesValueName(TypedDict):
    """A value by which a series is broken down, its place in the list, and its dimension, by language."""

    dimension: Mapping[str, str]
    name: Mapping[str, str]
    position: int


#: The values by which each series is broken down, by its key.
SeriesValues = Mapping[int, Sequence[SeriesValueName]]

_NAMED = JSONObject(
    dimension=JSONObject(ms="value__dimension__name_ms", en="value__dimension__name_en"),
    name=JSONObject(ms="value__name_ms", en="value__name_en"),
    position="value__position",
)
#: The values of the series in hand, for a subquery.
VALUES_OF_SERIES = (
    SeriesValue.objects.filter(series=OuterRef("pk")).order_by("value__dimension__code").values(named=_NAMED)
)


def values_of_series(series_ids: Collection[int]) -> SeriesValues:
    """Return the values by which these series are broken down (one query)."""
    rows = SeriesValue.objects.filter(series__in=series_ids).order_by("value__dimension__code")
    found: dict[int, list[SeriesValueName]] = {series_id: [] for series_id in series_ids}
    for series_id, named in rows.values_list("series_id", _NAMED):
        found[series_id].append(named)
    return found


def newest_parts(figures: Iterable[ShownFigure], values: SeriesValues) -> list[tuple[str, ShownFigure]]:
    """Return the parts of the newest period by the name of their value, in the order of the dimension's list.

    `values` are those by which each series is broken down.
    """
    known = [figure for figure in figures if values[figure.series_id]]
    last = max(known, key=lambda figure: figure.recency, default=None)
    if last is None:
        return []
    (value,) = values[last.series_id]
    chosen: dict[int, ShownFigure] = {}
    for figure in sorted(known, key=lambda each: each.recency):
        (own,) = values[figure.series_id]
        if figure.period == last.period and own["dimension"] == value["dimension"]:
            chosen[figure.series_id] = figure
    language = supported_language()
    placed = sorted(chosen, key=lambda series_id: values[series_id][0]["position"])
    return [(values[each][0]["name"][language], chosen[each]) for each in placed]

"""What stands in where only parts of an indicator were given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ui.dates import supported_language

if TYPE_CHECKING:
    from indicators.queries.figures import SeriesValueName, ShownFigure


def newest_parts(
    figures: Iterable[ShownFigure], values: Mapping[int, Sequence[SeriesValueName]]
) -> list[tuple[str, ShownFigure]]:
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

"""The newest figures of the indicators that speak to an item, for its page.

What the cards say of them, by smaller queries: of few indicators, all figures are fewer than it takes to look for the newest.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from accounts.models import User
from indicators.models import Figure, Indicator, IndicatorItemVersion, IndicatorVersion
from indicators.models.figure import FigureQuerySet
from indicators.queries.comparison import YearComparison, compare
from indicators.queries.figures import (
    ShownFigure,
    figures_for,
    newest,
    read_figures,
)
from indicators.queries.parts import newest_parts, values_of_series
from recommendations.models.cycle import in_reading_language


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFigure:
    """An indicator that speaks to an item, with its newest figure beside the year before.

    `parts` stand in for the figure where only parts were given.
    """

    code: str
    name: str
    newest: ShownFigure | None
    comparison: YearComparison | None
    parts: Sequence[tuple[str, ShownFigure]]


def read_item_figures(item_id: int, *, user: User, before: datetime | None = None) -> list[ItemFigure]:
    """Return the indicators in use that speak to an item, in their order, now or just before an instant.

    One query where none does, else two; more where small numbers are not for the reader, or only parts were given.
    """
    spoken = list(_spoken_to(item_id, user=user, before=before))
    if not spoken:
        return []
    ids = {each.indicator_id for each in spoken}
    given = figures_for(user, before=before)
    wholes = read_figures(given.filter(series__indicator__in=ids, series__key=""), user=user)
    parts = _parts(given, ids - {figure.indicator_id for figure in wholes}, user=user)
    return [
        _figure(
            each.code,
            in_reading_language(each, "name"),
            [figure for figure in wholes if figure.indicator_id == each.indicator_id],
            parts.get(each.indicator_id, []),
        )
        for each in spoken
    ]


def _spoken_to(item_id: int, *, user: User, before: datetime | None) -> QuerySet[Any, Any]:
    """Return key, code and names of the indicators that speak to the item, or spoke to it then."""
    found: QuerySet[Any, Any]
    if before is None:
        found = Indicator.objects.visible_to(user).filter(items=item_id).annotate(indicator_id=F("pk"))
    else:
        links = IndicatorItemVersion.objects.as_at(before).filter(item=item_id)
        seen = Indicator.objects.visible_to(user).filter(pk__in=links.values("indicator"))
        held = IndicatorVersion.objects.as_at(before).filter(indicator__in=seen)
        found = held.annotate(code=F("indicator__code"))
    in_use = found.filter(is_active=True).order_by("position", "code")
    return in_use.values_list("indicator_id", "code", "name_ms", "name_en", named=True)


def _parts(
    given: FigureQuerySet, indicator_ids: Collection[int], *, user: User
) -> dict[int, list[tuple[str, ShownFigure]]]:
    """Return the newest parts by one dimension of indicators for which nobody gave a figure as a whole, by indicator.

    None of these: no query.
    """
    if not indicator_ids:
        return {}
    wholes = Figure.objects.filter(series__indicator=OuterRef("series__indicator"), series__key="")
    # ";" joins several dimensions.
    of_one = given.filter(~Exists(wholes), series__indicator__in=indicator_ids).exclude(
        series__key__contains=";"
    )
    figures = read_figures(of_one, user=user)
    values = values_of_series({figure.series_id for figure in figures})
    return {
        pk: newest_parts([figure for figure in figures if figure.indicator_id == pk], values)
        for pk in indicator_ids
    }


def _figure(
    code: str, name: str, wholes: Sequence[ShownFigure], parts: Sequence[tuple[str, ShownFigure]]
) -> ItemFigure:
    """Return an indicator with what is shown of its figures."""
    last = newest(wholes)
    alike = [figure for figure in wholes if last and figure.period.kind == last.period.kind]
    comparison = compare(last, alike) if last else None
    return ItemFigure(code=code, name=name, newest=last, comparison=comparison, parts=parts)

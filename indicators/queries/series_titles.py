"""What the numbers of checks count: the names of their series, for the sentences about them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, JSONObject

from indicators.judging import Judgement
from indicators.models import IndicatorVersion, Series, SeriesValue
from indicators.titles import SeriesTitle, Titles

_VALUES = (
    SeriesValue.objects.filter(series=OuterRef("pk"))
    .order_by("value__dimension__code")
    .values(names=JSONObject(ms="value__name_ms", en="value__name_en"))
)


def read_series_titles(found: Iterable[Judgement], before: datetime | None = None) -> Titles:
    """Return what the series of judgements count, by id, as it is called now or was just before an instant.

    One query; none without judgements.
    """
    series_ids = {term.series_id for row in found for term in row.terms}
    if not series_ids:
        return {}
    names: dict[str, Combinable] = {name: F(f"indicator__{name}") for name in ("name_ms", "name_en")}
    if before is not None:
        held = IndicatorVersion.objects.as_at(before).filter(indicator=OuterRef("indicator"))
        names = {name: Coalesce(Subquery(held.values(name)[:1]), now) for name, now in names.items()}
    rows = Series.objects.filter(pk__in=series_ids).annotate(values_named=ArraySubquery(_VALUES), **names)
    return {
        pk: SeriesTitle(name_ms, name_en, unit, tuple((each["ms"], each["en"]) for each in values))
        for pk, name_ms, name_en, unit, values in rows.values_list(
            "pk", "name_ms", "name_en", "indicator__unit", "values_named"
        )
    }

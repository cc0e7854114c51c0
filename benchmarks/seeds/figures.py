"""Add reported figures, a fifth of them revised, to ten cycles, with a check of each indicator's sums: all, or few."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from indicators.models import (
    Check,
    CheckTerm,
    Dimension,
    DimensionValue,
    Indicator,
    IndicatorDimension,
    Series,
    SeriesValue,
    Source,
)
from indicators.models.series import series_key
from indicators.states import CheckKind, Side, Unit
from recommendations.models import Cycle

#: Indicators, and values by which each is broken down. With the total, and a revision of every fifth figure, twelve months of
#: ten cycles come to 60 × 24 × 1.2 × 120 = 207,360 figures.
INDICATORS, VALUES, REVISED = 60, 23, 5
_CODE = "bench"
#: Of few figures, these are kept, 2,100: all that the page of the measured indicator shows of it, and more than the cards
#: show of the totals of the others. What both pages hold is then the same, whatever the number of figures.
MEASURED, MEASURED_MONTHS, TOTAL_MONTHS = f"{_CODE}-0", 24, 20

#: Each series has a figure for each month of each window; the total is what its parts add up to, but for one in fifty.
_FIGURES = """
INSERT INTO indicators_figure (series_id, period_kind, begins_on, ends_on, is_partial, text, value, reason, recorded_at,
                               ended_at, replaces_id)
SELECT series.id, 'month', month::date, (month + interval '1 month - 1 day')::date, false, number.value::text, number.value,
       '', month + interval '40 days',
       CASE WHEN (series.id + extract(month FROM month)::int) %% %(revised)s = 0 THEN month + interval '70 days' END, NULL
FROM indicators_series series
JOIN indicators_indicator indicator ON indicator.id = series.indicator_id AND indicator.code LIKE 'bench-%%'
CROSS JOIN recommendations_cycle cycle
CROSS JOIN generate_series(cycle.window_start, cycle.window_end, interval '1 month') month
CROSS JOIN LATERAL (
    SELECT CASE WHEN series.key <> '' THEN 3 WHEN indicator.id %% 50 = 0 THEN 1 ELSE 3 * %(values)s END AS value) number
WHERE extract(day FROM month) = 1
  AND (NOT %(few)s OR month > (SELECT max(window_end) FROM recommendations_cycle) - interval '1 month' * CASE
      WHEN indicator.code = %(measured)s THEN %(measured_months)s WHEN series.key = '' THEN %(total_months)s ELSE 0 END)
"""
_REVISIONS = """
INSERT INTO indicators_figure (series_id, period_kind, begins_on, ends_on, is_partial, text, value, reason, recorded_at,
                               ended_at, replaces_id)
SELECT series_id, period_kind, begins_on, ends_on, false, text, value, 'Dikira semula.', ended_at, NULL, id
FROM indicators_figure
WHERE ended_at IS NOT NULL
"""


def main(_facts: dict[str, Any], amount: str) -> dict[str, str]:
    """Write definitions by the models and figures by SQL, "all" or "few"; return the addresses of the pages."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        values = _values()
        indicators = [_indicator(number, values) for number in range(INDICATORS)]
        for cycle in Cycle.objects.order_by("year"):
            _checks(Source.objects.filter(cycle=cycle).earliest("pk"), indicators)
        kept = {"measured": MEASURED, "measured_months": MEASURED_MONTHS, "total_months": TOTAL_MONTHS}
        cursor.execute(_FIGURES, {"revised": REVISED, "values": VALUES, "few": amount == "few", **kept})
        cursor.execute(_REVISIONS)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {
        "figures": reverse("indicators:figures"),
        "indicator": reverse("indicators:indicator", args=[MEASURED]),
    }


def _values() -> list[DimensionValue]:
    dimension = Dimension.objects.create(code=_CODE, name_ms="Pecahan", name_en="Breakdown")
    return [
        DimensionValue.objects.create(
            dimension=dimension,
            code=f"v{number}",
            name_ms=f"Nilai {number}",
            name_en=f"Value {number}",
            position=number,
        )
        for number in range(VALUES)
    ]


def _indicator(number: int, values: list[DimensionValue]) -> list[Series]:
    """Return the series of a new indicator, the total last."""
    indicator = Indicator.objects.create(
        code=f"{_CODE}-{number}",
        name_ms=f"Petunjuk {number}",
        name_en=f"Indicator {number}",
        unit=Unit.CASES,
        basis_ms="Setiap kes dikira sekali.",
        basis_en="Each case counts once.",
        position=1_000 + number,
    )
    IndicatorDimension.objects.create(indicator=indicator, dimension=values[0].dimension)
    series = []
    for value in values:
        each = Series.objects.create(indicator=indicator, key=series_key({_CODE: value.code}))
        SeriesValue.objects.create(series=each, value=value)
        series.append(each)
    return [*series, Series.objects.create(indicator=indicator, key="")]


def _checks(source: Source, indicators: list[list[Series]]) -> None:
    for number, (*parts, total) in enumerate(indicators):
        check = Check.objects.create(
            source=source,
            code=f"{_CODE}-{number}",
            kind=CheckKind.SUM,
            position=1_000 + number,
            note_ms="Bahagian berjumlah kepada jumlah.",
            note_en="The parts add up to the total.",
        )
        terms = [CheckTerm(check_of=check, side=Side.LEFT, series=part) for part in parts]
        CheckTerm.objects.bulk_create([*terms, CheckTerm(check_of=check, side=Side.RIGHT, series=total)])

"""Let the officer's agency answer for sixty indicators by four values each, with figures of the twelve months before."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from accounts.models import User
from indicators.cells import cell_name
from indicators.models import Dimension, DimensionValue, Indicator, IndicatorDimension, Series, SeriesValue
from indicators.models.series import series_key
from indicators.states import Unit

INDICATORS, VALUES = 60, 4
MONTH = date(2024, 2, 1)
_CODE = "form"
_FIGURES = """
INSERT INTO indicators_figure (series_id, period_kind, begins_on, ends_on, is_partial, text, value, reason, recorded_at)
SELECT series.id, 'month', month::date, (month + interval '1 month - 1 day')::date, false, number.value::text, number.value,
       '', month + interval '40 days'
FROM indicators_series series
JOIN indicators_indicator indicator ON indicator.id = series.indicator_id AND indicator.code LIKE 'form-%%'
CROSS JOIN generate_series(%(month)s - interval '12 months', %(month)s - interval '1 month', interval '1 month') month
CROSS JOIN LATERAL (SELECT CASE WHEN series.key = '' THEN 3 * %(values)s ELSE 3 END AS value) number
"""


def main(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the address of the month's form, and the names of its cells."""
    agency = User.objects.get(pk=facts["officer_id"]).agency
    agency.indicators.update(is_active=False)
    cells: list[str] = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        dimension = Dimension.objects.create(code=_CODE, name_ms="Pecahan", name_en="Breakdown")
        values = [
            DimensionValue.objects.create(
                dimension=dimension,
                code=f"v{place}",
                name_ms=f"Nilai {place}",
                name_en=f"Value {place}",
                position=place,
            )
            for place in range(VALUES)
        ]
        for number in range(INDICATORS):
            cells += _indicator(number, agency, dimension, values)
        cursor.execute(_FIGURES, {"month": MONTH, "values": VALUES})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {"month": reverse("indicators:month", args=[MONTH]), "cells": cells}


def _indicator(number: int, agency: Any, dimension: Dimension, values: list[DimensionValue]) -> list[str]:
    """Make an indicator with its series; return the names of its cells."""
    indicator = Indicator.objects.create(
        code=f"{_CODE}-{number}",
        name_ms=f"Petunjuk {number}",
        name_en=f"Indicator {number}",
        unit=Unit.CASES,
        basis_ms="Setiap kes dikira sekali.",
        basis_en="Each case counts once.",
        agency=agency,
        position=1_000 + number,
    )
    IndicatorDimension.objects.create(indicator=indicator, dimension=dimension)
    Series.objects.create(indicator=indicator, key="")
    for value in values:
        series = Series.objects.create(indicator=indicator, key=series_key({_CODE: value.code}))
        SeriesValue.objects.create(series=series, value=value)
    return [cell_name(indicator.pk), *(cell_name(indicator.pk, value.pk) for value in values)]

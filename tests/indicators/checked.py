"""Permissions to move freely as a source printed them: a sum that holds in 2021, and fails in 2022."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from indicators.models import Check, Figure, PublishedTable, Series, Source
from indicators.states import CheckKind, PeriodKind
from tests.factories.indicators import (
    make_check,
    make_dimension,
    make_figure,
    make_indicator,
    make_series,
    make_source,
    make_table,
)
from tests.recommendations.conftest import Desk, desk
from tests.shared import shared

__all__ = ["Printed", "desk", "figure_of", "month", "printed"]

#: Men, women, boys and girls, then the total as printed.
YEARS = {2021: (87, 50, 0, 1, 138), 2022: (29, 50, 0, 1, 81)}
EXPLAINED = (date(2022, 1, 1), date(2022, 12, 31))


@dataclass
class Printed:
    """A source's table, its series by value ("" is the total), and the checks on them."""

    source: Source
    table: PublishedTable
    series: dict[str, Series]
    sums: Check
    bases: Check

    def figure(self, value: str, year: int) -> Figure:
        return Figure.objects.get(series=self.series[value], begins_on__year=year, source=self.source)


@shared
def printed(desk: Desk, now: datetime) -> Printed:
    """The table, a check of its sums in every year, and one of bases that nobody can judge."""
    source = make_source(desk.cycle, now=now, text="Baris\n" * 20)
    dimension = make_dimension()
    permits = make_indicator("KBB", agency=desk.agency, dimensions=(dimension,))
    parts = ("men", "women", "boys", "girls")
    series = {value: make_series(permits, sex_age=value) for value in parts} | {"": make_series(permits)}
    rows = [
        [figure_of(each, YEARS[year][row], year, now=now, source=source) for year in YEARS]
        for row, each in enumerate(series.values())
    ]
    table = make_table(source, rows, key="L")
    sums = make_check(source, [series[value] for value in parts], [series[""]], code="kbb-sum")
    bases = make_check(source, [rows[0][0]], [rows[1][1]], kind=CheckKind.BASIS, code="kbb-basis")
    return Printed(source, table, series, sums, bases)


def figure_of(series: Series, number: int, year: int, *, now: datetime, **values: Any) -> Figure:
    """A figure of a calendar year."""
    days = {"begins_on": date(year, 1, 1), "ends_on": date(year, 12, 31)}
    return make_figure(series, number, now=now, **days, **values)


def month(series: Series, number: int, *, now: datetime, **values: Any) -> Figure:
    """A figure that an agency reported of August 2023."""
    days = {"begins_on": date(2023, 8, 1), "ends_on": date(2023, 8, 31), "kind": PeriodKind.MONTH}
    return make_figure(series, number, now=now, **days, **values)

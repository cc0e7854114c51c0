"""A month's form: the cells that an agency fills in, with what stands beside each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Agency
from indicators.cells import cell_name
from indicators.models import (
    Dimension,
    DimensionValue,
    Figure,
    FigureDecision,
    FigureReport,
    Indicator,
    Series,
)
from indicators.models.series import series_key
from indicators.months import month_before, year_before
from indicators.numbers import plain
from indicators.states import FigureReportState, PeriodKind
from recommendations.states import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One number to be given: the total of an indicator, or that of one value of a dimension.

    `last_month` and `last_year` are what was accepted for the month before, and for the same month a year before;
    `standing` is what was accepted for this month already; `returned` is why MAPO returned the newest version of it.
    `series_id` is that of its series, once anybody has given a figure of it.
    """

    name: str
    indicator: Indicator
    value: DimensionValue | None
    key: str
    last_month: Decimal | None
    last_year: Decimal | None
    standing: Figure | None
    returned: str = ""
    series_id: int | None = None

    @property
    def label(self) -> str:
        """What is counted in it: "Protection orders", or "Protection orders, women"."""
        return self.indicator.name if self.value is None else f"{self.indicator.name}, {self.value.name}"

    @property
    def beside(self) -> list[tuple[str, str]]:
        """What stands beside it: words and number."""
        said = (
            (_("Last month"), self.last_month),
            (_("A year before"), self.last_year),
            (_("Accepted"), self.standing.value if self.standing else None),
        )
        return [(words, plain(number)) for words, number in said if number is not None]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """An indicator with its cells, one a column; None where the cell stands in an earlier table."""

    indicator: Indicator
    cells: list[Cell | None]


@dataclass(frozen=True, slots=True)
class SheetTable:
    """Indicators that are broken down alike: by one dimension, or (None) by nothing."""

    dimension: Dimension | None
    rows: list[SheetRow] = field(default_factory=list)

    @property
    def values(self) -> list[DimensionValue]:
        """What the columns behind the total are about."""
        return list(self.dimension.values.all()) if self.dimension else []


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """All cells of an agency for a month by name, and the tables in which they stand."""

    month: date
    cells: Mapping[str, Cell]
    tables: list[SheetTable]


def read_month_sheet(agency: Agency, month: date, *, report: FigureReport | None) -> MonthSheet:
    """Return the cells of the agency's active indicators for a month (six queries at most)."""
    indicators = list(agency.indicators.filter(is_active=True).prefetch_related("dimensions__values"))
    beside = _Beside(indicators, month, report=report)
    tables: dict[int | None, SheetTable] = {}
    cells: dict[str, Cell] = {}
    for indicator in indicators:
        for place, dimension in enumerate(indicator.dimensions.all() or [None]):
            row = _row(indicator, dimension, beside=beside, has_total=place == 0)
            key = dimension.pk if dimension else None
            tables.setdefault(key, SheetTable(dimension)).rows.append(row)
            cells |= {cell.name: cell for cell in row.cells if cell}
    return MonthSheet(month, cells, list(tables.values()))


def _row(indicator: Indicator, dimension: Dimension | None, *, beside: _Beside, has_total: bool) -> SheetRow:
    values = list(dimension.values.all()) if dimension else []
    total = beside.cell(indicator, None, key="") if has_total else None
    broken_down = [
        beside.cell(indicator, value, key=series_key({dimension.code: value.code}))
        for value in values
        if dimension
    ]
    return SheetRow(indicator, [total, *broken_down])


class _Beside:
    """What was accepted, and what was returned, by indicator and key of the series."""

    def __init__(self, indicators: Iterable[Indicator], month: date, *, report: FigureReport | None) -> None:
        self.month = month
        wanted = [month, month_before(month), year_before(month)]
        figures = Figure.objects.standing().filter(
            source=None,
            period_kind=PeriodKind.MONTH,
            begins_on__in=wanted,
            series__indicator__in=[indicator.pk for indicator in indicators],
        )
        self.figures = {
            (figure.series.indicator_id, figure.series.key, figure.begins_on): figure
            for figure in figures.select_related("series")
        }
        self.returned = _returned(report)
        series = Series.objects.filter(indicator__in=[indicator.pk for indicator in indicators])
        rows = series.values_list("indicator_id", "key", "pk")
        self.series = {(indicator_id, key): pk for indicator_id, key, pk in rows}

    def cell(self, indicator: Indicator, value: DimensionValue | None, *, key: str) -> Cell:
        """Return a cell with what stands beside it."""

        def accepted(month: date) -> Decimal | None:
            figure = self.figures.get((indicator.pk, key, month))
            return figure.value if figure else None

        return Cell(
            name=cell_name(indicator.pk, value.pk if value else None),
            indicator=indicator,
            value=value,
            key=key,
            last_month=accepted(month_before(self.month)),
            last_year=accepted(year_before(self.month)),
            standing=self.figures.get((indicator.pk, key, self.month)),
            returned=self.returned.get((indicator.pk, key), ""),
            series_id=self.series.get((indicator.pk, key)),
        )


def _returned(report: FigureReport | None) -> dict[tuple[int, str], str]:
    """Return why figures of the newest version came back, by indicator and key; one query, where any did."""
    if report is None or report.state != FigureReportState.RETURNED or report.submitted_at is None:
        return {}
    decisions = FigureDecision.objects.filter(
        sent__submission__report=report,
        sent__submission__submitted_at=report.submitted_at,
        decision=Decision.RETURN,
    )
    rows = decisions.values_list("sent__series__indicator_id", "sent__series__key", "reason")
    return {(indicator_id, key): reason for indicator_id, key, reason in rows}

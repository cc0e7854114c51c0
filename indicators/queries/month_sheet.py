"""A month's form: the cells that an agency fills in, with what stands beside each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

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
    IndicatorDimension,
    Series,
)
from indicators.models.series import series_key
from indicators.months import month_before, year_before
from indicators.numbers import plain
from indicators.states import PeriodKind
from recommendations.states import Decision
from submissions.states import SubmissionState


class StandingFigure(NamedTuple):
    """What was accepted for a month: the number, and how it was given."""

    value: Decimal
    text: str


class Cell(NamedTuple):
    """One number to be given: the total of an indicator, or that of one value of a dimension.

    `around` is the month of the agency, which knows what stands beside the cell and reads it when it is first asked.
    """

    name: str
    indicator: Indicator
    value: DimensionValue | None
    key: str
    around: _Month

    @property
    def last_month(self) -> Decimal | None:
        """What was accepted for the month before."""
        return self._accepted(month_before(self.around.month))

    @property
    def last_year(self) -> Decimal | None:
        """What was accepted for the same month a year before."""
        return self._accepted(year_before(self.around.month))

    @property
    def standing(self) -> StandingFigure | None:
        """What was accepted for this month already."""
        return self.around.figures.get((self.indicator.pk, self.key, self.around.month))

    @property
    def returned(self) -> str:
        """Why MAPO returned the newest version of it; "" where it did not."""
        return self.around.returned.get((self.indicator.pk, self.key), "")

    @property
    def series_id(self) -> int | None:
        """The key of its series, once anybody has given a figure of it."""
        return self.around.series.get((self.indicator.pk, self.key))

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

    def _accepted(self, month: date) -> Decimal | None:
        figure = self.around.figures.get((self.indicator.pk, self.key, month))
        return figure.value if figure else None


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
    """Return the cells of the agency's active indicators for a month (four queries; three more for what stands beside them).

    What stands beside a cell is read when it is first asked for: what is only saved needs none of it.
    """
    indicators = list(agency.indicators.filter(is_active=True))
    around = _Month(indicators, month, report)
    tables: dict[int | None, SheetTable] = {}
    cells: dict[str, Cell] = {}
    dimensions = _dimensions_of(indicators)
    keyed = {each.pk: _keys_of(each) for several in dimensions.values() for each in several}
    for indicator in indicators:
        total: Cell | None = Cell(cell_name(indicator.pk), indicator, None, "", around)
        in_tables: Sequence[Dimension | None] = dimensions.get(indicator.pk) or [None]
        for dimension in in_tables:
            broken_down = [
                Cell(cell_name(indicator.pk, value.pk), indicator, value, key, around)
                for value, key in (keyed[dimension.pk] if dimension else ())
            ]
            row, total = SheetRow(indicator, [total, *broken_down]), None
            tables.setdefault(dimension.pk if dimension else None, SheetTable(dimension)).rows.append(row)
            cells.update((cell.name, cell) for cell in row.cells if cell)
    return MonthSheet(month, cells, list(tables.values()))


def _keys_of(dimension: Dimension) -> list[tuple[DimensionValue, str]]:
    """Return the values of a dimension, each with the key of its series."""
    return [(value, series_key({dimension.code: value.code})) for value in dimension.values.all()]


def _dimensions_of(indicators: Iterable[Indicator]) -> dict[int, list[Dimension]]:
    """Return by what indicators may be broken down, by their keys; equal dimensions are one object (three queries)."""
    links = IndicatorDimension.objects.filter(indicator__in=[indicator.pk for indicator in indicators])
    pairs = list(links.order_by("dimension__code").values_list("indicator_id", "dimension_id"))
    known = Dimension.objects.prefetch_related("values").in_bulk({dimension for _of, dimension in pairs})
    found: dict[int, list[Dimension]] = {}
    for indicator_id, dimension_id in pairs:
        found.setdefault(indicator_id, []).append(known[dimension_id])
    return found


@dataclass(frozen=True)
class _Month:
    """A month of an agency's indicators: what was accepted, and what was returned, by indicator and key of the series."""

    indicators: Sequence[Indicator]
    month: date
    report: FigureReport | None

    @cached_property
    def figures(self) -> Mapping[tuple[int, str, date], StandingFigure]:
        """What was accepted for this month, the one before and that of a year before (one query)."""
        given = Figure.objects.standing().filter(
            source=None,
            period_kind=PeriodKind.MONTH,
            begins_on__in=[self.month, month_before(self.month), year_before(self.month)],
            series__indicator__in=self._keys,
        )
        rows = given.order_by("pk").values_list(
            "series__indicator_id", "series__key", "begins_on", "value", "text"
        )
        return {
            (pk, key, month): StandingFigure(value, text) for pk, key, month, value, text in rows if month
        }

    @cached_property
    def returned(self) -> Mapping[tuple[int, str], str]:
        """Why figures of the newest version came back (one query, where any did)."""
        return _returned(self.report)

    @cached_property
    def series(self) -> Mapping[tuple[int, str], int]:
        """The keys of all series (one query)."""
        rows = Series.objects.filter(indicator__in=self._keys).values_list("indicator_id", "key", "pk")
        return {(indicator_id, key): pk for indicator_id, key, pk in rows}

    @property
    def _keys(self) -> list[int]:
        return [indicator.pk for indicator in self.indicators]


def _returned(report: FigureReport | None) -> dict[tuple[int, str], str]:
    """Return why figures of the newest version came back, by indicator and key; one query, where any did."""
    if report is None or report.state != SubmissionState.RETURNED or report.submitted_at is None:
        return {}
    decisions = FigureDecision.objects.filter(
        sent__submission__report=report,
        sent__submission__submitted_at=report.submitted_at,
        decision=Decision.RETURN,
    )
    rows = decisions.values_list("sent__series__indicator_id", "sent__series__key", "reason")
    return {(indicator_id, key): reason for indicator_id, key, reason in rows}

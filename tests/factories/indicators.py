"""Indicators, figures and published tables for tests, written straight to the tables."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.models import Agency
from indicators.models import (
    Check,
    CheckTerm,
    Dimension,
    DimensionValue,
    Figure,
    Indicator,
    IndicatorDimension,
    PublishedCell,
    PublishedTable,
    Series,
    SeriesValue,
    Source,
)
from indicators.models.series import series_key
from indicators.states import CheckKind, PeriodKind, Side, Unit
from recommendations.models import Cycle
from recommendations.states import Pillar


def make_dimension(
    code: str = "sex_age", values: tuple[str, ...] = ("men", "women", "boys", "girls")
) -> Dimension:
    """A dimension with values of these codes."""
    dimension = Dimension.objects.create(code=code, name_ms=f"Pecahan {code}", name_en=f"By {code}")
    for position, value in enumerate(values):
        DimensionValue.objects.create(
            dimension=dimension, code=value, name_ms=f"{value} (ms)", name_en=value, position=position
        )
    return dimension


def make_indicator(
    code: str = "ipo",
    *,
    agency: Agency | None = None,
    dimensions: tuple[Dimension, ...] = (),
    **values: Any,
) -> Indicator:
    """An indicator that counts orders by flow, unless `values` say otherwise."""
    facts: dict[str, Any] = {
        "name_ms": f"Petunjuk {code}",
        "name_en": f"Indicator {code}",
        "unit": Unit.ORDERS,
        "basis_ms": "Setiap perintah dikira sekali, pada hari perintah itu dikeluarkan.",
        "basis_en": "Each order counts once, on the day on which it is made.",
        "pillar": Pillar.PROTECTION,
        "counts_victims": True,
    }
    indicator = Indicator.objects.create(code=code, agency=agency, **(facts | values))
    for dimension in dimensions:
        IndicatorDimension.objects.create(indicator=indicator, dimension=dimension)
    return indicator


def make_series(indicator: Indicator, **values: str) -> Series:
    """The series of an indicator with these values by dimension; without any, its total."""
    series, is_new = Series.objects.get_or_create(indicator=indicator, key=series_key(values))
    if is_new:
        for dimension, code in values.items():
            value = DimensionValue.objects.get(dimension__code=dimension, code=code)
            SeriesValue.objects.create(series=series, value=value)
    return series


def make_figure(
    series: Series,
    number: int | str | Decimal,
    *,
    begins_on: date | None = date(2022, 1, 1),
    ends_on: date | None = date(2022, 12, 31),
    kind: str = PeriodKind.YEAR,
    now: datetime,
    text: str = "",
    **values: Any,
) -> Figure:
    """A figure of a series; of the calendar year 2022 unless told otherwise."""
    return Figure.objects.create(
        series=series,
        period_kind=kind,
        begins_on=begins_on,
        ends_on=ends_on,
        text=text or str(number),
        value=Decimal(number),
        recorded_at=now,
        **values,
    )


def make_source(
    cycle: Cycle, *, now: datetime, code: str = "statement", text: str = "Jumlah 510\nJumlah 181\n"
) -> Source:
    """A document that printed figures."""
    content = text.encode()
    return Source.objects.create(
        cycle=cycle,
        code=code,
        title_ms="Kenyataan media",
        title_en="Press statement",
        published_on=cycle.source_on,
        file_name="kenyataan-media.txt",
        media_type="text/plain",
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        text=text,
        loaded_at=now,
    )


def make_table(source: Source, figures: list[list[Figure]], *, key: str = "E") -> PublishedTable:
    """A published table of these rows of figures, each with a heading."""
    table = PublishedTable.objects.create(
        source=source,
        key=key,
        position=ord(key[0]),
        title_ms=f"Jadual {key}",
        title_en=f"Table {key}",
        columns=[_heading(f"Lajur {number}") for number in range(len(figures[0]))],
        rows=[_heading(f"Baris {number}") for number in range(len(figures))],
        footnotes=[],
        line=1,
    )
    for row, cells in enumerate(figures):
        for column, figure in enumerate(cells):
            PublishedCell.objects.create(
                table=table, row=row, column=column, text=figure.text, figure=figure, line=1
            )
    return table


#: A term of a check: a series in every period, or one figure's own series and period.
Term = Series | Figure


def make_check(
    source: Source,
    left: list[Term],
    right: list[Term],
    *,
    kind: str = CheckKind.SUM,
    code: str = "",
    **values: Any,
) -> Check:
    """A check of a source; a series stands for each period alike, a figure for its own period."""
    position = source.checks.count()
    note = {"note_ms": "Bahagian berjumlah kepada jumlah.", "note_en": "The parts add up to the total."}
    check = Check.objects.create(
        source=source, code=code or f"check-{position}", kind=kind, position=position, **(note | values)
    )
    for side, terms in ((Side.LEFT, left), (Side.RIGHT, right)):
        for term in terms:
            CheckTerm.objects.create(check_of=check, side=side, **_term(term))
    return check


def _term(term: Term) -> dict[str, Any]:
    if isinstance(term, Series):
        return {"series": term}
    period = {name: getattr(term, name) for name in ("period_kind", "begins_on", "ends_on")}
    return {"series": term.series, **period}


def _heading(words: str) -> dict[str, Any]:
    return {"ms": words, "en": words, "is_own_ms": False, "is_own_en": False}

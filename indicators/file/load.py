"""Loads the section into the database: what is missing is created; what exists stays, and is reported where it differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from accounts.models import User
from cycles.file import SectionLoad
from cycles.file.load import differences, find_agency
from indicators.file.entries import (
    CellEntry,
    DimensionEntry,
    FiguresFile,
    IndicatorEntry,
    SeriesEntry,
    TableEntry,
)
from indicators.file.load_checks import ChecksLoading
from indicators.models import (
    Dimension,
    DimensionValue,
    Figure,
    Indicator,
    IndicatorDimension,
    IndicatorItem,
    IndicatorItemVersion,
    PublishedCell,
    PublishedTable,
    Series,
    SeriesValue,
    Source,
)
from indicators.models.series import series_key
from indicators.services.definitions import breakdown_name, take_into_use, waits_for_opening
from recommendations.models import Cycle

#: What tells figures of one source apart: series, kind of period, first and last day.
FigureKey = tuple[Any, ...]


class FiguresLoading:
    """One load of a section: its state while it runs."""

    def __init__(self, figures: FiguresFile, cycle: Cycle, *, actor: User | None, now: datetime) -> None:
        self.file = figures
        self.cycle = cycle
        self.actor = actor
        self.now = now
        self.done = SectionLoad()
        self.values: dict[tuple[str, str], DimensionValue] = {}
        self.indicators: dict[str, Indicator] = {}
        self.series: dict[tuple[str, str], Series] = {}
        self.figures: dict[FigureKey, Figure] = {}

    def run(self) -> SectionLoad:
        """Load everything; return what was done."""
        dimensions = {entry.code: self._dimension(entry) for entry in self.file.dimensions}
        for position, entry in enumerate(self.file.indicators, start=1):
            self._indicator(entry, position, dimensions)
        source = self._source()
        self._make_series()
        self._make_figures(source)
        for position, table in enumerate(self.file.tables, start=1):
            self._table(source, table, position)
        ChecksLoading(self.file, source, self._series_named, self.done).run()
        return self.done

    def _dimension(self, entry: DimensionEntry) -> Dimension:
        dimension = Dimension.objects.filter(code=entry.code).first()
        self._count("dimensions", is_new=dimension is None)
        if dimension is None:
            dimension = Dimension.objects.create(code=entry.code, **entry.names)
        else:
            self._compare(dimension, entry.names, label=entry.code)
        known = {value.code: value for value in dimension.values.all()}
        for position, value in enumerate(entry.values, start=1):
            found = known.get(value.code)
            if found is None:
                found = DimensionValue.objects.create(
                    dimension=dimension, code=value.code, position=position, **value.names
                )
            else:
                self._compare(found, value.names, label=f"{entry.code} {value.code}")
            self.values[entry.code, value.code] = found
        return dimension

    def _indicator(self, entry: IndicatorEntry, position: int, dimensions: Mapping[str, Dimension]) -> None:
        columns = dict(entry.columns)
        indicator = Indicator.objects.filter(code=entry.code).first()
        is_new = indicator is None
        self._count("indicators", is_new=is_new)
        if indicator is None:
            agency = find_agency(entry.agency.code) if entry.agency else None
            columns |= {"agency": agency, "is_active": self.cycle.is_opened}
            indicator = Indicator.objects.create(code=entry.code, position=position, **columns)
        else:
            self._compare(indicator, columns, label=entry.code)
        self.indicators[entry.code] = indicator
        self._use(indicator, [dimensions[each.code] for each in entry.dimensions])
        if is_new or not self._was_linked(indicator):
            self._link(indicator, entry)

    def _use(self, indicator: Indicator, dimensions: Sequence[Dimension]) -> None:
        """Let the indicator be asked for, by these dimensions too: now, or once the cycle is opened."""
        is_opened, waits = self.cycle.is_opened, waits_for_opening(indicator)
        names = [indicator.code] if waits else []
        if is_opened or waits:
            links = [IndicatorDimension(indicator=indicator, dimension=each) for each in dimensions]
            IndicatorDimension.objects.bulk_create(links, ignore_conflicts=True)
        else:
            known = set(indicator.dimensions.all())
            names += [breakdown_name(indicator, each) for each in dimensions if each not in known]
        if is_opened:
            take_into_use(names, actor=self.actor, now=self.now)
        else:
            self.done.waiting += names

    def _was_linked(self, indicator: Indicator) -> bool:
        """Whether the indicator ever spoke to an item of the cycle: a link that MAPO removed does not come back."""
        versions = IndicatorItemVersion.objects.filter(indicator=indicator)
        return bool(versions.filter(item__cycle=self.cycle).exists())

    def _link(self, indicator: Indicator, entry: IndicatorEntry) -> None:
        items = {(item.kind, item.number): item for item in self.cycle.items.all()}
        IndicatorItem.objects.bulk_create(
            IndicatorItem(indicator=indicator, item=items[wanted.key]) for wanted in entry.items
        )

    def _source(self) -> Source:
        columns = dict(self.file.source.columns)
        source = Source.objects.filter(cycle=self.cycle, code=columns["code"]).first()
        self._count("figure_sources", is_new=source is None)
        if source is None:
            return Source.objects.create(
                cycle=self.cycle,
                content=self.file.source.content,
                text=self.file.source.text,
                loaded_at=self.now,
                **columns,
            )
        self._compare(source, columns, label=columns["code"])
        return source

    def _make_series(self) -> None:
        wanted = {_series_of(cell): cell.about.values for cell in self.file.figure_cells}
        terms = [term for check in self.file.checks for term in check.terms]
        wanted |= {_series_key(term.series): term.series.values for term in terms}
        found = Series.objects.filter(indicator__in=self.indicators.values()).select_related("indicator")
        self.series = {(series.indicator.code, series.key): series for series in found}
        missing = [key for key in wanted if key not in self.series]
        created = Series.objects.bulk_create(
            Series(indicator=self.indicators[code], key=key) for code, key in missing
        )
        self.series |= dict(zip(missing, created, strict=True))
        SeriesValue.objects.bulk_create(
            SeriesValue(series=self.series[key], value=self.values[value])
            for key in missing
            for value in wanted[key].items()
        )

    def _series_named(self, entry: SeriesEntry) -> Series:
        return self.series[_series_key(entry)]

    def _make_figures(self, source: Source) -> None:
        self.figures = {_key_of(figure): figure for figure in source.figures.standing()}
        existing = len(self.figures)
        new: dict[FigureKey, Figure] = {}
        for cell in self.file.figure_cells:
            figure = self._figure(cell, source)
            key = _key_of(figure)
            if key not in self.figures:
                new.setdefault(key, figure)
            elif self.figures[key].value != figure.value:
                words = {"figure": self.figures[key], "other": cell.text}
                self.done.differences.append(_("%(figure)s; the file has %(other)s: not changed.") % words)
        created = Figure.objects.bulk_create(new.values())
        self.figures |= dict(zip(new, created, strict=True))
        self.done.created["figures"] += len(created)
        self.done.left_alone["figures"] += existing

    def _figure(self, cell: CellEntry, source: Source) -> Figure:
        """Return the figure of a cell, not saved."""
        period = cell.about.period
        assert period is not None and cell.value is not None
        return Figure(
            series=self.series[_series_of(cell)],
            period_kind=period.kind,
            begins_on=period.begins_on,
            ends_on=period.ends_on,
            is_partial=period.is_partial,
            counted_to=period.counted_to,
            text=cell.text,
            value=cell.value,
            source=source,
            recorded_by=self.actor,
            recorded_at=self.now,
        )

    def _table(self, source: Source, entry: TableEntry, position: int) -> None:
        columns = {
            "title_ms": entry.title.ms,
            "title_en": entry.title.en,
            "is_own_title_ms": "ms" in entry.title.own,
            "is_own_title_en": "en" in entry.title.own,
            "stub": entry.stub.as_json() if entry.stub else None,
            "columns": [
                column.heading.as_json()
                | {"group": None if column.group is None else entry.groups[column.group].as_json()}
                for column in entry.columns
            ],
            "rows": [row.as_json() for row in entry.rows],
            "footnotes": [
                {"text": footnote.text, "line": footnote.source_line} for footnote in entry.footnotes
            ],
            "line": entry.source_line,
        }
        table = PublishedTable.objects.filter(source=source, key=entry.key).first()
        self._count("tables", is_new=table is None)
        if table is None:
            table = PublishedTable.objects.create(source=source, key=entry.key, position=position, **columns)
        else:
            self._compare(table, columns, label=entry.key)
        self._table_cells(source, table, entry)

    def _table_cells(self, source: Source, table: PublishedTable, entry: TableEntry) -> None:
        known = {(cell.row, cell.column, cell.order): cell for cell in table.cells.all()}
        new = []
        for cell in entry.cells:
            figure = None
            if cell.value is not None:
                figure = self.figures[_key_of(self._figure(cell, source))]
            columns = {
                "text": cell.text,
                "note": cell.note,
                "line": cell.source_line,
                "change": cell.change,
                "figure_id": figure and figure.pk,
            }
            place = (cell.row, cell.column, cell.order)
            if place in known:
                label = f"{entry.key} {cell.row + 1}/{cell.column + 1} “{known[place].text}”"
                self._compare(known[place], columns, label=label)
            else:
                new.append(
                    PublishedCell(table=table, row=cell.row, column=cell.column, order=cell.order, **columns)
                )
        PublishedCell.objects.bulk_create(new)
        self.done.created["cells"] += len(new)
        self.done.left_alone["cells"] += len(known)

    def _count(self, noun: str, *, is_new: bool) -> None:
        (self.done.created if is_new else self.done.left_alone)[noun] += 1

    def _compare(self, thing: models.Model, values: Mapping[str, Any], *, label: str) -> None:
        self.done.differences += differences(thing, values, label=label)


def _series_of(cell: CellEntry) -> tuple[str, str]:
    """Return the code of the indicator and the key of the series."""
    assert cell.about.indicator is not None
    return cell.about.indicator.code, series_key(dict(cell.about.values))


def _series_key(entry: SeriesEntry) -> tuple[str, str]:
    return entry.indicator, series_key(dict(entry.values))


def _key_of(figure: Figure) -> FigureKey:
    return (figure.series_id, figure.period_kind, figure.begins_on, figure.ends_on)

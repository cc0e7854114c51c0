"""What the section of the figures holds once it is read: typed entries, each with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from cycles.file import NumberedEntry


@dataclass(frozen=True)
class CodeEntry:
    """A code that the file names, such as an agency's."""

    line: int
    code: str


@dataclass(frozen=True)
class SourceEntry:
    """The document that printed the figures. `columns` are those of `Source` that the file gives."""

    line: int
    columns: Mapping[str, Any]
    content: bytes
    text: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class DimensionEntry(CodeEntry):
    """A dimension with its values, in order; `names` are by column."""

    names: Mapping[str, str]
    values: tuple[DimensionValueEntry, ...]


@dataclass(frozen=True)
class DimensionValueEntry(CodeEntry):
    """One value of a dimension; `names` are by column."""

    names: Mapping[str, str]


@dataclass(frozen=True)
class IndicatorEntry(CodeEntry):
    """An indicator; `columns` are those of `Indicator` that the file gives."""

    columns: Mapping[str, Any]
    agency: CodeEntry | None
    dimensions: tuple[CodeEntry, ...]
    items: tuple[NumberedEntry, ...]

    @property
    def unit(self) -> str:
        return str(self.columns["unit"])


@dataclass(frozen=True)
class HeadingEntry:
    """A title or heading in both languages; what is the project's own in a language is marked there."""

    line: int
    ms: str
    en: str
    own: frozenset[str] = frozenset()

    @property
    def printed(self) -> list[str]:
        """Return the words that the source printed."""
        texts = {"ms": self.ms, "en": self.en}
        return [text for language, text in texts.items() if language not in self.own and text]

    def as_json(self) -> dict[str, Any]:
        """Return it as `PublishedTable` keeps headings."""
        return {
            "ms": self.ms,
            "en": self.en,
            "is_own_ms": "ms" in self.own,
            "is_own_en": "en" in self.own,
        }


@dataclass(frozen=True)
class PeriodEntry:
    """A period; without days where the source states none. `short_name` is what checks call it, such as 2021/2022."""

    line: int
    kind: str
    begins_on: date | None = None
    ends_on: date | None = None
    counted_to: date | None = None
    short_name: str = ""

    @property
    def is_partial(self) -> bool:
        """Whether the source counted only to a day before the end."""
        return None not in (self.counted_to, self.ends_on) and self.counted_to != self.ends_on

    @property
    def key(self) -> tuple[str, date | None, date | None]:
        """Return what tells periods apart."""
        return (self.kind, self.begins_on, self.ends_on)


@dataclass(frozen=True)
class SeriesEntry:
    """A series as the file names it: an indicator, and a value of each of some dimensions by their codes."""

    indicator: str
    values: Mapping[str, str]

    @property
    def words(self) -> str:
        """Return what tells series apart: KBB sex_age=men."""
        return " ".join([self.indicator, *(f"{name}={self.values[name]}" for name in sorted(self.values))])


@dataclass(frozen=True)
class About:
    """What a table, a column, a row or a cell says of the figures within: any of indicator, values and period."""

    indicator: CodeEntry | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    period: PeriodEntry | None = None

    def within(self, outer: About) -> About:
        """Return what counts where this stands inside another; the inner one wins."""
        return About(
            self.indicator or outer.indicator, {**outer.values, **self.values}, self.period or outer.period
        )


@dataclass(frozen=True)
class CellEntry:
    """A printed value at a row and a column: a figure (`value`), a change in per cent (`change`), or a mark (neither).

    `source_line` is the line of the source's text where it stands.
    """

    line: int
    row: int
    column: int
    order: int
    text: str
    note: str
    source_line: int
    value: Decimal | None
    change: Decimal | None
    about: About


@dataclass(frozen=True)
class ColumnEntry:
    """A column: its heading, and the number of the heading above it, if there is one."""

    heading: HeadingEntry
    group: int | None
    about: About


@dataclass(frozen=True)
class FootnoteEntry:
    """A footnote as printed, and its line in the source's text."""

    line: int
    text: str
    source_line: int


@dataclass(frozen=True)
class TableEntry:
    """A printed table. `stub` is the heading above those of the rows, if there is one."""

    line: int
    key: str
    title: HeadingEntry
    source_line: int
    stub: HeadingEntry | None
    groups: tuple[HeadingEntry, ...]
    columns: tuple[ColumnEntry, ...]
    rows: tuple[HeadingEntry, ...]
    cells: tuple[CellEntry, ...]
    footnotes: tuple[FootnoteEntry, ...]

    @property
    def headings(self) -> list[HeadingEntry]:
        """Return everything in it that the source may have printed as a heading."""
        stub = [self.stub] if self.stub else []
        return [self.title, *stub, *self.groups, *(column.heading for column in self.columns), *self.rows]


@dataclass(frozen=True)
class TermEntry:
    """A number of a check: a series, and a period by its short name ("2022", "2021/2022"); "" means each period."""

    line: int
    text: str
    series: SeriesEntry
    period: str


@dataclass(frozen=True)
class PrintedPlace:
    """The place of a printed change: the table's key, its row and column, and which of several values it is (from 0)."""

    line: int
    table: str
    row: int
    column: int
    order: int


@dataclass(frozen=True)
class CheckEntry(CodeEntry):
    """A check: its kind, what it compares in words by column, and its terms."""

    kind: str
    notes: Mapping[str, str]
    left: tuple[TermEntry, ...]
    right: tuple[TermEntry, ...]
    printed: PrintedPlace | None = None
    claim: NumberedEntry | None = None

    @property
    def terms(self) -> tuple[TermEntry, ...]:
        return (*self.left, *self.right)


@dataclass(frozen=True)
class FiguresFile:
    """The whole section."""

    line: int
    source: SourceEntry
    dimensions: tuple[DimensionEntry, ...]
    indicators: tuple[IndicatorEntry, ...]
    tables: tuple[TableEntry, ...]
    checks: tuple[CheckEntry, ...] = ()

    @property
    def figure_cells(self) -> list[CellEntry]:
        """Return the cells that show a figure."""
        return [cell for table in self.tables for cell in table.cells if cell.value is not None]

    @cached_property
    def printed_periods(self) -> dict[tuple[str, str], PeriodEntry]:
        """Return the period of each printed figure by the words of its series and the short name of the period."""
        return {
            (SeriesEntry(about.indicator.code, about.values).words, about.period.short_name): about.period
            for about in (cell.about for cell in self.figure_cells)
            if about.indicator and about.period
        }

    @cached_property
    def printed_changes(self) -> set[tuple[str, int, int, int]]:
        """Return the places of the printed changes: the table's key, row, column, and which of several values."""
        return {
            (table.key, cell.row, cell.column, cell.order)
            for table in self.tables
            for cell in table.cells
            if cell.change is not None
        }

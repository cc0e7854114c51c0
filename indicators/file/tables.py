"""Reads the printed tables: headings, rows, cells, footnotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from decimal import Decimal

import yaml
from django.utils.translation import gettext as _

from cycles.file import FileSection
from cycles.file.yaml_source import line_of
from indicators.file import words
from indicators.file.entries import (
    About,
    CellEntry,
    ColumnEntry,
    DimensionEntry,
    FootnoteEntry,
    HeadingEntry,
    TableEntry,
)
from indicators.file.periods import read_period
from indicators.states import NAME_LENGTH, TEXT_LENGTH

#: More than any page prints: a mistake, or an attempt to exhaust memory.
MAX_TABLES, MAX_COLUMNS, MAX_ROWS = 100, 100, 500
KEY_LENGTH = 4

_ABOUT = {"indicator", "by", "period"}
_TABLE = {"key", "title", "line", "columns", "rows"}
_CELL = {"column", "text"}
_CELL_OPTIONAL = {"line", "note", "value", "change"}

#: The codes of the values of each dimension.
KnownValues = Mapping[str, Set[str]]


def read_tables(section: FileSection, dimensions: tuple[DimensionEntry, ...]) -> tuple[TableEntry, ...]:
    """Return the tables of the file, in order; `dimensions` are those of the file."""
    known = {dimension.code: {value.code for value in dimension.values} for dimension in dimensions}
    if _are_too_many(section, "tables", MAX_TABLES):
        return ()
    tables = section.sections("tables", required=_TABLE, optional=_ABOUT | {"stub", "groups", "footnotes"})
    return tuple(_TableReader(table, known).read() for table in tables)


def _are_too_many(section: FileSection, key: str, most: int) -> bool:
    """Return whether a list has more entries than it may, after adding the problem."""
    if len(section.nodes(key)) <= most:
        return False
    reason = _("There are more than %(most)s entries under “%(key)s”.") % {"most": most, "key": key}
    section.problems.add(section.line_for(key), reason)
    return True


def read_about(section: FileSection, known: KnownValues) -> About:
    """Return what a table, a column, a row or a cell says of its figures."""
    indicator = section.values.get("indicator")
    by = section.section("by", required=set(), optional=set(known))
    return About(
        indicator=None if indicator is None else words.code(section, indicator, key="indicator"),
        values={dimension: by.choice(dimension, sorted(known[dimension])) for dimension in by.values},
        period=read_period(section),
    )


class _TableReader:
    """Reads one table; holds what its rows need to know of it."""

    def __init__(self, section: FileSection, known: KnownValues) -> None:
        self.section = section
        self.known = known
        self.about = read_about(section, known)
        self.groups = self._headings("groups")
        self.columns = tuple(self._columns())

    def read(self) -> TableEntry:
        section = self.section
        rows, cells = [], []
        for number, row in enumerate(self._rows()):
            rows.append(words.heading_under(row, "heading"))
            cells += _RowReader(self, row, number).read()
        return TableEntry(
            line=section.line,
            key=section.text("key", max_length=KEY_LENGTH),
            title=words.heading_under(section, "title"),
            source_line=section.whole("line", least=1, most=words.MAX_LINE),
            stub=words.heading_under(section, "stub") if "stub" in section.values else None,
            groups=self.groups,
            columns=self.columns,
            rows=tuple(rows),
            cells=tuple(cells),
            footnotes=tuple(self._footnotes()),
        )

    def _headings(self, key: str) -> tuple[HeadingEntry, ...]:
        return tuple(
            words.heading(entry)
            for entry in self.section.sections(key, required=set(words.LANGUAGES), optional={"own"})
        )

    def _columns(self) -> Iterator[ColumnEntry]:
        if _are_too_many(self.section, "columns", MAX_COLUMNS):
            return
        optional = {"own", "group"} | _ABOUT
        for column in self.section.sections("columns", required=set(words.LANGUAGES), optional=optional):
            group = None
            if "group" in column.values:
                group = column.whole("group", least=0, most=max(len(self.groups) - 1, 0))
            yield ColumnEntry(words.heading(column), group, read_about(column, self.known))

    def _rows(self) -> Iterator[FileSection]:
        if not _are_too_many(self.section, "rows", MAX_ROWS):
            optional = _ABOUT | {"line", "lines", "printed", "values", "cells"}
            yield from self.section.sections("rows", required={"heading"}, optional=optional)

    def _footnotes(self) -> Iterator[FootnoteEntry]:
        for footnote in self.section.sections("footnotes", required={"text", "line"}):
            text = words.plain_text(footnote, "text", max_length=NAME_LENGTH)
            yield FootnoteEntry(footnote.line, text, footnote.whole("line", least=1, most=words.MAX_LINE))


class _RowReader:
    """Reads the cells of one row: `printed` with `values`, which fill the columns from the first, or `cells`."""

    def __init__(self, table: _TableReader, row: FileSection, number: int) -> None:
        self.table = table
        self.row = row
        self.number = number
        self.about = read_about(row, table.known)
        self.orders: Counter[int] = Counter()

    def read(self) -> list[CellEntry]:
        """Return the cells in the order of the file."""
        row = self.row
        if ("printed" in row.values) == ("cells" in row.values):
            row.problems.add(row.line, _("A row has either “printed” with “values”, or “cells”."))
            return []
        return list(self._printed() if "printed" in row.values else self._cells())

    def _printed(self) -> Iterator[CellEntry]:
        row, columns = self.row, len(self.table.columns)
        texts, values = row.nodes("printed"), row.nodes("values")
        lines = self._lines(len(texts))
        if len(texts) != len(values):
            words_ = {"texts": len(texts), "values": len(values)}
            row.problems.add(
                row.line_for("values"),
                _("There are %(texts)s texts under “printed”, and %(values)s numbers under “values”.")
                % words_,
            )
            return
        if len(texts) > columns:
            row.problems.add(row.line_for("printed"), _no_such_column(len(texts) - 1, columns))
            return
        for column, (text, value) in enumerate(zip(texts, values, strict=True)):
            yield self._entry(
                line_of(text),
                column,
                text=words.plain_text_of(row, text, key="printed", max_length=TEXT_LENGTH),
                source_line=lines[column],
                value=words.number_of(row, value, key="values"),
            )

    def _lines(self, count: int) -> list[int]:
        """Return the line of each printed text: one for all under `line`, or one each under `lines`."""
        row = self.row
        if "lines" not in row.values:
            if "line" not in row.values:
                row.problems.add(row.line, _("The key “%(key)s” is missing.") % {"key": "line"})
            return [row.whole("line", least=1, most=words.MAX_LINE)] * count
        lines = [row.whole_of(node, key="lines", least=1, most=words.MAX_LINE) for node in row.nodes("lines")]
        if len(lines) != count:
            words_ = {"texts": count, "values": len(lines)}
            row.problems.add(
                row.line_for("lines"),
                _("There are %(texts)s texts under “printed”, and %(values)s numbers under “lines”.")
                % words_,
            )
            return [0] * count
        return lines

    def _cells(self) -> Iterator[CellEntry]:
        for cell in self.row.sections("cells", required=_CELL, optional=_CELL_OPTIONAL | _ABOUT):
            column = cell.whole("column", least=0, most=MAX_COLUMNS)
            if column >= len(self.table.columns):
                cell.problems.add(cell.line_for("column"), _no_such_column(column, len(self.table.columns)))
                continue
            if "value" in cell.values and "change" in cell.values:
                cell.problems.add(cell.line, _("A cell shows a number or a change, not both."))
            line = cell if "line" in cell.values else self.row
            if "line" not in line.values:
                cell.problems.add(cell.line, _("The key “%(key)s” is missing.") % {"key": "line"})
            yield self._entry(
                cell.line,
                column,
                text=words.plain_text(cell, "text", max_length=TEXT_LENGTH),
                note=words.plain_text(cell, "note", max_length=NAME_LENGTH),
                source_line=line.whole("line", least=1, most=words.MAX_LINE),
                value=_number(cell, "value"),
                change=_number(cell, "change"),
                about=read_about(cell, self.table.known),
            )

    def _entry(
        self,
        line: int,
        column: int,
        *,
        text: str,
        source_line: int,
        value: Decimal | None,
        note: str = "",
        change: Decimal | None = None,
        about: About | None = None,
    ) -> CellEntry:
        order = self.orders[column]
        self.orders[column] += 1
        of_column = self.table.columns[column].about.within(self.table.about)
        return CellEntry(
            line=line,
            row=self.number,
            column=column,
            order=order,
            text=text,
            note=note,
            source_line=source_line,
            value=value,
            change=change,
            about=(about or About()).within(self.about.within(of_column)),
        )


def _number(section: FileSection, key: str) -> Decimal | None:
    node: yaml.Node | None = section.values.get(key)
    return None if node is None else words.number_of(section, node, key=key)


def _no_such_column(column: int, count: int) -> str:
    words_ = {"column": column, "count": count}
    return _("There is no column %(column)s; this table has %(count)s, counted from 0.") % words_

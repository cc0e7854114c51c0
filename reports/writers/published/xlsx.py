"""The workbook of published tables: one sheet a table, its numbers typed and shown as the source writes them.

A number keeps its note in its format: 31 is shown as "31 (individu)". What is no number ("< 5", "–") is text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext_lazy, override
from xlsxwriter.format import Format

from indicators.printed_style import NumberStyle
from reports.languages import label_in
from reports.summary.statement import Maker, Statement
from reports.writers.published.tables import (
    TITLE,
    change_words,
    heading_words,
    note_beside,
    notes_of,
    tables_of,
)
from reports.writers.xlsx_sheets import CellFormats, PlainSheet, open_workbook, set_page_layout

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

    from indicators.queries.continued_parts import (
        ContinuedCell,
        ContinuedTable,
        ReportedChange,
        ReportedValue,
    )
    from indicators.queries.tables import PrintedValue
    from reports.summary.content import SummaryContent

_TABLE = gettext_lazy("Table %(key)s")
_ABOUT = gettext_lazy("About this file")
#: What a cell holds: a number and the format that shows it, or a text.
Shown = tuple[Decimal | None, str]
#: What stands in quotes in a number format.
_QUOTED = re.compile(r'"([^"]*)"')
#: What is behind a number; what lacks months has a thin diagonal pattern.
_GROUNDS: dict[str, dict[str, object]] = {
    "": {},
    "reported": {"bg_color": "#EFF4FF"},
    "partial": {"pattern": 14, "bg_color": "#EFF4FF", "fg_color": "#B6CBF5"},
}


def write(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
    """Write the workbook (see `Writer`)."""
    languages = content.selection.language.codes
    by_language = [(language, tables_of(content, language)) for language in languages]
    with open_workbook(target) as book:
        formats = _TableFormats(book, languages)
        for language, tables in by_language:
            for table in tables:
                name = label_in(_TABLE, language) % {"key": table.table.key}
                sheet = book.add_worksheet(name, worksheet_class=PlainSheet)
                _SheetWriter(sheet, table, formats).write(language)
        statement = Statement.of(content.selection, maker, content.finish())
        _write_statement(book, statement, formats, languages)


def _write_statement(
    book: Workbook, statement: Statement, formats: _TableFormats, languages: Sequence[str]
) -> None:
    """Write what the file says of itself, on its last sheet, in each language, and in its properties."""
    names = [label_in(_ABOUT, language) for language in languages]
    sheet = book.add_worksheet(" · ".join(names)[:31], worksheet_class=PlainSheet)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 110)
    row = 0
    for name, language in zip(names, languages, strict=True):
        sheet.write_string(row, 0, name, formats.cells.title)
        for label, value in statement.lines(language):
            row += 1
            sheet.write_string(row, 0, label, formats.cells.label)
            sheet.write_string(row, 1, value, formats.cells.text)
        row += 2
    levels = " / ".join(label_in(statement.classification.label, each) for each in languages)
    set_page_layout(book, classification=levels, cycle=str(statement.selection.year))
    title = " / ".join(label_in(TITLE, each) for each in languages)
    book.set_properties(
        {
            "title": f"{title} {statement.selection.year}",
            "subject": statement.selection.day.isoformat(),
            "author": statement.maker.words,
            "category": levels,
            "keywords": statement.fingerprint,
            "created": statement.maker.made_at.astimezone(UTC),
        }
    )


class _TableFormats:
    """The formats of a workbook's cells, each made once."""

    def __init__(self, book: Workbook, languages: tuple[str, ...]) -> None:
        self._book = book
        self.cells = CellFormats(book, languages)
        bold = {"bold": True, "bottom": 1, "text_wrap": True, "quote_prefix": True}
        self.group = book.add_format({"align": "center", **bold})
        self.head = book.add_format({"align": "right", "valign": "bottom", **bold})
        self.stub = book.add_format({"valign": "bottom", **bold})
        self.note = book.add_format({"font_size": 9, "quote_prefix": True})
        self._made: dict[tuple[str, str], Format] = {}

    def number(self, number_format: str, ground: str) -> Format:
        """Return the format of a number, or of a text ("" for its number format), on a ground."""
        key = (number_format, ground)
        if key not in self._made:
            look: dict[str, object] = {"align": "right", "valign": "top", **_GROUNDS[ground]}
            look |= {"num_format": number_format} if number_format else {"quote_prefix": True}
            self._made[key] = self._book.add_format(look)
        return self._made[key]


class _SheetWriter:
    """Writes one table on its sheet, row by row."""

    def __init__(self, sheet: PlainSheet, table: ContinuedTable, formats: _TableFormats) -> None:
        self._sheet, self._table, self._formats = sheet, table, formats
        self._row = 0

    def write(self, language: str) -> None:
        """Write title, headings, rows and footnotes."""
        table, sheet = self._table, self._sheet
        sheet.set_column(0, 0, 44)
        for place, width in enumerate(self._widths(), 1):
            sheet.set_column(place, place, width)
        with override(language):
            sheet.write_string(0, 0, table.table.title, self._formats.cells.title)
        self._row = 2
        if table.printed.has_groups:
            self._write_groups()
        self._write_heads()
        for heading, cells in table.rows:
            self._write_row(heading.words, cells)
        self._row += 1
        for note in notes_of(table, language):
            sheet.write_string(self._row, 0, note, self._formats.note)
            self._row += 1

    def _widths(self) -> list[int]:
        """Return the widths of the columns after the first: what a cell shows stands on one line, a number whole."""
        usual = 12 if self._table.printed.has_groups else 18
        columns = zip(*(cells for _heading, cells in self._table.rows), strict=True)
        return [
            max([usual, *(_length(shown) + 2 for cell in column for shown in _shown_in(cell))])
            for column in columns
        ]

    def _write_groups(self) -> None:
        place = 1
        for group, columns in groupby(self._table.columns, key=lambda column: column.group):
            span = len(list(columns))
            words = group.words if group else ""
            if span > 1:
                self._sheet.merge_range(
                    self._row, place, self._row, place + span - 1, words, self._formats.group
                )
            else:
                self._sheet.write_string(self._row, place, words, self._formats.group)
            place += span
        self._row += 1

    def _write_heads(self) -> None:
        stub = self._table.printed.stub
        self._sheet.write_string(self._row, 0, stub.words if stub else "", self._formats.stub)
        for place, column in enumerate(self._table.columns, 1):
            self._sheet.write_string(self._row, place, heading_words(column), self._formats.head)
        self._row += 1
        self._sheet.freeze_panes(self._row, 1)
        self._sheet.repeat_rows(self._row - 1)

    def _write_row(self, words: str, cells: Sequence[ContinuedCell]) -> None:
        """Write a row of the table; as many rows of the sheet as one of its places has values."""
        shown = [_shown_in(cell) for cell in cells]
        for line in range(max([1, *map(len, shown)])):
            if line == 0:
                self._sheet.write_string(self._row, 0, words, self._formats.cells.text)
            for place, (cell, values) in enumerate(zip(cells, shown, strict=True), 1):
                ground = "" if cell.column.is_as_printed else "partial" if cell.is_partial else "reported"
                self._write_value(place, values[line] if line < len(values) else (None, ""), ground)
            self._row += 1

    def _write_value(self, place: int, shown: Shown, ground: str) -> None:
        number, words = shown
        if number is None:
            if words or ground:
                self._sheet.write_string(self._row, place, words, self._formats.number("", ground))
        else:
            self._sheet.write_number(self._row, place, float(number), self._formats.number(words, ground))


def _shown_in(cell: ContinuedCell) -> list[Shown]:
    """Return what stands in a place, one for each value."""
    return [
        *map(_printed, cell.printed),
        *map(_reported, cell.reported),
        *map(_change, cell.changes),
    ]


def _length(shown: Shown) -> int:
    """Return how many characters a cell shows: the words of a number format, and the number in it."""
    number, words = shown
    if number is None:
        return len(words)
    beside = max(sum(map(len, _QUOTED.findall(section))) for section in words.split(";"))
    return beside + len(
        f"{number * 100:.0f}%" if "%" in words else f"{number:,.2f}" if ".00" in words else f"{number:,.0f}"
    )


def _printed(value: PrintedValue) -> Shown:
    if value.change is not None:
        return value.change / 100, _change_format(value.note, has_sign=value.text[:1] in "+-")
    if value.value is None:
        return None, f"{value.text} {value.note}".strip()
    return value.value, _number_format(NumberStyle.of([value.text], [value.text]), value.note)


def _reported(value: ReportedValue) -> Shown:
    note = note_beside(value.note, value.own_part)
    if value.found is None or value.found.value is None:
        return None, f"{value.text} {note}".strip()
    has_parts = value.found.value != value.found.value.to_integral_value()
    style = NumberStyle(value.style.prefix, value.style.has_commas, value.style.has_parts or has_parts)
    return value.found.value, _number_format(style, note)


def _change(change: ReportedChange | None) -> Shown:
    if change is None or change.percent is None:
        return None, change_words(change)
    return Decimal(change.percent) / 100, _change_format(change.note, has_sign=bool(change.percent))


def _number_format(style: NumberStyle, note: str) -> str:
    """Return the number format that shows a number in a style, with what is printed beside it."""
    digits = f"{'#,##0' if style.has_commas else '0'}{'.00' if style.has_parts else ''}"
    return f"{_quoted(style.prefix)}{digits}{_quoted(f' {note}') if note else ''}"


def _change_format(note: str, *, has_sign: bool) -> str:
    """Return the number format of a change: Peningkatan + 174%; 125%."""
    before = f"{note} " if note else ""
    if not has_sign:
        return f"{_quoted(before)}0%"
    return f"{_quoted(f'{before}+ ')}0%;{_quoted(f'{before}- ')}0%;0%"


def _quoted(words: str) -> str:
    """Return words for a number format, which has no way to write a quotation mark within quotes."""
    return '"{}"'.format(words.replace('"', "”")) if words else ""

"""Sheets of a workbook that are written row by row: every column with its type, text as text, more rows on a next sheet.

XlsxWriter is used in constant memory: it keeps one row of each sheet. What it would make of a text that looks like a
formula, an address or markup is switched off. The rows of tables are written as finished XML into the file in which it
keeps the rows of a sheet: all that a cell holds beside its value is the same again and again (see ADR 16).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from operator import call
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet
from xlsxwriter.xmlwriter import XMLwriter

from audit.clock import KUALA_LUMPUR
from reports.errors import TooManyRows
from reports.files import scratch
from reports.writers.columns import CodeLabels, ColumnType, RecordType, TableColumn

#: Makes the XML of a cell, from behind the number of its row on; empty where the cell is left out.
CellXml = Callable[[Any], str]

#: The rows that a sheet of Excel holds, with the header.
MOST_ROWS = 1_048_576
_LONGEST_NAME, _LONGEST_TEXT = 31, 32_767
_EPOCH, _DAY_SECONDS = datetime(1899, 12, 30), 86_400  # noqa: DTZ001 - days of a sheet have no zone
#: How a day is shown, in the language of the workbook; in both, as both read it.
_DAYS = {("ms",): "[$-43E]d mmm yyyy", ("en",): "[$-809]d mmm yyyy", ("ms", "en"): "yyyy-mm-dd"}
_PAPER_A4 = 9
_INK = "#172554"


class PlainSheet(Worksheet):
    """A worksheet that takes no text for markup, and whose rows can be written as finished XML."""

    def _xml_rich_inline_string(self, string: str, attributes: Sequence[tuple[str, Any]] = ()) -> None:
        """Write text from `<r>` to `</r>` as text: XlsxWriter would write it unchanged."""
        self._xml_inline_string(string, True, attributes)

    def end_header(self) -> None:
        """Write the first row; from here on rows are written by `write_row_xml`."""
        self._write_single_row(1)

    def write_row_xml(self, xml: str) -> None:
        """Write a whole row."""
        self.fh.write(xml)

    def end_rows(self, last_row: int, last_column: int) -> None:
        """Set how far the rows go, both counted from 0."""
        self._check_dimensions(last_row, last_column)


@contextmanager
def open_workbook(target: BinaryIO) -> Iterator[Workbook]:
    """Give a workbook that is written to a file at the end; an error leaves nothing behind."""
    switched_off = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with scratch() as folder:
        options = {"constant_memory": True, "tmpdir": folder, **switched_off}
        book = xlsxwriter.Workbook(target, options)
        book.use_zip64()
        try:
            yield book
        except BaseException:
            for sheet in book.worksheets():
                sheet._opt_close()  # Its rows' file, which only `close` would close.
            raise
        book.close()


class CellFormats:
    """The formats of a workbook's cells, each made once."""

    def __init__(self, book: Workbook, languages: tuple[str, ...]) -> None:
        top = {"valign": "top"}
        right = {"align": "right", "indent": 1, **top}
        self.title = book.add_format(
            {"bold": True, "font_size": 16, "font_color": _INK, "quote_prefix": True}
        )
        self.heading = book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "font_color": "white",
                "bg_color": _INK,
                "quote_prefix": True,
                **top,
            }
        )
        self.label = book.add_format({"bold": True, "quote_prefix": True, **top})
        #: Text stays text also when somebody changes it in Excel.
        self.text = book.add_format({"text_wrap": True, "quote_prefix": True, **top})
        self.number = book.add_format({"num_format": "#,##0", **right})
        self.parts = book.add_format({"num_format": "#,##0.00", **right})
        self.tenths = book.add_format({"num_format": "#,##0.0", **right})
        self.percent = book.add_format({"num_format": "0%", **right})
        self.count = book.add_format({"num_format": "#,##0", "align": "left"})
        self.day = book.add_format({"num_format": _DAYS[languages], "align": "left", **top})
        self.instant = book.add_format({"num_format": f"{_DAYS[languages]} hh:mm", "align": "left", **top})


class RecordSheets:
    """The rows of one record type on a sheet, and on as many more as they need; columns without any value are hidden."""

    def __init__(
        self,
        book: Workbook,
        name: str,
        record: RecordType,
        columns: tuple[TableColumn, ...],
        *,
        labels: CodeLabels,
        formats: CellFormats,
        most_rows: int = MOST_ROWS,
    ) -> None:
        self._book, self._name, self._columns, self._most_rows = book, name, columns, most_rows
        self._languages, self._formats = labels.languages, formats
        self._values_of = record.values_getter(columns)
        self._cells = [_cell_xml(column, labels, formats) for column in columns]
        self._cell_begins = [f'<c r="{xl_col_to_name(place)}' for place in range(len(columns))]
        #: What its sheets are called, and how many rows they hold in all.
        self.names: list[str] = []
        self.count = 0
        self._sheets: list[PlainSheet] = []
        #: The places of the columns in which no row had a value so far.
        self._empty = set(range(len(columns)))
        self._begin_sheet()

    def write(self, rows: Iterable[Any]) -> None:
        """Write all rows."""
        for row in rows:
            self._write_row(row)
        self._end_sheet()
        if self.count:
            self._hide_empty_columns()

    def _write_row(self, row: Any) -> None:
        if self._row_number >= self._most_rows:
            self._end_sheet()
            self._begin_sheet()
        self._row_number += 1
        number, cells = self._row_number, list(map(call, self._cells, self._values_of(row)))
        self._empty = {place for place in self._empty if not cells[place]}
        xml = [f"{begin}{number}{cell}" for begin, cell in zip(self._cell_begins, cells, strict=True) if cell]
        self._sheet.write_row_xml(f'<row r="{number}">{"".join(xml)}</row>')
        self.count += 1

    def _begin_sheet(self) -> None:
        number = len(self.names) + 1
        name = self._name if number == 1 else f"{self._name[: _LONGEST_NAME - 6]} ({number})"
        self.names.append(name)
        self._sheet: PlainSheet = self._book.add_worksheet(name, worksheet_class=PlainSheet)
        self._sheets.append(self._sheet)
        self._sheet.freeze_panes(1, 1)
        self._sheet.repeat_rows(0)
        for place, column in enumerate(self._columns):
            self._sheet.set_column(place, place, self._width(column))
            self._sheet.write_string(0, place, column.heading(self._languages), self._formats.heading)
        self._sheet.end_header()
        self._row_number = 1

    def _width(self, column: TableColumn) -> float:
        is_wide = column.type == ColumnType.LABELLED and len(self._languages) > 1
        return column.width * 1.6 if is_wide else column.width

    def _hide_empty_columns(self) -> None:
        for sheet in self._sheets:
            for place in self._empty:
                sheet.set_column(place, place, self._width(self._columns[place]), None, {"hidden": True})

    def _end_sheet(self) -> None:
        last = len(self._columns) - 1
        self._sheet.end_rows(self._row_number - 1, last)
        self._sheet.autofilter(0, 0, max(self._row_number - 1, 1), last)


def set_page_layout(book: Workbook, *, classification: str, cycle: str) -> None:
    """Set the paper, and what stands on each printed page: the class above and below, the cycle, the page number."""
    banner = classification.upper().replace("&", "&&")
    for sheet in book.worksheets():
        sheet.set_landscape()
        sheet.set_paper(_PAPER_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&C&B{banner}")
        sheet.set_footer(f"&L{cycle}&C&B{banner}&R&P / &N")


def _cell_xml(column: TableColumn, labels: CodeLabels, formats: CellFormats) -> CellXml:
    """Return what makes the cells of a column; columns of few different values are cached."""
    match column.type:
        case ColumnType.NUMBER:
            return _number_xml(formats.number, lambda value: value)
        case ColumnType.AMOUNT:
            return _amount_xml(formats)
        case ColumnType.TENTHS:
            return _number_xml(formats.tenths, lambda value: value)
        case ColumnType.PERCENT:
            return cache(_number_xml(formats.percent, lambda value: value / 100))
        case ColumnType.DAY:
            return cache(_number_xml(formats.day, _serial_day))
        case ColumnType.INSTANT:
            return _number_xml(formats.instant, _serial_instant)
        case ColumnType.LIST:
            return _text_xml(formats.text, lambda values: ", ".join(map(str, values)))
        case ColumnType.TEXT | ColumnType.CODE:
            return _text_xml(formats.text, lambda value: value)
        case ColumnType.FLAG:
            return cache(_text_xml(formats.text, labels.yes_no))
    return cache(_text_xml(formats.text, labels.labeller(column)))


def _number_xml(cell_format: Format, number_of: Callable[[Any], float]) -> CellXml:
    begin = f'" s="{cell_format._get_xf_index()}"><v>'

    def cell(value: Any) -> str:
        return "" if value is None else f"{begin}{number_of(value):.16G}</v></c>"

    return cell


def _amount_xml(formats: CellFormats) -> CellXml:
    """Return what makes a number a number, with two places where it has parts, and words in its place a text."""
    whole, parts = (_number_xml(each, lambda value: value) for each in (formats.number, formats.parts))
    words = _text_xml(formats.text, lambda value: value)
    by_type: dict[type, CellXml] = {int: whole, float: parts, str: words, type(None): whole}
    return lambda value: by_type[type(value)](value)


def _text_xml(cell_format: Format, text_of: Callable[[Any], str]) -> CellXml:
    begin = f'" s="{cell_format._get_xf_index()}" t="inlineStr"><is><t xml:space="preserve">'

    def cell(value: Any) -> str:
        text = text_of(value)
        return f"{begin}{escape_text(text)}</t></is></c>" if text else ""

    return cell


def escape_text(text: str) -> str:
    """Return a text as XlsxWriter writes it: a control character as `_x0007_`, and what looks like that escaped too.

    Raises `TooManyRows` for a text that a cell cannot hold.
    """
    if len(text) > _LONGEST_TEXT // 2 and len(text.encode("utf-16-le")) // 2 > _LONGEST_TEXT:
        raise TooManyRows(_("A text is longer than a cell of Excel can hold. Choose CSV or JSON."))
    written: str = XMLwriter._escape_control_characters(text)
    return escape(written)


def _serial_day(day: date) -> int:
    """Return a day as a sheet counts them."""
    return (day - _EPOCH.date()).days


def _serial_instant(moment: datetime) -> float:
    """Return an instant as a sheet counts days, to the second, in the time of Kuala Lumpur."""
    passed = moment.astimezone(KUALA_LUMPUR).replace(tzinfo=None) - _EPOCH
    return passed.days + passed.seconds / _DAY_SECONDS

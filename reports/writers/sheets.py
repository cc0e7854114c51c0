"""Sheets of a workbook that are written row by row: every column with its type, text as text, more rows on a next sheet.

XlsxWriter is used in constant memory: it keeps one row of each sheet. What it would make of a text that looks like a
formula, an address or markup of its own is switched off. The rows of tables are written by ourselves into the file in
which it keeps the rows of a sheet: all that a cell holds beside its row is the same again and again, and remembered.
That takes a third of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
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
from reports.writers.columns import Column, Memo, Record, Type, Words

#: What makes all of a cell that stands behind the number of its row; nothing where the cell is left out.
Cell = Callable[[Any], str]

#: The rows that a sheet of Excel holds, with the header.
MOST_ROWS = 1_048_576
_LONGEST_NAME, _LONGEST_TEXT = 31, 32_767
_EPOCH, _DAY_SECONDS = datetime(1899, 12, 30), 86_400  # noqa: DTZ001 - days of a sheet have no zone
#: How a day is shown, in the language of the workbook; in both, as both read it.
_DAYS = {("ms",): "[$-43E]d mmm yyyy", ("en",): "[$-809]d mmm yyyy", ("ms", "en"): "yyyy-mm-dd"}
_PAPER_A4 = 9
_INK, _LINE = "#172554", "#D4D4D8"


class PlainSheet(Worksheet):
    """A worksheet that takes no text for markup, and whose rows may be written as they stand in the file."""

    def _xml_rich_inline_string(self, string: str, attributes: Sequence[tuple[str, Any]] = ()) -> None:
        """Text from `<r>` to `</r>` is text: XlsxWriter would write it unchanged."""
        self._xml_inline_string(string, True, attributes)

    def end_header(self) -> None:
        """Write what has been put into the first row; from here on rows are written by `write_row_as_is`."""
        self._write_single_row(1)

    def write_row_as_is(self, text: str) -> None:
        """Write a whole row."""
        self.fh.write(text)

    def end_rows(self, last_row: int, last_column: int) -> None:
        """Tell how far the rows go, both counted from 0."""
        self._check_dimensions(last_row, last_column)


@contextmanager
def workbook(target: BinaryIO) -> Iterator[Workbook]:
    """A workbook that is written to a file at the end; where that is not reached, nothing is left behind."""
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


class Looks:
    """How cells look, each look made once for a workbook."""

    def __init__(self, book: Workbook, tongues: tuple[str, ...]) -> None:
        top = {"valign": "top"}
        self.title = book.add_format({"bold": True, "font_size": 16, "font_color": _INK})
        self.heading = book.add_format(
            {"bold": True, "text_wrap": True, "font_color": "white", "bg_color": _INK, **top}
        )
        self.label = book.add_format({"bold": True, **top})
        #: Text stays text also when somebody changes it in Excel.
        self.text = book.add_format({"text_wrap": True, "quote_prefix": True, **top})
        right = {"align": "right", "indent": 1, **top}
        self.number = book.add_format({"num_format": "#,##0", **right})
        self.percent = book.add_format({"num_format": "0%", **right})
        self.count = book.add_format({"num_format": "#,##0", "align": "left"})
        self.day = book.add_format({"num_format": _DAYS[tongues], "align": "left", **top})
        self.instant = book.add_format({"num_format": f"{_DAYS[tongues]} hh:mm", "align": "left", **top})


class Table:
    """The rows of one record on a sheet, and on as many more as they need."""

    def __init__(
        self, book: Workbook, name: str, record: Record, columns: tuple[Column, ...], *, words: Words, looks: Looks,
        most_rows: int = MOST_ROWS,
    ) -> None:  # fmt: skip
        self._book, self._name, self._columns, self._most_rows = book, name, columns, most_rows
        self._words, self._looks = words, looks
        self._pick = record.picker(columns)
        self._cells = [_cell(column, words, looks) for column in columns]
        self._begins = [f'<c r="{xl_col_to_name(place)}' for place in range(len(columns))]
        self._names: list[str] = []
        self.count = 0
        self._begin()

    @property
    def names(self) -> tuple[str, ...]:
        """What its sheets are called."""
        return tuple(self._names)

    def add(self, row: Any) -> None:
        """Write a row."""
        if self._place >= self._most_rows:
            self._end()
            self._begin()
        self._place += 1
        place, told = self._place, map(call, self._cells, self._pick(row))
        cells = [f"{begin}{place}{cell}" for begin, cell in zip(self._begins, told, strict=True) if cell]
        self._sheet.write_row_as_is(f'<row r="{place}">{"".join(cells)}</row>')
        self.count += 1

    def take(self, rows: Iterable[Any]) -> None:
        """Write all of them, and end."""
        for row in rows:
            self.add(row)
        self._end()

    def _begin(self) -> None:
        number = len(self._names) + 1
        name = self._name if number == 1 else f"{self._name[: _LONGEST_NAME - 6]} ({number})"
        self._names.append(name)
        self._sheet: PlainSheet = self._book.add_worksheet(name, worksheet_class=PlainSheet)
        self._sheet.freeze_panes(1, 1)
        self._sheet.repeat_rows(0)
        for place, column in enumerate(self._columns):
            is_wide = column.type == Type.WORD and len(self._words.tongues) > 1
            self._sheet.set_column(place, place, column.width * 1.6 if is_wide else column.width)
            self._sheet.write_string(0, place, column.heading(self._words.tongues), self._looks.heading)
        self._sheet.end_header()
        self._place = 1

    def _end(self) -> None:
        last = len(self._columns) - 1
        self._sheet.end_rows(self._place - 1, last)
        self._sheet.autofilter(0, 0, max(self._place - 1, 1), last)


def dress(book: Workbook, *, classification: str, cycle: str) -> None:
    """Paper, and what stands on each printed page: the class above and below, the cycle, the page."""
    banner = classification.upper().replace("&", "&&")
    for sheet in book.worksheets():
        sheet.set_landscape()
        sheet.set_paper(_PAPER_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_header(f"&C&B{banner}")
        sheet.set_footer(f"&L{cycle}&C&B{banner}&R&P / &N")


def _cell(column: Column, words: Words, looks: Looks) -> Cell:
    """What makes the cells of a column; what has few values is remembered."""
    if column.type == Type.NUMBER:
        return _number(looks.number, lambda value: value)
    if column.type == Type.PERCENT:
        return Memo(_number(looks.percent, lambda value: value / 100)).__getitem__
    if column.type == Type.DAY:
        return Memo(_number(looks.day, _serial)).__getitem__
    if column.type == Type.INSTANT:
        return _number(looks.instant, _serial_instant)
    if column.type == Type.LIST:
        return _text(looks.text, lambda values: ", ".join(map(str, values)))
    if column.type in (Type.TEXT, Type.CODE):
        return _text(looks.text, lambda value: value)
    word = words.yes_no if column.type == Type.FLAG else words.of(column)
    return Memo(_text(looks.text, word)).__getitem__


def _number(look: Format, make: Callable[[Any], float]) -> Cell:
    begin = f'" s="{look._get_xf_index()}"><v>'

    def cell(value: Any) -> str:
        return "" if value is None else f"{begin}{make(value):.16G}</v></c>"

    return cell


def _text(look: Format, make: Callable[[Any], str]) -> Cell:
    begin = f'" s="{look._get_xf_index()}" t="inlineStr"><is><t xml:space="preserve">'

    def cell(value: Any) -> str:
        text = make(value)
        return f"{begin}{_escape(text)}</t></is></c>" if text else ""

    return cell


def _escape(text: str) -> str:
    """As XlsxWriter writes text: control characters as `_x0007_`, and what looks like that so that it stays as it is."""
    if len(text) > _LONGEST_TEXT // 2 and len(text.encode("utf-16-le")) // 2 > _LONGEST_TEXT:
        raise TooManyRows(_("A text is longer than a cell of Excel can hold. Choose CSV or JSON."))
    written: str = XMLwriter._escape_control_characters(text)
    return escape(written)


def _serial(day: date) -> int:
    """A day as a sheet counts them."""
    return (day - _EPOCH.date()).days


def _serial_instant(moment: datetime) -> float:
    """An instant as a sheet counts days, to the second, in the time of Kuala Lumpur."""
    passed = moment.astimezone(KUALA_LUMPUR).replace(tzinfo=None) - _EPOCH
    return passed.days + passed.seconds / _DAY_SECONDS

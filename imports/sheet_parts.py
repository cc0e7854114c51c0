"""Parts of the templates that agencies fill in: head, header of the table, lists to choose from, and the guide.

Whatever comes from our database is written as text and marked as such, so that no spreadsheet takes a name for a
formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ui.formulas import looks_like_formula

DAY_FORMAT = "dd/mm/yyyy"
#: The hidden sheet that holds the lists.
_LISTS = "jejak"
_INK, _BLUE, _GRAY, _LINE = "FF18181B", "FF1D4ED8", "FF6B6B74", "FFE4E4E7"
TITLE, STRONG = Font(size=16, bold=True, color=_INK), Font(bold=True, color=_INK)
NOTE, HINT, EXAMPLE_FONT = (
    Font(size=10, color=_GRAY),
    Font(size=9, color=_GRAY),
    Font(italic=True, color=_GRAY),
)
WRAPPED = Alignment(vertical="top", wrap_text=True)
_HEAD, _HEAD_FILL = Font(bold=True, color=_BLUE), PatternFill("solid", fgColor="FFEFF6FF")
_RULE = Border(bottom=Side(style="thin", color=_LINE))


def new_workbook(title: str) -> tuple[Workbook, Worksheet]:
    """Return a workbook with one sheet of this name: the table."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    book.properties.creator = "Jejak"
    return book, sheet


def saved_bytes(book: Workbook) -> bytes:
    """Return the workbook as a file."""
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def write_head(sheet: Worksheet, title: str, note: str, facts: Iterable[tuple[str, str, str]]) -> None:
    """Write title, note, and the facts that reading looks for: label, value, and words beside it."""
    put(sheet.cell(1, 1), title, TITLE)
    put(sheet.cell(2, 1), note, NOTE)
    for line, (label, value, words) in enumerate(facts, 3):
        put(sheet.cell(line, 1), label, NOTE)
        put(sheet.cell(line, 2), value, STRONG)
        put(sheet.cell(line, 3), words, NOTE)


def write_header(sheet: Worksheet, line: int, columns: Iterable[tuple[str, str, int]]) -> None:
    """Write the headings of the table, each with a hint above it, and set the widths of the columns in characters."""
    for place, (label, hint, width) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        put(sheet.cell(line - 1, place), hint, HINT)
        head = put(sheet.cell(line, place), label, _HEAD)
        head.fill, head.border = _HEAD_FILL, _RULE
        for each in (line - 1, line):
            sheet.cell(each, place).alignment = Alignment(vertical="center", wrap_text=True)
    sheet.row_dimensions[line - 1].height = 26
    sheet.row_dimensions[line].height = 24
    sheet.freeze_panes = f"B{line + 1}"


def list_rule(book: Workbook, words: Sequence[Any], *, number_format: str = "") -> DataValidation | None:
    """Return the rule that a cell holds one of these words, which are kept on a hidden sheet; None without any."""
    if not words:
        return None
    if _LISTS not in book.sheetnames:
        book.create_sheet(_LISTS).sheet_state = "hidden"
    lists = book[_LISTS]
    place = lists.max_column + 1 if lists["A1"].value is not None else 1
    for line, text in enumerate(words, 1):
        cell = put(lists.cell(line, place), text)
        cell.number_format = number_format or cell.number_format
    letter = get_column_letter(place)
    return DataValidation(type="list", formula1=f"{_LISTS}!${letter}$1:${letter}${len(words)}")


def validate(sheet: Worksheet, cells: str, rule: DataValidation, *, label: str, words: str) -> None:
    """Let the cells hold only what the rule allows; `words` are said otherwise."""
    rule.allow_blank, rule.showErrorMessage = True, True
    rule.errorTitle, rule.error = label[:32], words[:255]
    rule.add(cells)
    sheet.add_data_validation(rule)


def write_guide(book: Workbook, lines: Iterable[tuple[str, str]]) -> None:
    """Write the second sheet: what each thing is, and how to fill it in."""
    sheet = book.create_sheet(_("How to fill it in"), 1)
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 96
    put(sheet.cell(1, 1), _("How to fill it in"), TITLE)
    for line, (label, words) in enumerate(lines, 3):
        put(sheet.cell(line, 1), label, STRONG).alignment = WRAPPED
        put(sheet.cell(line, 2), words).alignment = WRAPPED
    sheet.sheet_view.showGridLines = False


def put(cell: Any, value: Any, font: Font | None = None) -> Cell:
    """Write a value into a cell and return the cell; text is never read as a formula."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = looks_like_formula(value)
    elif hasattr(value, "isoformat"):
        cell.number_format = DAY_FORMAT
    if font is not None:
        cell.font = font
    written: Cell = cell
    return written

"""Writes the workbook in which an agency gives figures: its own indicators, month by month, and how to fill it in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import product

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from accounts.models import Agency
from imports.rows import AGENCY, CYCLE
from imports.sheet_parts import (
    NOTE,
    list_rule,
    new_workbook,
    put,
    saved_bytes,
    validate,
    write_guide,
    write_head,
    write_header,
)
from indicators.workbook.columns import LABELS, MAX_ROWS, TEMPLATE_VERSION, TOTAL, VERSION, FigureColumn
from indicators.workbook.names import CellChoice, OwnIndicators
from recommendations.models import Cycle
from ui import dates
from ui.numbers import number

#: The line of the header; below it are the lines to fill in.
HEAD_LINE = 8
_FIRST_LINE = HEAD_LINE + 1
#: Lines below those of the months, for what is given beyond them.
_BLANK_LINES = 200
_MONTH_FORMAT = "mmm yyyy"
_UNIT = pgettext_lazy("column", "Unit")
_FROM_LIST = gettext_lazy("from the list")
#: The width of each column in characters, and the hint above its name. The unit is shown, and not read.
_COLUMNS: list[tuple[Promise, Promise | str, int]] = [
    (LABELS[FigureColumn.MONTH], _FROM_LIST, 14),
    (LABELS[FigureColumn.INDICATOR], _FROM_LIST, 52),
    (LABELS[FigureColumn.BREAKDOWN], _FROM_LIST, 40),
    (LABELS[FigureColumn.NUMBER], gettext_lazy("0 for none, empty if not known"), 16),
    (_UNIT, "", 16),
]
_PLACES = {column: place for place, column in enumerate(FigureColumn, 1)}


def write_figure_template(
    own: OwnIndicators,
    *,
    agency: Agency,
    cycle: Cycle,
    months: Sequence[date],
    open_months: Iterable[date],
) -> bytes:
    """Return the workbook of an agency for a cycle, in the language in force.

    `months` can be chosen; of each month in `open_months` there is a line for every number, as far as the table may go.
    """
    book, sheet = new_workbook(pgettext("sheet", "Figures"))
    facts = (
        (str(AGENCY), agency.code, agency.name),
        (str(CYCLE), str(cycle.year), str(cycle)),
        (str(VERSION), TEMPLATE_VERSION, ""),
    )
    write_head(
        sheet, _("Figures by month"), _("One row for each figure. The next sheet explains how."), facts
    )
    write_header(sheet, HEAD_LINE, [(str(label), str(hint), width) for label, hint, width in _COLUMNS])
    lines = list(product(open_months, own.choices))[:MAX_ROWS]
    _write_lines(sheet, own, lines)
    write_guide(book, [*_guide(agency, months), *_definitions(own)])
    _write_rules(book, sheet, own, months, last_line=_FIRST_LINE + len(lines) + _BLANK_LINES - 1)
    sheet.auto_filter.ref = f"A{HEAD_LINE}:{get_column_letter(len(_COLUMNS))}{_FIRST_LINE + len(lines)}"
    return saved_bytes(book)


def _write_lines(sheet: Worksheet, own: OwnIndicators, lines: Sequence[tuple[date, CellChoice]]) -> None:
    for line, (month, choice) in enumerate(lines, _FIRST_LINE):
        texts = (month, own.name_of(choice.indicator), choice.breakdown)
        for column, value in zip(FigureColumn, texts, strict=False):
            put(sheet.cell(line, _PLACES[column]), value)
        put(sheet.cell(line, len(_COLUMNS)), str(choice.indicator.get_unit_display()), NOTE)
        _format_number(sheet, line, has_parts=choice.indicator.has_parts)
    for line in range(_FIRST_LINE, _FIRST_LINE + len(lines) + _BLANK_LINES):
        month_cell = sheet.cell(line, _PLACES[FigureColumn.MONTH])
        month_cell.number_format, month_cell.alignment = _MONTH_FORMAT, Alignment(horizontal="left")


def _format_number(sheet: Worksheet, line: int, *, has_parts: bool) -> None:
    """Show a fraction where one was typed, also where none may be."""
    sheet.cell(line, _PLACES[FigureColumn.NUMBER]).number_format = "#,##0.00" if has_parts else "General"


def _write_rules(
    book: Workbook, sheet: Worksheet, own: OwnIndicators, months: Sequence[date], *, last_line: int
) -> None:
    """Let months, indicators and breakdowns be chosen from lists, and let numbers be typed that may be given."""
    indicators = [own.name_of(indicator) for indicator in own.indicators]
    breakdowns = list(dict.fromkeys([str(TOTAL), *(choice.breakdown for choice in own.choices)]))
    choose = _("Choose one from the list.")
    rules = (
        (FigureColumn.MONTH, list_rule(book, months, number_format=_MONTH_FORMAT), choose),
        (FigureColumn.INDICATOR, list_rule(book, indicators), choose),
        (FigureColumn.BREAKDOWN, list_rule(book, breakdowns), choose),
        (
            FigureColumn.NUMBER,
            DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0"),
            _("Write a number that is not negative, without a formula. Write 0 for none."),
        ),
    )
    for column, rule, words in rules:
        letter = get_column_letter(_PLACES[column])
        if rule is not None:
            cells = f"{letter}{_FIRST_LINE}:{letter}{last_line}"
            validate(sheet, cells, rule, label=str(LABELS[column]), words=words)


def _guide(agency: Agency, months: Sequence[date]) -> Iterable[tuple[str, str]]:
    yield (
        _("What it is for"),
        _("The figures of %(agency)s, for one or several months. They come into your drafts of these months; your "
          "coordinator sends them to MAPO.") % {"agency": agency.code},
    )  # fmt: skip
    yield (
        _("Rows"),
        _("One row for each figure, up to %(most)s. Rows without a number are not read, so leave those that you do "
          "not need as they are. Each figure of a month is given once.") % {"most": number(MAX_ROWS)},
    )  # fmt: skip
    yield (
        str(LABELS[FigureColumn.MONTH]),
        _("A month of the assessment window that is over: %(months)s.")
        % {"months": ", ".join(dates.month_year(month) for month in months)},
    )
    yield (
        str(LABELS[FigureColumn.INDICATOR]),
        _("Choose from the list: what your agency reports, as listed below."),
    )
    yield (
        str(LABELS[FigureColumn.BREAKDOWN]),
        _("%(total)s, or one value of the indicator’s breakdown. The parts should add up to the total.")
        % {"total": TOTAL},
    )
    yield (
        str(LABELS[FigureColumn.NUMBER]),
        _("The number itself, without a formula, and in no merged cell. Persons and cases are whole numbers. Write 0 "
          "for none, and nothing if the number is not known."),
    )  # fmt: skip
    yield (
        _("Then"),
        _("Save it as “Excel Workbook (.xlsx)” and choose it in Jejak. You will see row by row what would change, and can "
          "correct it there. Then the figures go into your drafts, all or none."),
    )  # fmt: skip


def _definitions(own: OwnIndicators) -> Iterable[tuple[str, str]]:
    """Yield each indicator with its unit and counting basis."""
    for indicator in own.indicators:
        yield own.name_of(indicator), f"{capfirst(indicator.get_unit_display())}. {indicator.basis}"

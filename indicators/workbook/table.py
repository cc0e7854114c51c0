"""Reads the rows of a workbook in which an agency gives figures."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import Agency
from imports.rows import TableRow
from imports.sheets import BadWorkbook, ReadWorkbook
from imports.table import TableLine, demand_few, demand_made_for, find_table
from indicators.cells import MOST_TYPED
from indicators.workbook.columns import LAYOUT, MAX_ROWS, MERGED, TEMPLATE_VERSION, FigureColumn
from recommendations.models import Cycle


def figure_rows(workbook: ReadWorkbook, *, agency: Agency, cycle: Cycle, by: int) -> list[TableRow]:
    """Return the rows of the table that give a number.

    Raises `BadWorkbook` when there is no table, or more than one, a column is missing, no number is given, too many are,
    or the file was made for another agency or cycle, or by another version of the template.
    """
    table = find_table(workbook, LAYOUT)
    demand_made_for(table, agency=agency, cycle=cycle)
    if table.facts.get("version", TEMPLATE_VERSION) != TEMPLATE_VERSION:
        raise BadWorkbook(
            _(
                "This file was made from another version of the template, so nothing was read from it. Download the "
                "template again, and copy your numbers into it."
            )
        )
    filled = [line for line in table.lines if _gives_number(line)]
    demand_few(len(filled), most=MAX_ROWS)
    return [
        TableRow(number=number, line=line.number, cells=_cells(line), marks=line.marks, by=by)
        for number, line in enumerate(filled, 1)
    ]


def _cells(line: TableLine) -> dict[str, str]:
    """Return the texts of a line by column; the number of a merged cell stands aside."""
    cells = {name: text[:MOST_TYPED] for name, text in line.texts.items()}
    if line.marks.get(FigureColumn.NUMBER) == MERGED:
        cells |= {MERGED: cells[FigureColumn.NUMBER], FigureColumn.NUMBER.value: ""}
    return cells


def _gives_number(line: TableLine) -> bool:
    """Whether a line gives a number, or may have meant to; the template's lines without one do not."""
    number = FigureColumn.NUMBER.value
    return bool(line.texts[number]) or number in line.marks

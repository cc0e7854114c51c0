"""Reads the rows of an opening import from a workbook."""

from __future__ import annotations

from accounts.models import Agency
from imports.rows import EXAMPLE, LABELS, MAX_ROWS, ImportColumn, ImportRow
from imports.sheets import ReadWorkbook
from imports.table import TableLayout, demand_few, demand_made_for, find_table
from imports.values import in_both, plain
from recommendations.models import Cycle

#: So many filled rows may a workbook have in all its sheets.
MOST_READ = 2 * MAX_ROWS
LAYOUT = TableLayout(
    labels={column.value: label for column, label in LABELS.items()},
    least_columns=4,
    optional=frozenset({ImportColumn.CLASSIFICATION.value}),
    marks=frozenset({"formula", "error"}),
)


def fetch_rows(workbook: ReadWorkbook, *, agency: Agency, cycle: Cycle, by: int) -> list[ImportRow]:
    """Return the filled rows below the header, without the template's example.

    Raises `BadWorkbook` when there is no table, or more than one, a column is missing, nothing is filled in, too
    much is, or the file was made for another agency or cycle.
    """
    table = find_table(workbook, LAYOUT)
    demand_made_for(table, agency=agency, cycle=cycle)
    examples = tuple(in_both(EXAMPLE))
    filled = [
        line
        for line in table.lines
        if line.is_filled and not plain(line.texts[ImportColumn.ITEM]).startswith(examples)
    ]
    demand_few(len(filled), most=MAX_ROWS)
    return [
        ImportRow(number=number, line=line.number, cells=line.texts, marks=line.marks, by=by)
        for number, line in enumerate(filled, 1)
    ]

"""The columns of the table in which an agency gives figures: one row for each figure."""

from __future__ import annotations

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from imports.rows import AGENCY, CYCLE
from imports.table import TableLayout

#: A workbook brings in at most this many figures; so many filled rows may it have in all its sheets, with those of the
#: template that have no number.
MAX_ROWS, MOST_READ = 5_000, 10_000

#: The template that is read. Another number means that its columns mean something else.
TEMPLATE_VERSION = "1"
VERSION = gettext_lazy("Template version")

#: The mark of a cell that was merged with others (see `imports.workbook_process`). In a merged cell of the number nobody
#: said whose it is: the row is read without it, and keeps it under this name.
MERGED = "merged"

#: How the sum of all values of a breakdown is named in the table.
TOTAL = pgettext_lazy("figures", "Total")


class FigureColumn(StrEnum):
    """The columns that are read, in the order of the template."""

    MONTH = "month"
    INDICATOR = "indicator"
    BREAKDOWN = "breakdown"
    NUMBER = "number"


LABELS: dict[FigureColumn, Promise] = {
    FigureColumn.MONTH: pgettext_lazy("column", "Month"),
    FigureColumn.INDICATOR: pgettext_lazy("column", "Indicator"),
    FigureColumn.BREAKDOWN: pgettext_lazy("column", "Breakdown"),
    FigureColumn.NUMBER: pgettext_lazy("column", "Number"),
}

LAYOUT = TableLayout(
    labels={column.value: label for column, label in LABELS.items()},
    least_columns=3,
    facts={"agency": AGENCY, "cycle": CYCLE, "version": VERSION},
    marks=frozenset({"error", MERGED, "number"}),
    as_written=frozenset({FigureColumn.NUMBER.value}),
)

"""Workbooks of figures for tests: rows as an agency fills them in, and drafts begun with them."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.models import User
from imports.rows import TableRow
from indicators.models import FigureImport
from indicators.services.workbooks import begin_figure_import, read_draft, take_over_figures
from tests.factories.figure_reports import AUGUST, FigureDesk
from tests.imports.workbooks import workbook

HEAD = ("Month", "Indicator", "Breakdown", "Number")
_FILES = count()


def file_of(*rows: tuple[Any, ...], **options: Any) -> bytes:
    """A workbook with the table of figures and nothing above it."""
    return workbook(*rows, head=HEAD, **options)


def row(number: int, month: str, indicator: str, breakdown: str, text: str, **more: Any) -> TableRow:
    """A row as it is read from a file."""
    cells = {"month": month, "indicator": indicator, "breakdown": breakdown, "number": text}
    return TableRow(number=number, line=number + 1, cells=cells, **more)


def begun(desk: FigureDesk, *rows: tuple[str, str, str, str], actor: User | None = None) -> FigureImport:
    """A workbook that was read, with rows of (month, indicator, breakdown, number)."""
    person = actor or desk.officer
    made = [row(number, *cells, by=person.pk) for number, cells in enumerate(rows, 1)]
    file = {"file_name": "angka.xlsx", "sha256": f"{next(_FILES):064x}"}
    return begin_figure_import(desk.agency, desk.cycle, rows=made, **file, actor=person, now=desk.now)


def taken(
    desk: FigureDesk, figure_import: FigureImport, *, actor: User | None = None, replaces: bool = False
) -> FigureImport:
    """The workbook, taken over as it stands now."""
    current = FigureImport.objects.get(pk=figure_import.pk)
    draft = read_draft(current, today=desk.now.date())
    return take_over_figures(
        current,
        revision=current.revision,
        month_revisions={month: held.revision for month, held in draft.held.items()},
        replaces=replaces,
        actor=actor or desk.officer,
        now=desk.now,
    )


#: August's figures of the desk, as four rows of a workbook.
AUGUST_TEXT = f"{AUGUST:%Y-%m}"
GOOD = (
    (AUGUST_TEXT, "ipo", "", "12"),
    (AUGUST_TEXT, "ipo", "women", "8"),
    (AUGUST_TEXT, "ipo", "men", "4"),
    (AUGUST_TEXT, "po", "Total", "7"),
)

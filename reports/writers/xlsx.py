"""The Excel workbook: what was selected, counts, a sheet for each kind of item, agencies' parts, accepted updates, evidence,
planned steps, indicators, figures, contradictions, targets, achievements and links."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import TYPE_CHECKING, Any, BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recommendations.states import ItemKind
from reports.languages import label_in
from reports.states import WITH_DOCUMENTS, WITH_UPDATES
from reports.summary.rows import accepted_text
from reports.summary.statement import Maker, Statement
from reports.writers.columns import (
    AGENCY,
    BESIDE,
    DOCUMENT,
    ITEM,
    STEP,
    UPDATE,
    CodeLabels,
    RecordType,
    agency_rows,
    in_each_language,
    item_row,
    step_row,
)
from reports.writers.figure_columns import (
    ACHIEVEMENT,
    CHECK,
    FIGURE,
    INDICATOR,
    LINK,
    TARGET,
    FigureRows,
)
from reports.writers.xlsx_counts import COUNTS, CountsSheet
from reports.writers.xlsx_sheets import (
    MOST_ROWS,
    CellFormats,
    PlainSheet,
    RecordSheets,
    open_workbook,
    set_page_layout,
)

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

    from reports.summary.content import SummaryContent

_KINDS = {
    ItemKind.RECOMMENDATION: _("Recommendations"),
    ItemKind.WEAKNESS: _("Weaknesses"),
}
_TITLE, _SELECTION = _("Progress summary"), _("Selection")
_SHEET, _ROWS = _("Sheet"), _("Rows")
_HIDDEN = _("Columns in which no row has a value are hidden.")


def write(content: SummaryContent, target: BinaryIO, *, maker: Maker, most_rows: int = MOST_ROWS) -> None:
    """Write the workbook (see `Writer`); `most_rows` is how many rows a sheet takes, its header among them."""
    with open_workbook(target) as book:
        _WorkbookWriter(book, content, most_rows=most_rows).write(maker)


class _WorkbookWriter:
    """Writes one workbook."""

    def __init__(self, book: Workbook, content: SummaryContent, *, most_rows: int) -> None:
        self._book, self._content, self._most_rows = book, content, most_rows
        self._labels = CodeLabels(content)
        self._languages = self._labels.languages
        self._formats = CellFormats(book, self._languages)
        self._records: list[RecordSheets] = []

    def write(self, maker: Maker) -> None:
        """Write all sheets. The first one is filled last, when fingerprint, class and numbers of rows are known."""
        content, depth = self._content, self._content.selection.depth
        first = self._book.add_worksheet(self._sheet_name(_SELECTION), worksheet_class=PlainSheet)
        counts = self._book.add_worksheet(self._sheet_name(COUNTS), worksheet_class=PlainSheet)
        CountsSheet(counts, content, self._formats).write()
        for kind, title in _KINDS.items():
            if items := [item_row(item) for item in content.items if item.kind == kind]:
                self._begin(ITEM, title).write(items)
        self._begin(AGENCY, AGENCY.title).write(row for item in content.items for row in agency_rows(item))
        if depth in WITH_UPDATES:
            self._begin(UPDATE, UPDATE.title).write(self._updates())
        if depth in WITH_DOCUMENTS:
            self._begin(DOCUMENT, DOCUMENT.title).write(content.documents())
        if content.steps:
            self._begin(STEP, STEP.title).write(map(step_row, content.steps))
        self._write_figures()
        statement = Statement.of(content.selection, maker, content.finish())
        self._write_statement(first, statement)
        levels = BESIDE.join(label_in(statement.classification.label, each) for each in self._languages)
        set_page_layout(self._book, classification=levels, cycle=str(statement.selection.year))
        self._set_properties(statement, levels)

    def _write_figures(self) -> None:
        """Write the sheets about figures, then achievements and links; those without rows are left out."""
        content, figures = self._content, self._content.figures
        held = [
            (INDICATOR, figures.indicators),
            (FIGURE, figures.indicators),
            (CHECK, figures.checks),
            (TARGET, figures.targets),
            (ACHIEVEMENT, content.achievements),
            (LINK, content.links),
        ]
        parts = {record.name: rows for record, rows in FigureRows(content).parts()}
        for record, its in held:
            if its:
                self._begin(record, record.title).write(parts[record.name]())

    def _begin(self, record: RecordType, title: Promise) -> RecordSheets:
        sheets = RecordSheets(
            self._book,
            self._sheet_name(title),
            record,
            record.for_people(
                self._languages,
                sees_marks=self._content.sees_marks,
                is_mapo=self._content.reader.is_mapo,
            ),
            labels=self._labels,
            formats=self._formats,
            most_rows=self._most_rows,
        )
        self._records.append(sheets)
        return sheets

    def _sheet_name(self, title: Promise) -> str:
        """Return a title in each language; the name of a sheet holds no stroke."""
        return in_each_language(title, self._languages).replace(BESIDE, " · ")

    def _updates(self) -> Iterator[tuple[Any, ...]]:
        """Yield the updates, each with its text, or why there is none."""
        for update in self._content.updates():
            if update.has_text:
                yield (*update, update.narrative)
            else:
                yield (*update, BESIDE.join(accepted_text(update, each) for each in self._languages))

    def _write_statement(self, sheet: PlainSheet, statement: Statement) -> None:
        """Fill the first sheet: the statement in each language, and how many rows each sheet holds."""
        formats, row = self._formats, 0
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 110)
        for language in self._languages:
            sheet.write_string(row, 0, label_in(_TITLE, language), formats.title)
            for name, value in statement.lines(language):
                row += 1
                sheet.write_string(row, 0, name, formats.label)
                sheet.write_string(row, 1, value, formats.text)
            row += 2
        for column, head in enumerate((_SHEET, _ROWS)):
            sheet.write_string(row, column, in_each_language(head, self._languages), formats.heading)
        for place, sheets in enumerate(self._records, row + 1):
            sheet.write_string(place, 0, ", ".join(sheets.names), formats.label)
            sheet.write_number(place, 1, sheets.count, formats.count)
        told = in_each_language(_HIDDEN, self._languages)
        sheet.write_string(row + len(self._records) + 2, 1, told, formats.text)

    def _set_properties(self, statement: Statement, levels: str) -> None:
        """Set what the file says of itself to who does not open it."""
        self._book.set_properties(
            {
                "title": f"{self._sheet_name(_TITLE)} {statement.selection.year}",
                "subject": statement.selection.day.isoformat(),
                "author": statement.maker.words,
                "category": levels,
                "keywords": statement.fingerprint,
                "created": statement.maker.made_at.astimezone(UTC),
            }
        )

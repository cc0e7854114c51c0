"""The Excel workbook: what was selected, a sheet for each kind of item, agencies' parts, accepted updates, evidence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from typing import Any, BinaryIO

from django.utils.translation import gettext_noop
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from recommendations.states import Kind
from reports.languages import label_in, translate
from reports.states import WITH_DOCUMENTS, WITH_UPDATES
from reports.summary.content import SummaryContent
from reports.summary.rows import ReportedUpdate, accepted_text
from reports.summary.statement import Maker, Statement
from reports.writers.columns import (
    AGENCY,
    BESIDE,
    DOCUMENT,
    ITEM,
    UPDATE,
    Record,
    Words,
    agency_rows,
    item_row,
)
from reports.writers.sheets import MOST_ROWS, Looks, PlainSheet, Table, dress, workbook

_KINDS = {
    Kind.RECOMMENDATION: gettext_noop("Recommendations"),
    Kind.WEAKNESS: gettext_noop("Weaknesses"),
}
_TITLE, _SELECTION = gettext_noop("Progress summary"), gettext_noop("Selection")
_SHEET, _ROWS = gettext_noop("Sheet"), gettext_noop("Rows")
#: Between two languages in the name of a sheet, where a stroke may not stand.
_DOT = " · "


def write(content: SummaryContent, target: BinaryIO, *, maker: Maker, most_rows: int = MOST_ROWS) -> None:
    """Write the workbook; `most_rows` is how many rows a sheet takes, its header among them."""
    with workbook(target) as book:
        _Writing(book, content, most_rows=most_rows).write(maker)


class _Writing:
    """One workbook while it is written."""

    def __init__(self, book: Workbook, content: SummaryContent, *, most_rows: int) -> None:
        self._book, self._content, self._most_rows = book, content, most_rows
        self._words = Words(content)
        self._tongues = self._words.tongues
        self._looks = Looks(book, self._tongues)
        self._tables: list[Table] = []

    def write(self, maker: Maker) -> None:
        """All sheets. The first one is written last, when fingerprint, class and numbers of rows are known."""
        content, depth = self._content, self._content.selection.depth
        first = self._book.add_worksheet(self._sheet_name(_SELECTION), worksheet_class=PlainSheet)
        for kind, title in _KINDS.items():
            items = [item_row(item) for item in content.items if item.kind == kind]
            if items:
                self._table(ITEM, title).take(items)
        parts = (row for item in content.items for row in agency_rows(item))
        self._table(AGENCY, AGENCY.title).take(parts)
        if depth in WITH_UPDATES:
            self._table(UPDATE, UPDATE.title).take(self._updates())
        if depth in WITH_DOCUMENTS:
            self._table(DOCUMENT, DOCUMENT.title).take(content.documents())
        self._tell(first, Statement.of(content.selection, maker, content.finish()))

    def _table(self, record: Record, title: str) -> Table:
        columns = record.for_people(self._tongues, sees_marks=self._content.sees_marks)
        table = Table(
            self._book, self._sheet_name(title), record, columns, words=self._words, looks=self._looks,
            most_rows=self._most_rows,
        )  # fmt: skip
        self._tables.append(table)
        return table

    def _sheet_name(self, title: str) -> str:
        return _DOT.join(dict.fromkeys(translate(title, each) for each in self._tongues))

    def _updates(self) -> Iterator[tuple[Any, ...]]:
        """The updates, each with what it says: its text, or that there is none and why."""
        for update in self._content.updates():
            has_text = update.has_text
            yield (*update, update.narrative if has_text else self._told(update))

    def _told(self, update: ReportedUpdate) -> str:
        return BESIDE.join(accepted_text(update, each) for each in self._tongues)

    def _tell(self, sheet: Worksheet, statement: Statement) -> None:
        looks, row = self._looks, 0
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 110)
        for tongue in self._tongues:
            sheet.write_string(row, 0, translate(_TITLE, tongue), looks.title)
            for name, value in statement.lines(tongue):
                row += 1
                sheet.write_string(row, 0, name, looks.label)
                sheet.write_string(row, 1, value, looks.text)
            row += 2
        self._count(sheet, row)
        levels = [label_in(statement.classification.label, each) for each in self._tongues]
        dress(self._book, classification=BESIDE.join(levels), cycle=str(statement.selection.year))
        self._name(statement, levels)

    def _count(self, sheet: Worksheet, row: int) -> None:
        """How many rows each sheet holds."""
        heads = (
            BESIDE.join(dict.fromkeys(translate(head, each) for each in self._tongues))
            for head in (_SHEET, _ROWS)
        )
        for column, head in enumerate(heads):
            sheet.write_string(row, column, head, self._looks.heading)
        for place, table in enumerate(self._tables, row + 1):
            sheet.write_string(place, 0, ", ".join(table.names), self._looks.label)
            sheet.write_number(place, 1, table.count, self._looks.count)

    def _name(self, statement: Statement, levels: list[str]) -> None:
        """What the file says of itself to who does not open it."""
        self._book.set_properties(
            {
                "title": f"{self._sheet_name(_TITLE)} {statement.selection.year}",
                "subject": statement.selection.day.isoformat(),
                "author": statement.maker.words,
                "category": BESIDE.join(levels),
                "keywords": statement.fingerprint,
                "created": statement.maker.made_at.astimezone(UTC),
            }
        )

"""Tables of a cycle with 210,000 updates, in turns with bare ones."""

from __future__ import annotations

import csv
import gc
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import openpyxl
from django.db import connection
from xlsxwriter import Workbook

from accounts.models import User
from accounts.roles import Role
from audit import clock
from audit.snapshot import database_snapshot
from benchmarks.child import Act, in_turns
from recommendations.models import Cycle
from reports.states import ExportFormat
from reports.summary import row_stream
from reports.summary.content import SummaryContent
from reports.summary.selection import read_selection
from reports.summary.statement import Maker
from reports.summary.writing import writer_of
from reports.writers.columns import AGENCY, DOCUMENT, ITEM, UPDATE

#: Rows that the bare cursor fetches at once, as many as the product's.
FETCHED = 2_000
#: How XlsxWriter is told the values of our types of columns; all others are text.
KINDS = {"NUMBER": "number", "PERCENT": "percent", "DAY": "day", "INSTANT": "instant"}
#: The kinds of a sheet's columns, and its cells.
Sheet = tuple[list[str], list[tuple[Any, ...]]]


def answers(_facts: dict[str, Any]) -> Mapping[str, Callable[..., object]]:
    """Answer `csv` and `xlsx`: the product in turns with the bare writing beside it, and CSV with COPY too."""

    def xlsx(times: int) -> list[list[float]]:
        # The product has just made the workbook whose cells the bare writing gets.
        return in_turns(made("xlsx"), _bare_xlsx(), is_warm=True)(times)

    return {"csv": in_turns(made("csv"), _bare_csv, _copy), "xlsx": xlsx}


def whole_content() -> Any:
    """Return all that the cycle holds, for a reviewer."""
    cycle, user = Cycle.objects.get(), User.objects.get(role=Role.REVIEWER, agency__code="KDN")
    selection = read_selection({"depth": "full"}, cycle=cycle, today=clock.today(), user=user)
    return SummaryContent(selection, cycle=cycle, reader=user)


def made(export_format: str) -> Act:
    """Return the product's whole way: rights, rows, fingerprint, file."""

    def make() -> None:
        with tempfile.TemporaryFile() as target:
            _make_into(target, export_format)

    return make


def _make_into(target: Any, export_format: str) -> None:
    with database_snapshot():
        content = whole_content()
        maker = Maker.of(content.reader, now=clock.now())
        writer_of(ExportFormat(export_format))(content, target, maker=maker)


def _statements() -> Iterator[tuple[str, Any]]:
    """Yield the product's own statements for what was accepted and for the documents."""
    content = whole_content()
    for rows in (row_stream._updates(content), row_stream._documents(content)):
        yield rows.query.sql_with_params()


def _bare_csv() -> None:
    """Read the same rows by a cursor of the server into the `csv` module, as they come."""
    with database_snapshot(), tempfile.TemporaryFile() as target:
        text = io.TextIOWrapper(target, encoding="utf-8", newline="")
        for statement, values in _statements():
            with connection.connection.cursor(name="bare") as cursor:
                cursor.itersize = FETCHED
                cursor.execute(statement, values)
                csv.writer(text).writerows(cursor)
        text.flush()


def _copy() -> None:
    """Read the same rows by COPY: as fast as they leave the database."""
    with database_snapshot(), tempfile.TemporaryFile() as target, connection.connection.cursor() as cursor:
        for statement, values in _statements():
            whole = cursor.mogrify(statement, values).decode()
            cursor.copy_expert(f"COPY ({whole}) TO STDOUT (FORMAT csv)", target)


def _bare_xlsx() -> Act:
    """Return a writing of the same cells by XlsxWriter alone in constant memory, from rows that lie ready in memory."""
    sheets = list(_sheets())
    gc.freeze()

    def make() -> None:
        with tempfile.TemporaryFile() as target:
            _write_bare(sheets, target)

    return make


def _write_bare(sheets: list[Sheet], target: Any) -> None:
    book = Workbook(target, {"constant_memory": True})
    shapes = {"day": "yyyy-mm-dd", "instant": "yyyy-mm-dd hh:mm", "percent": "0%", "number": "0"}
    looks = {kind: book.add_format({"num_format": shape}) for kind, shape in shapes.items()}
    looks["text"] = book.add_format({"text_wrap": True})
    for kinds, rows in sheets:
        sheet = book.add_worksheet()
        writes = {"day": sheet.write_datetime, "instant": sheet.write_datetime, "text": sheet.write_string}
        columns = [(writes.get(kind, sheet.write_number), looks[kind]) for kind in kinds]
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    write, look = columns[column]
                    write(place, column, value, look)
    book.close()


def _sheets() -> Iterator[Sheet]:
    """Yield the kinds of the columns, and all cells, of each sheet of rows that the product writes, as openpyxl reads them."""
    with tempfile.TemporaryFile() as target:
        _make_into(target, "xlsx")
        book = openpyxl.load_workbook(target, read_only=True)
        records = (ITEM, ITEM, AGENCY, UPDATE, DOCUMENT)
        # The sheets after those hold achievements and links, a few rows.
        for sheet, record in zip(book.worksheets[2 : 2 + len(records)], records, strict=True):
            columns = record.for_people(("ms",), sees_marks=True, is_mapo=True)
            kinds = [KINDS.get(column.type.name, "text") for column in columns]
            yield kinds, list(sheet.iter_rows(min_row=2, values_only=True))

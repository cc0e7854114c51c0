"""Run as the web role: `python -m benchmarks.reports_tables_worker FACTS.json` times tables in turns with bare ones.

It speaks as `state_worker` does. `… FACTS.json PAPER` makes one paper in a process that does nothing else, and prints by
how many MiB it grew at most.
"""

from __future__ import annotations

import csv
import gc
import io
import json
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import Any

import django
from django.db import connection

from benchmarks.state_worker import answer

#: Rows that the bare cursor fetches at once, as many as the product's.
FETCHED = 2_000
#: How XlsxWriter is told the values of our types of columns; all others are text.
KINDS = {"NUMBER": "number", "PERCENT": "percent", "DAY": "day", "INSTANT": "instant"}
Act = Callable[[], object]
Sheet = tuple[list[str], list[tuple[Any, ...]]]


def main(paper: str) -> None:
    """Answer until the input ends, or make one paper."""
    django.setup()
    if paper:
        print(json.dumps(_growth(paper)))
        return
    answer(
        {
            "csv": (_made("csv"), _bare_csv),
            "csv.copy": (_copy, _bare_csv),
            "xlsx": (_made("xlsx"), _bare_xlsx()),
        }
    )


def _content() -> Any:
    """All that the cycle holds, for a reviewer."""
    from accounts.models import User
    from accounts.roles import Role
    from audit import clock
    from recommendations.models import Cycle
    from reports.summary.content import SummaryContent
    from reports.summary.selection import read_selection

    cycle, user = Cycle.objects.get(), User.objects.get(role=Role.REVIEWER, agency__code="KDN")
    selection = read_selection({"depth": "full"}, cycle=cycle, today=clock.today(), user=user)
    return SummaryContent(selection, cycle=cycle, reader=user)


def _made(paper: str) -> Act:
    """The product's whole way: rights, rows, fingerprint, file."""

    def make() -> None:
        with tempfile.TemporaryFile() as target:
            _make_into(target, paper)

    return make


def _make_into(target: Any, paper: str) -> None:
    from audit import clock
    from reports.states import ExportFormat
    from reports.summary.content import database_snapshot
    from reports.summary.statement import Maker
    from reports.summary.writing import writer_of

    with database_snapshot():
        content = _content()
        maker = Maker.of(content.reader, now=clock.now())
        writer_of(ExportFormat(paper))(content, target, maker=maker)


def _growth(paper: str) -> float:
    """By how many MiB this process grows at most while it makes a paper; what it imports lies ready."""
    from reports.states import ExportFormat
    from reports.summary.writing import writer_of

    writer_of(ExportFormat(paper))
    _content()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _made(paper)()
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def _statements() -> Iterator[tuple[str, Any]]:
    """The product's own statements for what was accepted and for the documents."""
    from reports.summary import row_stream

    content = _content()
    for rows in (row_stream._updates(content), row_stream._documents(content)):
        yield rows.query.sql_with_params()


def _bare_csv() -> None:
    """The same rows by a cursor of the server into the `csv` module, as they come."""
    from reports.summary.content import database_snapshot

    with database_snapshot(), tempfile.TemporaryFile() as target:
        text = io.TextIOWrapper(target, encoding="utf-8", newline="")
        for statement, values in _statements():
            with connection.connection.cursor(name="bare") as cursor:
                cursor.itersize = FETCHED
                cursor.execute(statement, values)
                csv.writer(text).writerows(cursor)
        text.flush()


def _copy() -> None:
    """The same rows by COPY: as fast as they leave the database."""
    from reports.summary.content import database_snapshot

    with database_snapshot(), tempfile.TemporaryFile() as target, connection.connection.cursor() as cursor:
        for statement, values in _statements():
            whole = cursor.mogrify(statement, values).decode()
            cursor.copy_expert(f"COPY ({whole}) TO STDOUT (FORMAT csv)", target)


def _bare_xlsx() -> Act:
    """The same cells by XlsxWriter alone in constant memory, from rows that lie ready in memory."""
    sheets = list(_sheets())
    gc.freeze()

    def make() -> None:
        with tempfile.TemporaryFile() as target:
            _write_bare(sheets, target)

    return make


def _write_bare(sheets: list[Sheet], target: Any) -> None:
    from xlsxwriter import Workbook

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
    """The kinds of the columns, and all cells, of each sheet that the product writes, as openpyxl reads them."""
    import openpyxl

    from reports.writers.columns import AGENCY, DOCUMENT, ITEM, UPDATE

    with tempfile.TemporaryFile() as target:
        _make_into(target, "xlsx")
        book = openpyxl.load_workbook(target, read_only=True)
        for sheet, record in zip(book.worksheets[1:], (ITEM, ITEM, AGENCY, UPDATE, DOCUMENT), strict=True):
            columns = record.for_people(("ms",), sees_marks=True)
            kinds = [KINDS.get(column.type.name, "text") for column in columns]
            yield kinds, list(sheet.iter_rows(min_row=2, values_only=True))


if __name__ == "__main__":
    main(sys.argv[2] if len(sys.argv) > 2 else "")

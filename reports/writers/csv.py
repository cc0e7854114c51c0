"""The CSV table: UTF-8 with a byte order mark, RFC 4180, one header line, every record a line of the same columns.

The first column names the record: item, agency, update, document, step, achievement, link, indicator, target, check,
figure; the last line is `about`, which holds in the last
column what every output states, as JSON. Columns, codes and order do not depend on the language; labels stand in it.
What has no value is empty, text is always quoted, lists have spaces between their members. Text that a spreadsheet
could take for a formula gets an apostrophe before it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from functools import cache
from operator import call
from typing import TYPE_CHECKING, Any, BinaryIO

from reports.summary.statement import Maker, Statement
from reports.writers.columns import (
    RECORDS,
    CodeLabels,
    ColumnType,
    RecordType,
    TableColumn,
    agency_rows,
    iso_instant,
    item_row,
    step_row,
)
from reports.writers.figure_columns import ALL_RECORDS, FigureRows
from ui.formulas import guard_formula

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent

#: Makes the text of a cell from its value.
CellWriter = Callable[[Any], str]

_LINE_END = "\r\n"


@cache
def header() -> tuple[str, ...]:
    """Return the names of all columns: those of the records in their order, each once."""
    names = [name for record in ALL_RECORDS for column in record.for_programs() for name in _names(column)]
    return ("record", *dict.fromkeys(names), "about")


def write(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
    """Write the table (see `Writer`)."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    text.write(",".join(header()) + _LINE_END)
    text.writelines(_lines(content))
    statement = Statement.of(content.selection, maker, content.finish())
    facts = json.dumps(statement.facts(), ensure_ascii=False)
    text.write(_template("about", ["about"]) % _quoted(facts))
    text.flush()
    text.detach()


def _lines(content: SummaryContent) -> Iterator[str]:
    labels = CodeLabels(content)
    item, agency, update, document, step = (line_writer(record, labels) for record in RECORDS)
    yield from map(item, map(item_row, content.items))
    for each in content.items:
        yield from map(agency, agency_rows(each))
    yield from map(update, content.updates())
    yield from map(document, content.documents())
    yield from map(step, map(step_row, content.steps))
    for record, rows in FigureRows(content).parts():
        yield from map(line_writer(record, labels), rows())


def line_writer(record: RecordType, labels: CodeLabels) -> Callable[[Any], str]:
    """Return a function that makes the line of a row of this record.

    It quotes by itself: see ADR 16 for why, and how much faster it is than the `csv` module.
    """
    columns = {name: column for column in record.for_programs() for name in _names(column)}
    names = [name for name in header() if name in columns]
    template, values_of = (
        _template(record.name, names),
        record.values_getter([columns[name] for name in names]),
    )
    cells = [_cell_writer(name, columns[name], labels) for name in names]

    def line(row: Any) -> str:
        return template % tuple(map(call, cells, values_of(row)))

    return line


def _template(record: str, names: list[str]) -> str:
    """Return the line of a record with places for the columns of these names, in the order of the header."""
    places = ["%s" if name in names else "" for name in header()[1:]]
    return ",".join([record, *places]) + _LINE_END


def _names(column: TableColumn) -> tuple[str, ...]:
    """Return the names of a column: a code stands in one column, its label in the next."""
    is_labelled = column.type == ColumnType.LABELLED
    return (column.name, f"{column.name}_label") if is_labelled else (column.name,)


def _cell_writer(name: str, column: TableColumn, labels: CodeLabels) -> CellWriter:
    """Return what makes the cells of a column; columns of few different values are cached."""
    is_label = column.type == ColumnType.LABEL or name != column.name
    if is_label:
        label = labels.labeller(column)
        return cache(lambda code: _quoted(label(code)))
    write_cell = _CELL_WRITERS[column.type]
    return cache(write_cell) if column.type in _FEW_VALUES else write_cell


def _quoted(text: str) -> str:
    """Return a text, which may hold anything, quoted and guarded; empty stays empty."""
    return '"' + guard_formula(text).replace('"', '""') + '"' if text else ""


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return guard_formula(value)
    return "" if value is None else str(value)


_CELL_WRITERS: dict[ColumnType, CellWriter] = {
    ColumnType.CODE: _quoted,
    ColumnType.LABELLED: _plain,
    ColumnType.TEXT: _quoted,
    ColumnType.NUMBER: _plain,
    ColumnType.AMOUNT: _plain,
    ColumnType.TENTHS: _plain,
    ColumnType.PERCENT: _plain,
    ColumnType.DAY: lambda day: "" if day is None else day.isoformat(),
    ColumnType.INSTANT: lambda moment: "" if moment is None else iso_instant(moment),
    ColumnType.FLAG: lambda value: "true" if value else "false",
    ColumnType.LIST: lambda values: _quoted(" ".join(map(str, values))),
}
_FEW_VALUES = frozenset({ColumnType.LABELLED, ColumnType.PERCENT, ColumnType.DAY, ColumnType.FLAG})

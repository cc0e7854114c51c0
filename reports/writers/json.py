"""The JSON data: every text as it was typed, codes with their labels, described by a published schema.

`reports/data/summary-1.schema.json` says what each part means. Rows are written one by one, each on a line of its own.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from accounts.clearance import Clearance
from reports.summary.statement import Maker, Statement
from reports.writers.columns import (
    AGENCY,
    DOCUMENT,
    ITEM,
    STEP,
    UPDATE,
    CodeLabels,
    ColumnType,
    RecordType,
    TableColumn,
    agency_rows,
    iso_instant,
    item_row,
    step_row,
)
from reports.writers.figure_columns import FigureRows

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.rows import ReportedItem

#: Which schema the data follow. Another form of them gets another number, and the older schema stays.
SCHEMA = "urn:jejak:summary:4"

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def write(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
    """Write the data (see `Writer`)."""
    text = io.TextIOWrapper(target, encoding="utf-8", newline="")
    labels = CodeLabels(content)
    text.write(f'{{"schema":{_encode(SCHEMA)}')
    _write_list(text, "items", map(_item_maker(labels), content.items))
    _write_list(text, "updates", map(_object_maker(UPDATE, labels), content.updates()))
    _write_list(text, "documents", map(_object_maker(DOCUMENT, labels), content.documents()))
    _write_list(text, "steps", map(_object_maker(STEP, labels), map(step_row, content.steps)))
    for record, rows in FigureRows(content).parts():
        _write_list(text, f"{record.name}s", map(_object_maker(record, labels), rows()))
    statement = Statement.of(content.selection, maker, content.finish())
    text.write(f',\n"about":{_encode(statement.facts())}}}\n')
    text.flush()
    text.detach()


def _write_list(text: TextIO, name: str, rows: Iterable[dict[str, Any]]) -> None:
    """Write a list, each member on a line: it is never in memory as a whole."""
    text.write(f',\n"{name}":[')
    between = "\n"
    for row in rows:
        text.write(between + _encode(row))
        between = ",\n"
    text.write("]")


def _item_maker(labels: CodeLabels) -> Callable[[ReportedItem], dict[str, Any]]:
    """Return what makes the object of an item, with those of its agencies."""
    make_item, make_agency = _object_maker(ITEM, labels), _object_maker(AGENCY, labels)
    return lambda item: make_item(item_row(item)) | {"agencies": list(map(make_agency, agency_rows(item)))}


def _object_maker(record: RecordType, labels: CodeLabels) -> Callable[[Any], dict[str, Any]]:
    """Return what makes the object of a row."""
    columns = record.for_programs()
    names, values_of = [column.name for column in columns], record.values_getter(columns)
    makers = [_value_maker(column, labels) for column in columns]

    def make(row: Any) -> dict[str, Any]:
        return {
            name: convert(value) for name, convert, value in zip(names, makers, values_of(row), strict=True)
        }

    return make


def _value_maker(column: TableColumn, labels: CodeLabels) -> Callable[[Any], Any]:
    """Return what makes the value of a column; columns of few different values are cached."""
    makers: dict[ColumnType, Callable[[Any], Any]] = {
        ColumnType.LABELLED: cache(lambda code: _labelled(column, code, labels)),
        ColumnType.LABEL: labels.labeller(column),
        ColumnType.DAY: cache(lambda day: day and day.isoformat()),
        ColumnType.INSTANT: lambda moment: moment and iso_instant(moment),
        ColumnType.LIST: list,
    }
    return makers.get(column.type, lambda value: value)


def _labelled(column: TableColumn, code: Any, labels: CodeLabels) -> dict[str, str] | None:
    """Return a code with its label in each language; None without a code."""
    if code in ("", None):
        return None
    name = Clearance(code).name.lower() if column.labels == "classification" else code
    return {
        "code": name,
        **{language: labels.label(column.labels, code, language) for language in labels.languages},
    }

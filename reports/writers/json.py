"""The JSON data: every text as it was typed, codes with their labels, described by a published schema.

`reports/data/summary-1.schema.json` says what each part means. Rows are written one by one, each on a line of its own.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO, TextIO

from accounts.clearance import Clearance
from reports.summary.content import SummaryContent
from reports.summary.rows import ReportedItem
from reports.summary.statement import Maker, Statement
from reports.writers.columns import (
    AGENCY,
    DOCUMENT,
    ITEM,
    UPDATE,
    Column,
    Memo,
    Record,
    Type,
    Words,
    agency_rows,
    item_row,
)
from reports.writers.plain import instant

#: Which schema the data follow. Another form of them gets another number, and the older schema stays.
SCHEMA = "urn:jejak:summary:1"

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def write(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
    """Write the data."""
    text = io.TextIOWrapper(target, encoding="utf-8", newline="")
    words = Words(content)
    text.write(f'{{"schema":{_encode(SCHEMA)}')
    _part(text, "items", map(_itemer(words), content.items))
    _part(text, "updates", map(_object(UPDATE, words), content.updates()))
    _part(text, "documents", map(_object(DOCUMENT, words), content.documents()))
    statement = Statement.of(content.selection, maker, content.finish())
    text.write(f',\n"about":{_encode(statement.facts())}}}\n')
    text.flush()
    text.detach()


def _part(text: TextIO, name: str, rows: Iterable[dict[str, Any]]) -> None:
    """A list, each member on a line."""
    text.write(f',\n"{name}":[')
    between = "\n"
    for row in rows:
        text.write(between + _encode(row))
        between = ",\n"
    text.write("]")


def _itemer(words: Words) -> Callable[[ReportedItem], dict[str, Any]]:
    """What makes the object of an item, with those of its agencies."""
    of_item, of_agency = _object(ITEM, words), _object(AGENCY, words)

    def item(row: ReportedItem) -> dict[str, Any]:
        return of_item(item_row(row)) | {"agencies": [of_agency(each) for each in agency_rows(row)]}

    return item


def _object(record: Record, words: Words) -> Callable[[Any], dict[str, Any]]:
    """What makes the object of a row."""
    columns = record.for_programs()
    names, pick = [column.name for column in columns], record.picker(columns)
    values = [_value(column, words) for column in columns]

    def make(row: Any) -> dict[str, Any]:
        return {name: value(told) for name, value, told in zip(names, values, pick(row), strict=True)}

    return make


def _value(column: Column, words: Words) -> Callable[[Any], Any]:
    """What makes the value of a column."""
    if column.type == Type.WORD:
        return Memo(lambda code: _word(column, code, words)).__getitem__
    if column.type == Type.NAME:
        return words.of(column)
    if column.type == Type.DAY:
        return Memo(lambda day: day and day.isoformat()).__getitem__
    if column.type == Type.INSTANT:
        return lambda moment: moment and instant(moment)
    if column.type == Type.LIST:
        return list
    return lambda value: value


def _word(column: Column, code: Any, words: Words) -> dict[str, str] | None:
    """A code with its label in each language; null where there is no code."""
    if code in ("", None):
        return None
    said = Clearance(code).name.lower() if column.words == "classification" else code
    return {"code": said, **{tongue: words.word(column.words, code, tongue) for tongue in words.tongues}}

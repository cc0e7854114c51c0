"""The CSV table: UTF-8 with a byte order mark, RFC 4180, one header line, every record a line of the same columns.

The first column names the record: item, agency, update, document; the last line is `about`, which holds in the last
column what every output states, as JSON. Columns, codes and order do not depend on the language; labels stand in it.
What has no value is empty, text is always quoted, lists have spaces between their members. Text that a spreadsheet
could take for a formula gets an apostrophe before it.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from operator import call
from typing import Any, BinaryIO

from reports.summary.content import SummaryContent
from reports.summary.statement import Maker, Statement
from reports.writers.columns import (
    AGENCY,
    DOCUMENT,
    ITEM,
    RECORDS,
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

Cell = Callable[[Any], str]

#: What begins a formula for a spreadsheet: also full-width, and also behind spaces and signs that cannot be seen, which
#: some of them take away before they look. A tab or a line's end at the beginning is guarded as it is.
_FORMULA = re.compile(
    r"[\s\x00-\x20\xad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]*[\t\r\n=+\-@＝＋－＠]"
)
_LINE_END = "\r\n"


def guard(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet could take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def header() -> tuple[str, ...]:
    """The names of all columns: those of the records in their order, each once."""
    names = [name for record in RECORDS for column in record.for_programs() for name in _names(column)]
    return ("record", *dict.fromkeys(names), "about")


def write(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
    """Write the table."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    text.write(",".join(header()) + _LINE_END)
    text.writelines(_lines(content))
    statement = Statement.of(content.selection, maker, content.finish())
    facts = json.dumps(statement.facts(), ensure_ascii=False)
    text.write(_template("about", ["about"]) % _quoted(facts))
    text.flush()
    text.detach()


def _lines(content: SummaryContent) -> Iterator[str]:
    words = Words(content)
    item, agency, update, document = (_liner(record, words) for record in (ITEM, AGENCY, UPDATE, DOCUMENT))
    yield from map(item, map(item_row, content.items))
    for each in content.items:
        yield from map(agency, agency_rows(each))
    yield from map(update, content.updates())
    yield from map(document, content.documents())


def _liner(record: Record, words: Words) -> Callable[[Any], str]:
    """What makes a line of a row of this record.

    The quotes are our own: with as few steps for each cell as this, the table takes half as long as by the `csv` module.
    """
    columns = {name: column for column in record.for_programs() for name in _names(column)}
    names = [name for name in header() if name in columns]
    template, pick = _template(record.name, names), record.picker([columns[name] for name in names])
    cells = [_cell(name, columns[name], words) for name in names]

    def line(row: Any) -> str:
        return template % tuple(map(call, cells, pick(row)))

    return line


def _template(record: str, names: list[str]) -> str:
    """The line of a record, with places for the columns of these names, in the order of the header."""
    places = ["%s" if name in names else "" for name in header()[1:]]
    return ",".join([record, *places]) + _LINE_END


def _names(column: Column) -> tuple[str, ...]:
    """A code stands in one column, its label in the next."""
    return (column.name, f"{column.name}_label") if column.type == Type.WORD else (column.name,)


def _cell(name: str, column: Column, words: Words) -> Cell:
    """What makes the cell of a column from its value; what has few values is remembered."""
    if column.type in (Type.WORD, Type.NAME):
        label = words.of(column)
        has_code = column.type == Type.WORD and name == column.name
        return Memo(lambda code: _plain(code) if has_code else _quoted(label(code))).__getitem__
    make = _CELLS[column.type]
    return Memo(make).__getitem__ if column.type in _FEW else make


def _quoted(text: str) -> str:
    """Text that people typed, which may hold anything."""
    return '"' + guard(text).replace('"', '""') + '"' if text else ""


def _plain(value: Any) -> str:
    return "" if value is None else str(value)


def _day(value: Any) -> str:
    return "" if value is None else value.isoformat()


def _instant(value: Any) -> str:
    return "" if value is None else instant(value)


def _list(values: Any) -> str:
    return _quoted(" ".join(map(str, values))) if values else ""


_CELLS: dict[Type, Cell] = {
    Type.CODE: _quoted,
    Type.TEXT: _quoted,
    Type.NUMBER: _plain,
    Type.PERCENT: _plain,
    Type.DAY: _day,
    Type.INSTANT: _instant,
    Type.FLAG: lambda value: "true" if value else "false",
    Type.LIST: _list,
}
_FEW = frozenset({Type.PERCENT, Type.DAY, Type.FLAG})

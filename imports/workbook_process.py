"""Prints the cells of a workbook, in a process of its own: how many rows at most in, XLSX as standard input, JSON out.

The answer is {"refused": sentence} for a file that the rules for evidence refuse, or lists the visible {"sheets"}: {"name", "rows": [[line, [cell, …]], …]}. A cell is its text, or [text, mark, more]
where the mark says what the text cannot:

- "error": Excel's own, such as #REF!;
- "formula": its result was never saved; "computed": the text is its result. `more` is the formula itself;
- "merged": the cell is one of several that were merged into one;
- "number": a number with a fraction, so that its point is no separator of thousands.

The process has an empty environment. It imports neither Django nor any module of ours but those of `evidence` that do not either.
"""

from __future__ import annotations

import datetime
import io
import json
import math
import os
import sys
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any
from xml.parsers import expat

import openpyxl
from openpyxl.utils.cell import range_boundaries

from evidence.kinds import office, ole
from evidence.kinds.catalogue import OLE_SIGNATURE
from evidence.kinds.refusals import Refused
from evidence.sandbox import DONE, TOO_MUCH, Limits, run_shut_in

LIMITS = Limits(
    memory_bytes=512 * 1024 * 1024, cpu_seconds=8, wall_seconds=12, output_bytes=32 * 1024 * 1024, niceness=5
)
MAX_UNPACKED_BYTES = 24 * 1024 * 1024

#: Columns that are looked at, characters of the whole answer and of a formula, sheets, and places where cells are merged.
MAX_COLUMNS = 50
MAX_CHARACTERS = 4_000_000
MAX_FORMULA = 200
MAX_SHEETS = 20
#: Lines of one sheet, also of formats alone: far more than a template has, and counted before the library reads anything.
MAX_LINES = 20_000
MAX_MERGED = 2_000
#: Excel's last row; a file with later ones is wrong.
_LAST_ROW = 1_048_576

Cell = str | list[str]


class WorkbookTooLarge(Exception):
    """The sheets hold more than an import may have."""


def start(most_rows: str) -> None:
    """Shut the process in, read standard input as a workbook and write its cells to standard output."""
    run_shut_in(lambda: _answer(int(most_rows)), limits=LIMITS)


def _answer(most_rows: int) -> int:
    """Write the cells, or the code of the evidence's refusal; return the exit code."""
    content = sys.stdin.buffer.read()
    answer: dict[str, Any]
    try:
        _demand_small(content)
        _demand_few_lines(content)
        answer = {"sheets": list(sheets_of(content, most_rows=most_rows))}
    except Refused as refusal:
        answer = {"refused": refusal.sentence}
    except WorkbookTooLarge:
        return TOO_MUCH
    with os.fdopen(1, "w", encoding="utf-8", closefd=False) as output:
        json.dump(answer, output)
    return DONE


def _demand_small(content: bytes) -> None:
    """Raise Refused unless this is an XLSX file by the rules for evidence, small when unpacked, without an archive inside."""
    if content.startswith(OLE_SIGNATURE):
        raise ole.refusal(io.BytesIO(content))
    if not content.startswith(b"PK\x03\x04"):
        raise Refused("not_office")
    with office.open_container(io.BytesIO(content), size=len(content)) as container:
        if sum(entry.file_size for entry in container.infolist()) > MAX_UNPACKED_BYTES:
            raise Refused("bomb")
        if any(_begins_archive(container, entry) for entry in container.infolist()):
            raise Refused("bomb")
    if office.check(io.BytesIO(content), size=len(content)).code != "xlsx":
        raise Refused("not_office")


def _demand_few_lines(content: bytes) -> None:
    """Raise WorkbookTooLarge where a sheet has too many lines, at the first one: the library would read all texts before."""
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        for name in container.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with container.open(name) as part:
                    _read_elements(part, _Lines().begins)


class _Lines:
    """Counts the lines of a sheet while it is read."""

    def __init__(self) -> None:
        self._count = 0

    def begins(self, name: str, _attributes: dict[str, str]) -> None:
        self._count += name == "row"
        if self._count > MAX_LINES:
            raise WorkbookTooLarge


def _read_elements(part: IO[bytes], begins: Callable[[str, dict[str, str]], None]) -> None:
    """Read the XML of a part, and call `begins` with the name, without its prefix, and the attributes of each element."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: begins(name.rpartition(":")[2], attributes)
    parser.ParseFile(part)


def _begins_archive(container: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    try:
        with container.open(entry) as part:
            return part.read(4) == b"PK\x03\x04"
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise Refused("damaged_office") from error


def sheets_of(content: bytes, *, most_rows: int) -> Iterator[dict[str, Any]]:
    """Yield the visible sheets in order, each with its filled rows, `most_rows` in all; lines count from 1.

    The workbook is opened twice: once for the values, once to know which cells are formulas.
    """
    warnings.simplefilter("ignore")
    values, formulas = (
        openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False, data_only=data_only)
        for data_only in (True, False)
    )
    room = _Room(most_rows)
    pairs = [
        pair
        for pair in zip(values.worksheets, formulas.worksheets, strict=True)
        if pair[0].sheet_state == "visible"
    ]
    for sheet, twin in pairs[:MAX_SHEETS]:
        yield {"name": str(sheet.title)[:100], "rows": list(_rows(sheet, twin, room, _Merged(values, sheet)))}


class _Room:
    """Counts what may still be read."""

    def __init__(self, rows: int) -> None:
        self.rows, self.characters = rows, MAX_CHARACTERS

    def take(self, cells: Iterable[Cell]) -> None:
        self.rows -= 1
        self.characters -= sum(len(cell if isinstance(cell, str) else "".join(cell)) for cell in cells)
        if self.rows < 0 or self.characters < 0:
            raise WorkbookTooLarge


class _Merged:
    """Where cells of a sheet are merged. The library does not tell it of a sheet that it reads row by row."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self.ranges: list[tuple[int, int, int, int]] = []
        with book._archive.open(sheet._worksheet_path) as part:
            _read_elements(part, self._begins)

    def _begins(self, name: str, attributes: dict[str, str]) -> None:
        if name == "mergeCell":
            first, top, last, bottom = range_boundaries(attributes["ref"])
            self.ranges.append((first or 1, top or 1, last or MAX_COLUMNS, bottom or _LAST_ROW))
            if len(self.ranges) > MAX_MERGED:
                raise WorkbookTooLarge

    def mark(self, line: int, cells: list[Cell]) -> None:
        """Mark the cells of a line that are merged with others."""
        for first, top, last, bottom in self.ranges:
            if top <= line <= bottom:
                for place in range(first - 1, min(last, len(cells))):
                    cells[place] = [_text_of(cells[place]), "merged"]


def _text_of(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell[0]


def _rows(sheet: Any, twin: Any, room: _Room, merged: _Merged) -> Iterator[list[Any]]:
    for each in (sheet, twin):
        each.reset_dimensions()
    bounds = {"max_row": _LAST_ROW, "max_col": MAX_COLUMNS}
    twins = zip(sheet.iter_rows(**bounds), twin.iter_rows(**bounds), strict=False)
    gap = None
    for line, (row, formulas) in enumerate(twins, 1):
        if row is gap:  # The library gives one and the same row for every line that the file leaves out.
            continue
        cells = [_cell(value, formula) for value, formula in zip(row, formulas, strict=False)]
        merged.mark(line, cells)
        while cells and cells[-1] == "":
            cells.pop()
        if not cells:
            gap = row
            continue
        room.take(cells)
        yield [line, cells]


def _cell(value: Any, formula: Any) -> Cell:
    if value.data_type == "e":
        return [str(value.value), "error"]
    if formula.data_type == "f":
        written = formula.value[:MAX_FORMULA] if isinstance(formula.value, str) else "="
        return [_text(value), "formula" if value.value is None else "computed", written]
    text = _text(value)
    return [text, "number"] if isinstance(value.value, float) and "." in text else text


def _text(cell: Any) -> str:
    """Return a cell as text: dates as 2023-05-02, shares as 40%, whole numbers without a point, lines ended by LF."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, is_share="%" in str(cell.number_format))
    text = value.isoformat() if isinstance(value, datetime.date) else str(value)
    return text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def _number(value: float, *, is_share: bool) -> str:
    if not math.isfinite(value):
        return str(value)
    shown = round(value * 100 if is_share else value, 6)
    return f"{shown:.6f}".rstrip("0").rstrip(".") + ("%" if is_share else "")

"""Prints the cells of a workbook, in a process of its own: `workbook_process.py < XLSX > JSON`.

The answer lists the visible sheets: {"name", "rows": [[line, [cell, …]], …]}. A cell is its text, or [text, mark] where the
mark says what the text cannot: "formula" (its result was never saved) or "error" (Excel's own, such as #REF!).
The process has an empty environment, and ends with one of the codes below, or by a signal when a limit is reached. It imports neither Django nor any module of ours but `evidence.sandbox`.
"""

from __future__ import annotations

import datetime
import io
import json
import math
import os
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

DONE, UNREADABLE, TOO_MUCH = 0, 4, 5

#: The limits of the process.
MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 5
WALL_SECONDS = 12

#: Rows with something in them, columns that are looked at, and characters of the whole answer. Above the rows that
#: a batch may have, so that the sentence about too many rows can be said.
MAX_ROWS = 1_000
MAX_COLUMNS = 50
MAX_CHARACTERS = 4_000_000
MAX_SHEETS = 20
#: Excel's last row; a file with later ones is wrong.
_LAST_ROW = 1_048_576

Cell = str | list[str]


class WorkbookTooLarge(Exception):
    """The sheets hold more than an import may have."""


def main() -> int:
    """Read standard input as a workbook and write its cells to standard output."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from evidence.sandbox import LimitReached, enter_sandbox

    enter_sandbox(
        memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS, wall_seconds=WALL_SECONDS, output_bytes=0
    )
    try:
        answer = json.dumps(list(sheets_of(sys.stdin.buffer.read())))
    except (WorkbookTooLarge, LimitReached, MemoryError):
        return TOO_MUCH
    except Exception:  # Whatever a hostile file makes the library raise, the answer is the same.
        return UNREADABLE
    sys.stdout.write(answer)
    sys.stdout.flush()
    return DONE


def sheets_of(content: bytes) -> Iterator[dict[str, Any]]:
    """Yield the visible sheets in order, each with its filled rows; lines count from 1.

    The workbook is opened twice: once for the values, once to know which cells are formulas.
    """
    import openpyxl

    warnings.simplefilter("ignore")
    values, formulas = (
        openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False, data_only=data_only)
        for data_only in (True, False)
    )
    room = _Room()
    pairs = [
        pair
        for pair in zip(values.worksheets, formulas.worksheets, strict=True)
        if pair[0].sheet_state == "visible"
    ]
    for sheet, twin in pairs[:MAX_SHEETS]:
        yield {"name": str(sheet.title)[:100], "rows": list(_rows(sheet, twin, room))}


class _Room:
    """Counts what may still be read."""

    def __init__(self) -> None:
        self.rows, self.characters = MAX_ROWS, MAX_CHARACTERS

    def take(self, cells: Iterable[Cell]) -> None:
        self.rows -= 1
        self.characters -= sum(len(cell if isinstance(cell, str) else cell[0]) for cell in cells)
        if self.rows < 0 or self.characters < 0:
            raise WorkbookTooLarge


def _rows(sheet: Any, twin: Any, room: _Room) -> Iterator[list[Any]]:
    for each in (sheet, twin):
        each.reset_dimensions()
    bounds = {"max_row": _LAST_ROW, "max_col": MAX_COLUMNS}
    twins = zip(sheet.iter_rows(**bounds), twin.iter_rows(**bounds), strict=False)
    gap = None
    for line, (row, formulas) in enumerate(twins, 1):
        if row is gap:  # The library gives one and the same row for every line that the file leaves out.
            continue
        cells = [_cell(value, formula) for value, formula in zip(row, formulas, strict=False)]
        while cells and cells[-1] == "":
            cells.pop()
        if not cells:
            gap = row
            continue
        room.take(cells)
        yield [line, cells]


def _cell(value: Any, formula: Any) -> Cell:
    if formula.data_type == "f" and value.value is None:
        return ["", "formula"]
    if value.data_type == "e":
        return [str(value.value), "error"]
    return _text(value)


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


if __name__ == "__main__":
    # Ends at once, without clean-up by the library.
    os._exit(main())

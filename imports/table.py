"""Finds the table in a workbook and reads its rows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from django.utils.translation import gettext as _

from accounts.models import Agency
from imports.rows import AGENCY, CYCLE, EXAMPLE, LABELS, MAX_ROWS, ImportColumn, ImportRow
from imports.values import in_both, plain
from imports.workbook import BadOpeningFile, Cell, ReadSheet, ReadWorkbook
from recommendations.models import Cycle

#: The header is among this many first filled lines.
_HEAD_AMONG = 30
#: The least number of known columns in the header.
_LEAST_COLUMNS = 4
_OPTIONAL = {ImportColumn.CLASSIFICATION}


@dataclass(frozen=True)
class _HeaderRow:
    """The header of a table: its sheet, its index among the rows of the sheet, and the index of each column in a row."""

    sheet: ReadSheet
    index: int
    places: dict[ImportColumn, int]


def fetch_rows(workbook: ReadWorkbook, *, agency: Agency, cycle: Cycle, by: int) -> list[ImportRow]:
    """Return the filled rows below the header, without the template's example.

    Raises `BadOpeningFile` when there is no table, or more than one, a column is missing, nothing is filled in, too
    much is, or the file was made for another agency or cycle.
    """
    head = _head_of(workbook)
    _demand_made_for(head, agency=agency, cycle=cycle)
    rows: list[ImportRow] = []
    for line, cells in head.sheet.rows[head.index + 1 :]:
        texts, marks = _named(cells, head.places)
        is_example = plain(texts[ImportColumn.ITEM]).startswith(tuple(in_both(EXAMPLE)))
        if (any(texts.values()) or marks) and not is_example:
            rows.append(ImportRow(number=len(rows) + 1, line=line, cells=texts, marks=marks, by=by))
    if not rows:
        raise BadOpeningFile(
            _("No row of the table is filled in. Fill in the template, and choose it again.")
        )
    if len(rows) > MAX_ROWS:
        raise BadOpeningFile(
            _(
                "The table has %(count)s rows, but one import can have up to %(most)s. Split it into several "
                "files."
            )
            % {"count": len(rows), "most": MAX_ROWS}
        )
    return rows


@cache
def _column_words() -> dict[str, ImportColumn]:
    return {
        word: column
        for column, label in LABELS.items()
        for word in (*in_both(label), column.value, plain(column.value.replace("_", " ")))
    }


def _head_of(workbook: ReadWorkbook) -> _HeaderRow:
    heads = [head for sheet in workbook.sheets if (head := _find_head(sheet)) is not None]
    if not heads:
        raise BadOpeningFile(
            _(
                "No visible sheet has the columns of the template. Download the template, and copy your rows into it."
            )
        )
    filled = [head for head in heads if len(head.sheet.rows) > head.index + 1] or heads
    if len(filled) > 1:
        raise BadOpeningFile(
            _("Two sheets have the table: “%(first)s” and “%(second)s”. Put all rows into one of them.")
            % {"first": filled[0].sheet.name, "second": filled[1].sheet.name}
        )
    _demand_columns(filled[0])
    return filled[0]


def _find_head(sheet: ReadSheet) -> _HeaderRow | None:
    words = _column_words()
    for index, (_line, cells) in enumerate(sheet.rows[:_HEAD_AMONG]):
        named = [(words.get(plain(_text(cell))), place) for place, cell in enumerate(cells)]
        found = [(column, place) for column, place in named if column is not None]
        if len({column for column, _place in found}) >= _LEAST_COLUMNS:
            _demand_once(column for column, _place in found)
            return _HeaderRow(sheet, index, dict(found))
    return None


def _demand_once(columns: Iterable[ImportColumn]) -> None:
    for column, count in Counter(columns).items():
        if count > 1:
            raise BadOpeningFile(
                _("The column “%(column)s” appears twice in the table. Remove one of the two.")
                % {"column": LABELS[column]}
            )


def _demand_columns(head: _HeaderRow) -> None:
    missing = [
        str(LABELS[column])
        for column in ImportColumn
        if column not in head.places and column not in _OPTIONAL
    ]
    if missing:
        raise BadOpeningFile(
            _("The table lacks: %(columns)s. Download the template, and copy your rows into it.")
            % {"columns": ", ".join(missing)}
        )


def _demand_made_for(head: _HeaderRow, *, agency: Agency, cycle: Cycle) -> None:
    """Refuse a template that was made for another agency or cycle; a table without that note is accepted."""
    told = _told_above(head)
    if told.get("agency", agency.code).split()[0].casefold() != agency.code.casefold():
        raise BadOpeningFile(
            _(
                "This file was made for %(theirs)s, but you are importing for %(agency)s. Nothing was read "
                "from it."
            )
            % {"theirs": told["agency"][:40], "agency": agency.code}
        )
    if told.get("cycle", str(cycle.year)) != str(cycle.year):
        raise BadOpeningFile(
            _("This file was made for the report year %(theirs)s, not %(year)s. Nothing was read from it.")
            % {"theirs": told["cycle"][:20], "year": cycle.year}
        )


def _told_above(head: _HeaderRow) -> dict[str, str]:
    labels = {word: key for key, label in (("agency", AGENCY), ("cycle", CYCLE)) for word in in_both(label)}
    told = {}
    for _line, cells in head.sheet.rows[: head.index]:
        texts = [_text(cell) for cell in cells]
        for label, value in pairwise(texts):
            if plain(label) in labels and value.strip():
                told[labels[plain(label)]] = value.strip()
    return told


def _named(cells: list[Cell], places: dict[ImportColumn, int]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts of a row by column, and the marks by column."""
    texts = dict.fromkeys(map(str, ImportColumn), "")
    marks = {}
    for column, place in places.items():
        cell = cells[place] if place < len(cells) else ""
        texts[column.value] = _text(cell)
        if not isinstance(cell, str):
            marks[column.value] = cell[1]
    return texts, marks


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell[0]

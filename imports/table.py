"""Finds the table of a template in a workbook, and gives its lines by column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Agency
from imports.rows import AGENCY, CYCLE
from imports.sheets import BadWorkbook, Cell, ReadSheet, ReadWorkbook
from imports.values import in_both, plain
from recommendations.models import Cycle
from ui.numbers import number

#: The header is among this many first filled lines.
_HEAD_AMONG = 30


@dataclass(frozen=True, kw_only=True)
class TableLayout:
    """What the table of a template looks like, whichever language its words are in.

    `labels` are the headings of the columns by name, in order; those in `optional` may be missing, and `least_columns` of
    them make a header. `facts` are what is told above the table, by key. `marks` are those that its reader asks about
    (see `workbook_process`); a formula in a column of `as_written` is read as what was typed, not as its result.
    """

    labels: Mapping[str, Promise]
    least_columns: int
    facts: Mapping[str, Promise] = field(default_factory=lambda: {"agency": AGENCY, "cycle": CYCLE})
    optional: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    as_written: frozenset[str] = frozenset()


@dataclass(frozen=True)
class TableLine:
    """One line below the header: its number in the sheet, its texts by column, and the marks by column."""

    number: int
    texts: dict[str, str]
    marks: dict[str, str]

    @property
    def is_filled(self) -> bool:
        return any(self.texts.values()) or bool(self.marks)


@dataclass(frozen=True)
class FoundTable:
    """The table of a workbook, with what is told above it by key."""

    facts: Mapping[str, str]
    lines: list[TableLine]


@dataclass(frozen=True)
class _HeaderRow:
    """The header of a table: its sheet, its index among the rows of the sheet, and the index of each column in a row."""

    sheet: ReadSheet
    index: int
    places: dict[str, int]


def find_table(workbook: ReadWorkbook, layout: TableLayout) -> FoundTable:
    """Return the table. Raises `BadWorkbook` when there is none, or more than one, or a column is missing."""
    head = _head_of(workbook, layout)
    lines = [_line(line, cells, head, layout) for line, cells in head.sheet.rows[head.index + 1 :]]
    return FoundTable(_told_above(head, layout), lines)


def demand_made_for(table: FoundTable, *, agency: Agency, cycle: Cycle) -> None:
    """Refuse a template that was made for another agency or cycle; a table without that note is accepted."""
    told = table.facts
    if told.get("agency", agency.code).split()[0].casefold() != agency.code.casefold():
        raise BadWorkbook(
            _(
                "This file was made for %(theirs)s, but you are importing for %(agency)s. Nothing was read "
                "from it."
            )
            % {"theirs": told["agency"][:40], "agency": agency.code}
        )
    if told.get("cycle", str(cycle.year)) != str(cycle.year):
        raise BadWorkbook(
            _("This file was made for the report year %(theirs)s, not %(year)s. Nothing was read from it.")
            % {"theirs": told["cycle"][:20], "year": cycle.year}
        )


def demand_few(count: int, *, most: int) -> None:
    """Refuse a table that has nothing filled in, or more rows than `most`."""
    if not count:
        raise BadWorkbook(_("No row of the table is filled in. Fill in the template, and choose it again."))
    if count > most:
        raise BadWorkbook(
            _(
                "The table has %(count)s rows, but one import can have up to %(most)s. Split it into several "
                "files."
            )
            % {"count": number(count), "most": number(most)}
        )


def _head_of(workbook: ReadWorkbook, layout: TableLayout) -> _HeaderRow:
    words = {
        word: name
        for name, label in layout.labels.items()
        for word in (*in_both(label), name, plain(name.replace("_", " ")))
    }
    heads = [head for sheet in workbook.sheets if (head := _find_head(sheet, words, layout)) is not None]
    if not heads:
        raise BadWorkbook(
            _(
                "No visible sheet has the columns of the template. Download the template, and copy your rows into it."
            )
        )
    filled = [head for head in heads if len(head.sheet.rows) > head.index + 1] or heads
    if len(filled) > 1:
        raise BadWorkbook(
            _("Two sheets have the table: “%(first)s” and “%(second)s”. Put all rows into one of them.")
            % {"first": filled[0].sheet.name, "second": filled[1].sheet.name}
        )
    _demand_columns(filled[0], layout)
    return filled[0]


def _find_head(sheet: ReadSheet, words: Mapping[str, str], layout: TableLayout) -> _HeaderRow | None:
    for index, (_line, cells) in enumerate(sheet.rows[:_HEAD_AMONG]):
        named = [(words.get(plain(_text(cell))), place) for place, cell in enumerate(cells)]
        found = [(column, place) for column, place in named if column is not None]
        if len({column for column, _place in found}) >= layout.least_columns:
            _demand_once((column for column, _place in found), layout)
            return _HeaderRow(sheet, index, dict(found))
    return None


def _demand_once(columns: Iterable[str], layout: TableLayout) -> None:
    for column, count in Counter(columns).items():
        if count > 1:
            raise BadWorkbook(
                _("The column “%(column)s” appears twice in the table. Remove one of the two.")
                % {"column": layout.labels[column]}
            )


def _demand_columns(head: _HeaderRow, layout: TableLayout) -> None:
    missing = [
        str(label)
        for column, label in layout.labels.items()
        if column not in head.places and column not in layout.optional
    ]
    if missing:
        raise BadWorkbook(
            _("The table lacks: %(columns)s. Download the template, and copy your rows into it.")
            % {"columns": ", ".join(missing)}
        )


def _told_above(head: _HeaderRow, layout: TableLayout) -> dict[str, str]:
    labels = {word: key for key, label in layout.facts.items() for word in in_both(label)}
    told = {}
    for _line, cells in head.sheet.rows[: head.index]:
        texts = [_text(cell) for cell in cells]
        for label, value in pairwise(texts):
            if plain(label) in labels and value.strip():
                told[labels[plain(label)]] = value.strip()
    return told


def _line(place_in_sheet: int, cells: list[Cell], head: _HeaderRow, layout: TableLayout) -> TableLine:
    """Return the texts of a line by column, and the marks by column."""
    texts = dict.fromkeys(map(str, layout.labels), "")
    marks = {}
    for column, place in head.places.items():
        cell = cells[place] if place < len(cells) else ""
        if isinstance(cell, str):
            texts[column] = cell
        elif column in layout.as_written and cell[1] in ("formula", "computed"):
            texts[column] = cell[2]
        else:
            texts[column] = cell[0]
            if cell[1] in layout.marks:
                marks[column] = cell[1]
    return TableLine(place_in_sheet, texts, marks)


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell[0]

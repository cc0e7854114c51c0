"""Tables of a Word file: their head repeats on each page, their rows are not cut, their caption is spoken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docx.oxml.xmlchemy import BaseOxmlElement

from reports.writers.docx.elements import Scribe, element
from reports.writers.docx.voice import NOTHING, Said

#: Twentieths of a point in a millimetre.
_PER_MM = 56.6929
#: What the margins leave of a page of A4.
TEXT_WIDTH_MM = 170

#: The style of tables with a head.
_WITH_HEAD = "JejakTable"

#: A fact, and below it notes to it.
Cell = Said | Sequence[Said]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: how wide, what stands above it, whether figures stand in it; its languages go below or
    beside each other."""

    width_mm: float
    head: Said = NOTHING
    is_figure: bool = False
    style: str = "TableText"
    between: str = "\n"

    @property
    def width(self) -> int:
        return round(self.width_mm * _PER_MM)

    @property
    def cell_style(self) -> str:
        if not self.is_figure:
            return self.style
        return "TableDenseFigure" if self.style == "TableDense" else "TableFigure"

    @property
    def head_style(self) -> str:
        return "TableHeadingFigure" if self.is_figure else "TableHeading"


def table(
    scribe: Scribe, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, caption: Said, style: str
) -> BaseOxmlElement:
    """A table, with a head where its style is the one that has a head; `caption` is what a screen reader says of it."""
    has_head = style == _WITH_HEAD
    made = element("tbl", _table_marks(columns, caption, style, has_head=has_head))
    made.append(element("tblGrid", *(element("gridCol", w=column.width) for column in columns)))
    if has_head:
        heads = [(column, column.head, column.head_style) for column in columns]
        marks = element("trPr", element("cantSplit"), element("tblHeader"))
        made.append(element("tr", marks, *(_cell(scribe, *each) for each in heads)))
    for row in rows:
        cells = [(column, cell, column.cell_style) for column, cell in zip(columns, row, strict=True)]
        marks = element("trPr", element("cantSplit"))
        made.append(element("tr", marks, *(_cell(scribe, *each) for each in cells)))
    return made


def _table_marks(columns: Sequence[Column], caption: Said, style: str, *, has_head: bool) -> BaseOxmlElement:
    look = {
        "firstRow": int(has_head),
        "lastRow": 0,
        "firstColumn": 0,
        "lastColumn": 0,
        "noHBand": 1,
        "noVBand": 1,
    }
    return element(
        "tblPr",
        element("tblStyle", val=style),
        element("tblW", w=sum(column.width for column in columns), type="dxa"),
        element("tblLayout", type="fixed"),
        element("tblLook", val="0620" if has_head else "0600", **look),
        element("tblCaption", val=caption.text),
    )


def _cell(scribe: Scribe, column: Column, cell: Cell, style: str) -> BaseOxmlElement:
    first, *notes = [cell] if isinstance(cell, Said) else list(cell) or [NOTHING]
    return element(
        "tc",
        element("tcPr", element("tcW", w=column.width, type="dxa")),
        scribe.paragraph(first, style=style, between=column.between),
        *(scribe.paragraph(note, style="TableNote", between=column.between) for note in notes),
    )

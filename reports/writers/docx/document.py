"""A Word document while it is written: headings and their contents list, paragraphs, tables, banner, page numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO, Unpack

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm

from reports.writers.docx import package
from reports.writers.docx.elements import (
    ParagraphOptions,
    ParagraphWriter,
    bookmark,
    element,
    link,
    open_field,
    run,
)
from reports.writers.docx.one_page import shrink_to_one_page
from reports.writers.docx.text import NOTHING, DocxText, DocxTranslator

#: Twentieths of a point in a millimetre.
_PER_MM = 56.6929
#: What the margins leave of a page of A4.
TEXT_WIDTH_MM = 170
#: Headings of these levels stand in the contents list.
_LISTED_LEVELS = 2
#: What head and foot need at least of a page of A4.
_NARROW_EDGE_MM = 20
#: How wide the labels of facts are.
_LABEL_MM = 42
#: Labels of columns that hold numbers.
_FIGURE_LABELS = frozenset({"number", "percent", "document", "figure", "change", "how_many", "longest"})
#: The style of tables with a head.
_WITH_HEAD = "JejakTable"

#: A fact, or a fact and notes below it.
Cell = DocxText | Sequence[DocxText]


@dataclass(frozen=True, slots=True)
class DocxColumn:
    """A column of a table; `is_figure`: it holds numbers; `between` stands between the languages of a cell."""

    width_mm: float
    head: DocxText = NOTHING
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

    def dense(self) -> DocxColumn:
        """Return the column for a table on a one-page summary: small, its languages beside each other."""
        return replace(self, style="TableDense", between=" / ")


def labelled_columns(translate: DocxTranslator, **widths_mm: float) -> list[DocxColumn]:
    """Return columns by the names of their labels."""
    return [
        DocxColumn(width, translate.label(name), is_figure=name in _FIGURE_LABELS)
        for name, width in widths_mm.items()
    ]


class DocumentBuilder:
    """Writes a document from the first line to the last; its own language is the translator's first."""

    def __init__(self, translate: DocxTranslator) -> None:
        self.translate = translate
        self.language = translate.languages[0]
        self._document: Document = package.open_template(self.language)
        self._writer = ParagraphWriter(self.language)
        self._end: BaseOxmlElement = self._document.element.body.find(qn("w:sectPr"))
        self._headings: list[tuple[int, DocxText, str]] = []
        self._contents: BaseOxmlElement | None = None

    def turn_wide(self) -> None:
        """Turn all pages to landscape."""
        section = self._document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width

    def fit_one_page(self) -> None:
        """Give what was written one page: more of its height, and smaller letters where that is not enough."""
        section = self._document.sections[0]
        section.top_margin = section.bottom_margin = Mm(_NARROW_EDGE_MM)
        shrink_to_one_page(self._document)

    def add(self, made: BaseOxmlElement) -> None:
        """Add an element that is made elsewhere, such as a table with a layout of its own."""
        self._add(made)

    def paragraph(self, *parts: DocxText, **options: Unpack[ParagraphOptions]) -> None:
        """Add a paragraph of parts that follow each other."""
        self._add(self._writer.paragraph(*parts, **options))

    def heading(
        self, text: DocxText, *, level: int = 1, name: str = "", **options: Unpack[ParagraphOptions]
    ) -> None:
        """Add a heading; those of the first levels are listed in the contents, under a bookmark (`name`)."""
        options.setdefault("style", f"Heading{level}")
        paragraph = self._writer.paragraph(text, **options)
        if level <= _LISTED_LEVELS:
            number = len(self._headings) + 1
            name = name or f"_Toc{number:08}"
            bookmark(paragraph, number=number, name=name)
            self._headings.append((level, text, name))
        self._add(paragraph)

    def keep_last(self) -> None:
        """Keep the last paragraph, or the last row of the last table, on the page of what follows."""
        last = self._end.getprevious()
        kept = [last]
        if last.getprevious().tag == qn("w:tbl"):
            kept += last.getprevious().tr_lst[-1].iter(qn("w:p"))
        for paragraph in kept:
            paragraph.get_or_add_pPr().keepNext_val = True

    def sentence(self, text: DocxText, *, style: str = "") -> None:
        """Add a paragraph; in two languages, one beside the other."""
        if len(text.phrases) == 1:
            self.paragraph(text, style=style)
            return
        half = TEXT_WIDTH_MM / 2
        columns = [DocxColumn(half, style=style), DocxColumn(half, style=style)]
        sides = [DocxText((phrase,), text.style) for phrase in text.phrases]
        self._add_table(columns, [sides], caption=text, style="JejakBeside")

    def table(
        self, columns: Sequence[DocxColumn], rows: Iterable[Sequence[Cell]], *, caption: DocxText
    ) -> None:
        """Add a table with a head; a screen reader says the caption."""
        self._add_table(columns, rows, caption=caption, style=_WITH_HEAD)

    def facts(
        self, rows: Iterable[tuple[DocxText, DocxText]], *, caption: DocxText, is_dense: bool = False
    ) -> None:
        """Add a table of labels and values."""
        is_wide = is_dense and len(self.translate.languages) > 1
        label_mm = 1.2 * _LABEL_MM if is_wide else _LABEL_MM
        columns = [DocxColumn(label_mm, style="TableHeading"), DocxColumn(TEXT_WIDTH_MM - label_mm)]
        if is_dense:
            columns = [column.dense() for column in columns]
        self._add_table(columns, rows, caption=caption, style="JejakFacts")

    def contents(self) -> None:
        """Keep a place for the contents list; it is written when all headings are known."""
        self._contents = element("sdt")
        self._add(self._contents)

    def frame(self, *, banner: DocxText, running: DocxText, page: DocxText) -> None:
        """Write head and foot of every page: the class above and below, what this is, and the page number.

        In two languages, the foot has a line of each.
        """
        section = self._document.sections[0]
        head, foot = section.header, section.footer
        for part in (head, foot):
            part.is_linked_to_previous = False
            part._element[:] = []
        head._element.append(self._writer.paragraph(banner, style="Banner"))
        for left, right in zip(running.phrases, page.phrases, strict=True):
            line = self._writer.paragraph(DocxText((left,)), style="Footer")
            line.extend([run("\t"), *self._writer.with_fields(*right)])
            foot._element.append(line)
        foot._element.append(self._writer.paragraph(banner, style="Banner"))

    def save(self, target: BinaryIO, *, title: str, subject: str, statement: package.Stated) -> None:
        """Write the contents list into its place, and the document with its properties into a file."""
        if self._contents is not None:
            self._write_contents(self._contents)
        package.set_properties(
            self._document, title=title, subject=subject, statement=statement, language=self.language
        )
        package.save(self._document, target)

    def _add(self, made: BaseOxmlElement) -> None:
        self._end.addprevious(made)

    def _add_table(
        self,
        columns: Sequence[DocxColumn],
        rows: Iterable[Sequence[Cell]],
        *,
        caption: DocxText,
        style: str,
    ) -> None:
        has_head = style == _WITH_HEAD
        table = element("tbl", _table_properties(columns, caption, style, has_head=has_head))
        table.append(element("tblGrid", *(element("gridCol", w=column.width) for column in columns)))
        if has_head:
            heads = [self._cell(column, column.head, column.head_style) for column in columns]
            table.append(element("tr", element("trPr", element("cantSplit"), element("tblHeader")), *heads))
        for row in rows:
            cells = [
                self._cell(column, cell, column.cell_style) for column, cell in zip(columns, row, strict=True)
            ]
            table.append(element("tr", element("trPr", element("cantSplit")), *cells))
        self._add(table)
        # Two tables that touch would be one.
        self.paragraph(style="AfterTable")

    def _cell(self, column: DocxColumn, cell: Cell, style: str) -> BaseOxmlElement:
        first, *notes = [cell] if isinstance(cell, DocxText) else list(cell) or [NOTHING]
        write, between = self._writer.paragraph, column.between
        note_style = "DenseTableNote" if column.style == "TableDense" else "TableNote"
        return element(
            "tc",
            element("tcPr", element("tcW", w=column.width, type="dxa")),
            write(first, style=style, between=between),
            *(write(note, style=note_style, between=between) for note in notes),
        )

    def _write_contents(self, place: BaseOxmlElement) -> None:
        """Write the contents list: links to the headings, each with a field for the page of its heading.

        Only the program that sets the pages knows their numbers. LibreOffice fills them in by itself; for Word they are
        marked as not up to date, and it asks before it works them out. A field of the whole list (TOC) would be a
        frozen text to LibreOffice.
        """
        lines = [
            element(
                "p",
                element("pPr", element("pStyle", val=f"TOC{level}")),
                link(name, [*self._writer.runs(text), run("\t"), *open_field(f"PAGEREF {name} \\h")]),
            )
            for level, text, name in self._headings
        ]
        title = self._writer.paragraph(self.translate.label("contents"), style="TOCHeading")
        gallery = element(
            "docPartObj", element("docPartGallery", val="Table of Contents"), element("docPartUnique")
        )
        end = element("p", element("pPr", element("pStyle", val="AfterTable")))
        place.append(element("sdtPr", gallery))
        place.append(element("sdtContent", title, *lines, end))


def _table_properties(
    columns: Sequence[DocxColumn], caption: DocxText, style: str, *, has_head: bool
) -> BaseOxmlElement:
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

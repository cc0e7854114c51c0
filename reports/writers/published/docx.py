"""The Word document of published tables: each under its title, with its own headings and footnotes, on wide pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext as _
from docx.oxml.ns import qn

from reports.summary.statement import Statement
from reports.writers.docx.document import DocumentBuilder
from reports.writers.docx.elements import ParagraphWriter, element
from reports.writers.docx.overview import statement_texts, write_frame
from reports.writers.docx.text import DocxText, DocxTranslator
from reports.writers.published.tables import TITLE, cell_words, heading_words, notes_of, tables_of
from reports.writers.wording import sentences
from ui import dates

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

    from indicators.headings import Heading
    from indicators.queries.continued_parts import ContinuedTable
    from reports.summary.content import SummaryContent
    from reports.summary.statement import Maker

#: What the margins leave of a wide page of A4, in twentieths of a point, and the least and the most that the first column takes.
_WIDTH, _LEAST_HEAD, _MOST_HEAD = 14_570, 1_900, 5_600
#: About so much a column of numbers needs; a reported one of many says more in its heading.
_NUMBER_WIDTH, _REPORTED_SHARE = 1_100, 1.7
#: From so many columns on a table is set small.
_MANY_COLUMNS = 10
_REPORTED_FILL = "EFF4FF"


def write(content: SummaryContent, target: BinaryIO, *, maker: Maker) -> None:
    """Write the tables as a Word document (see `Writer`); in two languages, first all in the one, then all in the other."""
    builder = DocumentBuilder(DocxTranslator(content.selection.language.codes))
    builder.turn_wide()
    languages = builder.translate.languages
    by_language = [(language, tables_of(content, language)) for language in languages]
    statement = Statement.of(content.selection, maker, content.finish())
    write_frame(builder, statement, _running, content)
    for place, (language, tables) in enumerate(by_language):
        for number, table in enumerate(tables):
            _write_table(builder, table, language, starts_page=place > 0 and number == 0)
    builder.heading(builder.translate.label("statement"), level=2, starts_page=len(by_language[0][1]) > 1)
    builder.facts(statement_texts(statement, builder.translate), caption=builder.translate.label("statement"))
    title, *_others = builder.translate.texts(TITLE)
    subject, *_others = builder.translate.texts(sentences.subtitle, content)
    builder.save(target, title=f"{title} {content.selection.year}", subject=subject, statement=statement)


def _running(content: SummaryContent) -> str:
    """Return what stands in the foot of each page."""
    return _("Published tables %(year)s, as at %(day)s") % {
        "year": content.selection.year,
        "day": dates.day(content.selection.day),
    }


def _write_table(
    builder: DocumentBuilder, table: ContinuedTable, language: str, *, starts_page: bool
) -> None:
    """Write a table under its title as printed, and its footnotes."""
    title = _said(table.table.title_en if language == "en" else table.table.title_ms, language)
    builder.heading(title, level=1, starts_page=starts_page)
    notes = [_said(note, language) for note in notes_of(table, language)]
    builder.add(_Grid(table, language, has_notes=bool(notes)).element(caption=title))
    for place, note in enumerate(notes, 1):
        builder.paragraph(note, style="Note" if place == len(notes) else "NoteOfMore")


def _said(text: str, language: str) -> DocxText:
    return DocxText(((language, text),))


class _Grid:
    """One table with its heads, which repeat on each page."""

    def __init__(self, table: ContinuedTable, language: str, *, has_notes: bool) -> None:
        self.table, self.language, self._has_notes = table, language, has_notes
        self._writer = ParagraphWriter(language)
        count = len(table.columns)
        first = min(max(_WIDTH - count * _NUMBER_WIDTH, _LEAST_HEAD), _MOST_HEAD)
        self._is_small = count >= _MANY_COLUMNS
        shares = [_REPORTED_SHARE if self._is_small and column.is_reported else 1 for column in table.columns]
        one = min((_WIDTH - first) / sum(shares), 2_600)
        self._widths = [first, *(int(one * share) for share in shares)]

    def element(self, *, caption: DocxText) -> BaseOxmlElement:
        """Return the table for the body of the document."""
        properties = element(
            "tblPr",
            element("tblStyle", val="JejakTable"),
            element("tblW", w=sum(self._widths), type="dxa"),
            element("tblLayout", type="fixed"),
            element(
                "tblLook",
                val="0620",
                firstRow=1,
                lastRow=0,
                firstColumn=0,
                lastColumn=0,
                noHBand=1,
                noVBand=1,
            ),
            element("tblCaption", val=caption.text),
        )
        grid = element("tblGrid", *(element("gridCol", w=width) for width in self._widths))
        return element("tbl", properties, grid, *self._heads(), *self._rows())

    def _heads(self) -> Iterator[BaseOxmlElement]:
        if self.table.printed.has_groups:
            yield self._row(self._group_cells(), is_head=True)
        stub = self.table.printed.stub
        columns = self.table.columns
        heads = [self._cell([stub.words if stub else ""], 0, style="TableHeading")]
        heads += [
            self._cell(
                heading_words(column).split("\n"),
                place,
                style="TableHeadingFigure",
                is_reported=not column.is_as_printed,
            )
            for place, column in enumerate(columns, 1)
        ]
        yield self._row(heads, is_head=True)

    def _group_cells(self) -> Iterator[BaseOxmlElement]:
        yield self._cell([""], 0, style="TableHeading")
        place = 1
        for group, columns in groupby(self.table.columns, key=lambda column: column.group):
            span = len(list(columns))
            yield self._cell([_words(group)], place, style="TableHeading", span=span)
            place += span

    def _rows(self) -> Iterator[BaseOxmlElement]:
        figure = "TableDenseFigure" if self._is_small else "TableFigure"
        last = len(self.table.rows) - 1
        for number, (heading, cells) in enumerate(self.table.rows):
            first = self._cell([heading.words], 0, style="TableDense" if self._is_small else "TableText")
            others = (
                self._cell(
                    cell_words(cell) or [""], place, style=figure, is_reported=not cell.column.is_as_printed
                )
                for place, cell in enumerate(cells, 1)
            )
            yield self._row([first, *others], is_last=number == last and not self._has_notes)

    def _row(
        self, cells: Iterable[BaseOxmlElement], *, is_head: bool = False, is_last: bool = False
    ) -> BaseOxmlElement:
        """Return a row that stays on the page of the next one, so that a short table is not torn; the last on that of its notes."""
        marks = [element("cantSplit"), *([element("tblHeader")] if is_head else [])]
        row = element("tr", element("trPr", *marks), *cells)
        for properties in [] if is_last else row.iter(qn("w:pPr")):
            properties.insert(1, element("keepNext"))
        return row

    def _cell(
        self, lines: Sequence[str], place: int, *, style: str, span: int = 1, is_reported: bool = False
    ) -> BaseOxmlElement:
        """Return a cell with a paragraph for each line; a reported one has a ground of its own."""
        width = sum(self._widths[place : place + span])
        marks = [element("tcW", w=width, type="dxa")]
        if span > 1:
            marks.append(element("gridSpan", val=span))
        if is_reported and style != "TableHeadingFigure":
            marks.append(element("shd", val="clear", color="auto", fill=_REPORTED_FILL))
        paragraphs = (self._writer.paragraph(_said(line, self.language), style=style) for line in lines)
        return element("tc", element("tcPr", *marks), *paragraphs)


def _words(heading: Heading | None) -> str:
    return heading.words if heading else ""

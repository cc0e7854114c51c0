"""The document that is being written: headings with their contents, paragraphs, tables, banner and page numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Unpack

from django.utils.translation import gettext as _
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from reports.writers.docx import package
from reports.writers.docx.elements import (
    Scribe,
    Setting,
    bookmark,
    element,
    field_code,
    field_mark,
    link,
    run,
)
from reports.writers.docx.tables import TEXT_WIDTH_MM, Cell, Column, table
from reports.writers.docx.voice import Said, Voice

#: Headings of these levels stand in the contents.
_LISTED = 2
#: How wide the labels of facts are.
_LABEL_MM = 42


class Sheet:
    """Writes from the first line to the last."""

    def __init__(self, voice: Voice) -> None:
        self.voice = voice
        self.tongue = voice.tongues[0]
        self.document: Document = package.open_template(self.tongue)
        self.scribe = Scribe(self.tongue)
        self._end: BaseOxmlElement = self.document.element.body.find(qn("w:sectPr"))
        self._headings: list[tuple[int, Said, str]] = []
        self._contents: BaseOxmlElement | None = None

    def put(self, made: BaseOxmlElement) -> None:
        """Add an element at the end."""
        self._end.addprevious(made)

    def paragraph(self, *parts: Said, **setting: Unpack[Setting]) -> None:
        """Add a paragraph of parts that follow each other."""
        self.put(self.scribe.paragraph(*parts, **setting))

    def heading(self, said: Said, *, level: int = 1, mark: str = "", **setting: Unpack[Setting]) -> None:
        """Add a heading; those of the first levels are listed in the contents, and `mark` is what links lead to."""
        setting.setdefault("style", f"Heading{level}")
        made = self.scribe.paragraph(said, **setting)
        if level <= _LISTED:
            place = len(self._headings) + 1
            name = mark or f"_Toc{place:08}"
            bookmark(made, number=place, name=name)
            self._headings.append((level, said, name))
        self.put(made)

    def sentence(self, said: Said, *, style: str = "") -> None:
        """Add a paragraph; in two languages, one beside the other."""
        if len(said.phrases) == 1:
            self.paragraph(said, style=style)
            return
        half = TEXT_WIDTH_MM / 2
        columns = [Column(half, style=style), Column(half, style=style)]
        sides = [Said((phrase,), said.style) for phrase in said.phrases]
        self._table(columns, [sides], caption=said, style="JejakBeside")

    def table(self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, caption: Said) -> None:
        """Add a table with a head."""
        self._table(columns, rows, caption=caption, style="JejakTable")

    def facts(self, rows: Iterable[tuple[Said, Said]], *, caption: Said, is_dense: bool = False) -> None:
        """Add a table of labels and values."""
        label_mm = _LABEL_MM if len(self.voice.tongues) == 1 or not is_dense else 1.2 * _LABEL_MM
        columns = [Column(label_mm, style="TableHeading"), Column(TEXT_WIDTH_MM - label_mm)]
        if is_dense:
            columns = [replace(column, style="TableDense", between=" / ") for column in columns]
        self._table(columns, rows, caption=caption, style="JejakFacts")

    def _table(
        self, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, caption: Said, style: str
    ) -> None:
        self.put(table(self.scribe, columns, rows, caption=caption, style=style))
        # Two tables that touch would be one.
        self.paragraph(style="AfterTable")

    def contents(self) -> None:
        """Keep the place of the contents; they are written when all headings are known."""
        self._contents = element("sdt")
        self.put(self._contents)

    def frame(self, *, banner: Said, running: Said, page: Said) -> None:
        """Head and foot of every page: the class above and below, what this is, and the number of the page.

        In two languages, the foot has a line of each.
        """
        section = self.document.sections[0]
        head, foot = section.header, section.footer
        for part in (head, foot):
            part.is_linked_to_previous = False
            part._element[:] = []
        head._element.append(self.scribe.paragraph(banner, style="Banner"))
        for left, right in zip(running.phrases, page.phrases, strict=True):
            line = self.scribe.paragraph(Said((left,)), style="Footer")
            line.extend([run("\t"), *self.scribe.with_fields(*right)])
            foot._element.append(line)
        foot._element.append(self.scribe.paragraph(banner, style="Banner"))

    def finish(self) -> None:
        """Write the contents into their place."""
        if self._contents is not None:
            self._write_contents(self._contents)

    def _write_contents(self, place: BaseOxmlElement) -> None:
        """A field that is filled already: Word shows it without asking to update, and can (with page numbers).

        The entries are links. Which page each is on only Word can tell, so none is guessed.
        """
        lines = [
            element(
                "p",
                element("pPr", element("pStyle", val=f"TOC{level}")),
                link(mark, list(self.scribe.runs(said))),
            )
            for level, said, mark in self._headings
        ]
        lines[0][1:1] = [field_mark("begin"), field_code(r'TOC \o "1-2" \h \z \u'), field_mark("separate")]
        title = self.scribe.paragraph(self.voice(lambda: _("Contents")), style="TOCHeading")
        kind = element(
            "docPartObj", element("docPartGallery", val="Table of Contents"), element("docPartUnique")
        )
        end = element("p", element("pPr", element("pStyle", val="AfterTable")), field_mark("end"))
        place.append(element("sdtPr", kind))
        place.append(element("sdtContent", title, *lines, end))

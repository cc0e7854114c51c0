"""Reads Word files that Jejak made with python-docx, for the tests that ask what stands in them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree


def opened(data: bytes) -> Document:
    """The document as python-docx reads it."""
    return docx.Document(BytesIO(data))


def of_style(document: Document, name: str) -> list[Paragraph]:
    """The paragraphs outside of tables that have a style, by its name."""
    return [each for each in document.paragraphs if each.style is not None and each.style.name == name]


def texts(document: Document, style: str) -> list[str]:
    return [each.text for each in of_style(document, style)]


def caption(table: Table) -> str:
    """What a screen reader says of a table."""
    found = table._tbl.tblPr.find(qn("w:tblCaption"))
    return "" if found is None else str(found.get(qn("w:val")))


def table_called(document: Document, words: str, *, place: int = 0) -> list[list[str]]:
    """The cells of a table with a caption, row by row; lines of a cell are joined by line feeds."""
    return cells([each for each in document.tables if caption(each) == words][place])


def cells(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def elements(document: Document, name: str) -> Iterator[BaseOxmlElement]:
    """Every element of a name in the body, wherever it is."""
    return document.element.body.iter(qn(name))


def everything(document: Document) -> str:
    """All letters of the body, tables and contents too, a line for each paragraph."""
    return "\n".join(Paragraph(each, document).text for each in elements(document, "w:p"))


def parts(data: bytes) -> dict[str, bytes]:
    """The parts of the package by their names."""
    with zipfile.ZipFile(BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def relationships(data: bytes) -> Iterator[etree._Element]:
    """Every relationship of every part."""
    for name, content in parts(data).items():
        if name.endswith(".rels"):
            yield from etree.fromstring(content)

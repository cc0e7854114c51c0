"""Makes a Word document of one page smaller where its texts need more than the page has.

Only the program that shows the document sets its pages, so the height of the text is estimated, rather too high.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

#: Points that margins, banners and the longest foot leave of a page of A4: down the page, and across it.
_HEIGHT, _WIDTH = 680, 482
#: How wide a character and how high a line is, of the size of the letters.
_CHARACTER, _LINE = 0.46, 1.16
#: How much a cell leaves free at its sides, and a row for its line.
_CELL_SIDES, _ROW_LINE = 6, 0.7
#: The shares of the usual size that are tried; smaller letters could not be read in print.
_SHARES = [percent / 100 for percent in range(100, 56, -4)]
#: Head and foot keep their size: they are no part of the text.
_UNCHANGED = frozenset({"Banner", "Footer", "Header"})
_TWENTIETHS = 20


def shrink_to_one_page(document: Document) -> None:
    """Make all letters of the text smaller, by the same share, until by estimate the text fits one page."""
    styles = _Styles(document)
    body = document.element.body
    share = next((share for share in _SHARES if styles.height(body, share) <= _HEIGHT), _SHARES[-1])
    styles.shrink(share)


class _Styles:
    """The styles of a document by their ids, for the heights of what is set in them."""

    def __init__(self, document: Document) -> None:
        self._by_id: dict[str, BaseOxmlElement] = {
            style.get(qn("w:styleId")): style for style in document.styles.element.iter(qn("w:style"))
        }

    def height(self, body: BaseOxmlElement, share: float) -> float:
        """Return how many points the text needs, with letters of a share of their size."""
        return sum(self._height_of(each, share) for each in body)

    def shrink(self, share: float) -> None:
        """Give every style a share of its size, in half points."""
        for name, style in self._by_id.items():
            if share == 1 or name in _UNCHANGED:
                continue
            for size in [*style.iter(qn("w:sz")), *style.iter(qn("w:szCs"))]:
                if size.getparent().tag == qn("w:rPr"):
                    size.set(qn("w:val"), str(int(int(size.get(qn("w:val"))) * share)))

    def _height_of(self, block: BaseOxmlElement, share: float) -> float:
        if block.tag == qn("w:p"):
            return self._paragraph(block, _WIDTH, share)
        return sum(self._row(row, share) for row in block.iter(qn("w:tr")))

    def _row(self, row: BaseOxmlElement, share: float) -> float:
        return _ROW_LINE + max(self._cell(cell, share) for cell in row.iter(qn("w:tc")))

    def _cell(self, cell: BaseOxmlElement, share: float) -> float:
        width = int(next(cell.iter(qn("w:tcW"))).get(qn("w:w"))) / _TWENTIETHS - _CELL_SIDES
        return sum(self._paragraph(each, width, share) for each in cell.iter(qn("w:p")))

    def _paragraph(self, paragraph: BaseOxmlElement, width: float, share: float) -> float:
        named = next(paragraph.iter(qn("w:pStyle")), None)
        style = "Normal" if named is None else named.get(qn("w:val"))
        size = share * self._value(style, "w:rPr/w:sz", "w:val", usual=20) / 2
        most = max(1, int(width / (size * _CHARACTER)))
        lines = sum(max(1, ceil(len(line) / most)) for line in "".join(_letters(paragraph)).split("\n"))
        before, after = (
            self._value(style, "w:pPr/w:spacing", name, usual=0) for name in ("w:before", "w:after")
        )
        return lines * size * _LINE + (before + after) / _TWENTIETHS

    def _value(self, name: str, path: str, attribute: str, *, usual: int) -> int:
        """Return what a style says, or the next of those that it is based on."""
        style = self._by_id.get(name)
        while style is not None:
            found = style.find("/".join(qn(each) for each in path.split("/")))
            if found is not None and found.get(qn(attribute)) is not None:
                return int(found.get(qn(attribute)))
            base = style.find(qn("w:basedOn"))
            style = None if base is None else self._by_id.get(base.get(qn("w:val")))
        return usual


def _letters(paragraph: BaseOxmlElement) -> Iterator[str]:
    for each in paragraph.iter(qn("w:t"), qn("w:br")):
        yield each.text or "" if each.tag == qn("w:t") else "\n"

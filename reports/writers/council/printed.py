"""A council paper as PDF: what the Word document is built from, set by Typst.

`PaperPages` takes what a `DocumentBuilder` takes, as far as a council paper uses it, so that both are one paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, Unpack

from django.utils.translation import override

from reports.writers.docx.text import DocxText, DocxTranslator
from reports.writers.pdf.compiler import compile_pdf
from reports.writers.pdf.fonts import FONT_FAMILIES
from reports.writers.pdf.typst_data import TypedText
from reports.writers.wording.labels import LABELS

if TYPE_CHECKING:
    from reports.writers.docx.document import Cell, DocxColumn
    from reports.writers.docx.elements import ParagraphOptions
    from reports.writers.docx.package import Stated

#: The level at which a paragraph of a style is counted: 1., 1.1, (a).
_LEVELS = {"PaperHeading": 0, "PaperParagraph": 1, "PaperLeadIn": 1, "PaperPoint": 2}
#: A paragraph of such a style begins the paper, and is the first of its translation.
_BEGINNING = "PaperCouncil"


class PaperPages:
    """Writes a council paper from the first line to the last."""

    def __init__(self, translate: DocxTranslator) -> None:
        self.translate = translate
        self._blocks: list[dict[str, Any]] = []
        self._frame: dict[str, Any] = {}
        self._counts = [0, 0, 0]

    def frame(self, *, banner: DocxText, running: DocxText, page: DocxText) -> None:
        """Keep what stands at the head and foot of every page."""
        self._frame = {
            "banner": [phrase.upper() for _language, phrase in banner.phrases],
            "title": [running.phrases[0][1]],
            "page": [
                phrase.replace("{PAGE}", "{page}").replace("{NUMPAGES}", "{pages}")
                for _language, phrase in page.phrases
            ],
        }

    def heading(self, text: DocxText, *, level: int = 1, **options: Unpack[ParagraphOptions]) -> None:
        """Add a heading."""
        self._add("heading", [text], options, level=level)

    def paragraph(self, *parts: DocxText, **options: Unpack[ParagraphOptions]) -> None:
        """Add a paragraph of parts that follow each other."""
        if options.get("style") == _BEGINNING:
            self._counts = [0, 0, 0]
        self._add("paragraph", parts, options)

    def table(
        self, columns: Sequence[DocxColumn], rows: Iterable[Sequence[Cell]], *, caption: DocxText
    ) -> None:
        """Add a table with a head."""
        self._blocks.append(
            {
                "kind": "table",
                "widths": [column.width_mm for column in columns],
                "figures": [column.is_figure for column in columns],
                "heads": [[column.head.text] for column in columns],
                "rows": [[_cell(cell) for cell in row] for row in rows],
            }
        )

    def keep_last(self) -> None:
        """Keep the last paragraph or table on the page of what follows."""
        self._blocks[-1]["sticky"] = True

    def facts(self, rows: Iterable[tuple[DocxText, DocxText]], *, caption: DocxText) -> None:
        """Add labels and values."""
        told = [[label.text, TypedText(value.text, in_cell=True)] for label, value in rows]
        self._blocks.append({"kind": "facts", "rows": told})

    def save(self, target: BinaryIO, *, title: str, subject: str, statement: Stated) -> None:
        """Write the PDF into a file."""
        with override(self.translate.languages[0]):
            continued = str(LABELS["continued"])
        data = self._frame | {
            "languages": list(self.translate.languages),
            "fonts": FONT_FAMILIES,
            "labels": {"continued": [continued]},
            "as_at": [""],
            "document_title": title,
            "keywords": ["Jejak", statement.fingerprint],
            "sample": [],
            "blocks": self._blocks,
        }
        target.write(compile_pdf("council.typ", data, statement.maker.made_at))

    def _add(self, kind: str, parts: Sequence[DocxText], options: ParagraphOptions, **values: object) -> None:
        style = options.get("style", "")
        block = {
            "kind": kind,
            "style": style,
            "number": self._number(style, options.get("number")),
            "starts_page": options.get("starts_page", False),
            "parts": [_part(part) for part in parts],
            "language": next(
                (language for part in parts for language, _text in part.phrases if language), ""
            ),
        }
        self._blocks.append(block | values)

    def _number(self, style: str, number: tuple[int, int] | None) -> str:
        """Return the number of the next paragraph of a style; empty where none is counted (list 0)."""
        level = _LEVELS.get(style)
        if level is None or (number is not None and number[1] == 0):
            return ""
        self._counts = [*self._counts[:level], self._counts[level] + 1, *[0] * (2 - level)]
        heading, paragraph, point = self._counts
        return (f"{heading}.", f"{heading}.{paragraph}", f"({_letters(point)})")[level]


def _letters(count: int) -> str:
    """Return a, b, … z, aa, bb, …, as Word counts."""
    turns, place = divmod(count - 1, 26)
    return chr(ord("a") + place) * (turns + 1)


def _part(text: DocxText) -> dict[str, Any]:
    return {"text": TypedText(text.text), "style": text.style}


def _cell(cell: Cell) -> list[dict[str, Any]]:
    """Return the first text of a cell, and the notes below it."""
    parts = [cell] if isinstance(cell, DocxText) else list(cell)
    return [{"text": TypedText(part.text, in_cell=True), "style": part.style} for part in parts]

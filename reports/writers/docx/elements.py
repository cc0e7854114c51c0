"""Elements of WordprocessingML, each made by a function of what it holds.

Looks come from the styles of the template; an element only names its style, and the language of its text where that is
not the document's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TypedDict, Unpack

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement

from reports.writers.characters import split_directions, starts_right_to_left, xml_text
from reports.writers.docx import WORD_LANGUAGES

if TYPE_CHECKING:
    from reports.writers.docx.text import DocxText

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BREAKS = re.compile("([\n\t])")
_BREAK_ELEMENTS = {"\n": "br", "\t": "tab"}
_FIELD = re.compile(r"\{([A-Z]+)\}")


def element(name: str, /, *children: BaseOxmlElement, **attributes: str | int) -> BaseOxmlElement:
    """Return an element of Word's main namespace, with attributes of the same."""
    made: BaseOxmlElement = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    made.extend(children)
    return made


def text_element(name: str, text: str) -> BaseOxmlElement:
    """Return an element that holds text, whose spaces at the ends count."""
    made = element(name)
    made.text = text
    made.set(_SPACE, "preserve")
    return made


def run(text: str, *, style: str = "", language: str = "", is_right_to_left: bool = False) -> BaseOxmlElement:
    """Return a run in one style and one language; line feeds and tabs become Word's own."""
    marks = []
    if style:
        marks.append(element("rStyle", val=style))
    if is_right_to_left:
        marks.append(element("rtl"))
    if language:
        marks.append(element("lang", val=language))
    properties = [element("rPr", *marks)] if marks else []
    return element("r", *properties, *_run_content(text))


def _run_content(text: str) -> Iterator[BaseOxmlElement]:
    for piece in _BREAKS.split(text):
        if piece in _BREAK_ELEMENTS:
            yield element(_BREAK_ELEMENTS[piece])
        elif piece:
            yield text_element("t", piece)


class ParagraphOptions(TypedDict, total=False):
    """How a paragraph is set: its style, what stands between its languages, whether it begins a page, its number.

    `number` is level and list, where the style has another list.
    """

    style: str
    between: str
    starts_page: bool
    number: tuple[int, int] | None


class ParagraphWriter:
    """Makes runs and paragraphs for a document in a language ("ms" or "en")."""

    def __init__(self, language: str) -> None:
        self._language = language

    def runs(self, text: DocxText, *, between: str = " / ") -> Iterator[BaseOxmlElement]:
        """Yield the runs of all phrases; a second language below the first gets a quieter style."""
        for place, (language, phrase) in enumerate(text.phrases):
            if place:
                yield run(between)
            style = text.style or ("SecondLanguage" if place and between == "\n" else "")
            for piece, is_right_to_left in split_directions(xml_text(phrase)):
                yield run(
                    piece,
                    style=style,
                    language=self._word_language(language),
                    is_right_to_left=is_right_to_left,
                )

    def paragraph(self, *parts: DocxText, **options: Unpack[ParagraphOptions]) -> BaseOxmlElement:
        """Return a paragraph of parts that follow each other; by default a stroke stands between its languages."""
        made = element("p", *_paragraph_properties(parts, options))
        for text in parts:
            runs = list(self.runs(text, between=options.get("between", " / ")))
            made.extend([link(text.link, runs)] if text.link else runs)
        return made

    def with_fields(self, language: str, words: str) -> Iterator[BaseOxmlElement]:
        """Yield the runs of a text of ours in which {PAGE} or {NUMPAGES} stands for a field."""
        for odd, piece in enumerate(_FIELD.split(words)):
            if odd % 2:
                yield element("fldSimple", run("1"), instr=piece)
            elif piece:
                yield run(piece, language=self._word_language(language))

    def _word_language(self, language: str) -> str:
        """Return Word's name of a language; empty for the document's own, and for texts of no language."""
        return WORD_LANGUAGES[language] if language not in ("", self._language) else ""


def _paragraph_properties(parts: Sequence[DocxText], options: ParagraphOptions) -> list[BaseOxmlElement]:
    marks = []
    if style := options.get("style"):
        marks.append(element("pStyle", val=style))
    if options.get("starts_page"):
        marks.append(element("pageBreakBefore"))
    if number := options.get("number"):
        level, list_number = number
        marks.append(element("numPr", element("ilvl", val=level), element("numId", val=list_number)))
    if starts_right_to_left("".join(text.text for text in parts)):
        marks.append(element("bidi"))
    return [element("pPr", *marks)] if marks else []


def link(bookmark_name: str, runs: Sequence[BaseOxmlElement]) -> BaseOxmlElement:
    """Return a link to a bookmark of the same document; it needs no relationship, and leads nowhere else."""
    return element("hyperlink", *runs, anchor=bookmark_name, history=1)


def bookmark(paragraph: BaseOxmlElement, *, number: int, name: str) -> None:
    """Put a bookmark around the content of a paragraph."""
    start = element("bookmarkStart", id=number, name=name)
    place = 1 if paragraph.find(qn("w:pPr")) is not None else 0
    paragraph.insert(place, start)
    paragraph.append(element("bookmarkEnd", id=number))


def open_field(code: str) -> list[BaseOxmlElement]:
    """Return the runs of a field without content, which is worked out when the file is opened."""
    return [
        element("r", element("fldChar", fldCharType="begin", dirty="true")),
        element("r", text_element("instrText", f" {code} ")),
        element("r", element("fldChar", fldCharType="separate")),
        element("r", element("fldChar", fldCharType="end")),
    ]

"""The few elements of WordprocessingML that a paper is made of, each a function of what it holds.

Looks come from the styles of the template; an element says which one it has, and the language of its letters where that
is not the document's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypedDict

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement

from reports.writers.docx.letters import directions, is_from_right, shown
from reports.writers.docx.voice import WORD_LANGUAGES, Said

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BREAKS = re.compile("([\n\t])")
_FIELD = re.compile(r"\{([A-Z]+)\}")
#: What `_BREAKS` finds, as Word has it.
_BREAK_NAMES = {"\n": "w:br", "\t": "w:tab"}


def element(name: str, /, *children: BaseOxmlElement, **values: str | int) -> BaseOxmlElement:
    """An element of Word's main namespace with attributes of the same."""
    made: BaseOxmlElement = OxmlElement(f"w:{name}")
    for key, value in values.items():
        made.set(qn(f"w:{key}"), str(value))
    made.extend(children)
    return made


def run(text: str, *, style: str = "", language: str = "", is_from_right: bool = False) -> BaseOxmlElement:
    """Letters in one style and one language; line feeds and tabs become Word's own."""
    made = element("r")
    marks = []
    if style:
        marks.append(element("rStyle", val=style))
    if is_from_right:
        marks.append(element("rtl"))
    if language:
        marks.append(element("lang", val=language))
    if marks:
        made.append(element("rPr", *marks))
    made.extend(_letters(text))
    return made


def _letters(text: str) -> Iterator[BaseOxmlElement]:
    for piece in _BREAKS.split(text):
        if piece in _BREAK_NAMES:
            yield OxmlElement(_BREAK_NAMES[piece])
        elif piece:
            letters = element("t")
            letters.text = piece
            letters.set(_SPACE, "preserve")
            yield letters


class Setting(TypedDict, total=False):
    """How a paragraph is set: its style, what stands between its languages, whether it begins a page, its number.

    `number` is level and list, where the style has another.
    """

    style: str
    between: str
    starts_page: bool
    number: tuple[int, int] | None


class Scribe:
    """Writes what is said as runs and paragraphs of a document whose own language is `tongue`."""

    def __init__(self, tongue: str) -> None:
        self._tongue = tongue

    def runs(self, said: Said, *, between: str = " / ") -> Iterator[BaseOxmlElement]:
        """The runs of all phrases; the second language is quieter where it stands below the first."""
        for place, (tongue, phrase) in enumerate(said.phrases):
            if place:
                yield run(between)
            style = said.style or ("SecondLanguage" if place and between == "\n" else "")
            language = WORD_LANGUAGES[tongue] if tongue not in ("", self._tongue) else ""
            for piece, from_right in directions(shown(phrase)):
                yield run(piece, style=style, language=language, is_from_right=from_right)

    def paragraph(
        self,
        *parts: Said,
        style: str = "",
        between: str = " / ",
        starts_page: bool = False,
        number: tuple[int, int] | None = None,
    ) -> BaseOxmlElement:
        """A paragraph of parts that follow each other, set as `Setting` says."""
        made = element("p", *self._marks(parts, style, starts_page=starts_page, number=number))
        for said in parts:
            runs = list(self.runs(said, between=between))
            made.extend([link(said.link, runs)] if said.link else runs)
        return made

    def _marks(
        self, parts: Sequence[Said], style: str, *, starts_page: bool, number: tuple[int, int] | None
    ) -> list[BaseOxmlElement]:
        marks = []
        if style:
            marks.append(element("pStyle", val=style))
        if starts_page:
            marks.append(element("pageBreakBefore"))
        if number:
            level, counted = number
            marks.append(element("numPr", element("ilvl", val=level), element("numId", val=counted)))
        if is_from_right("".join(said.text for said in parts)):
            marks.append(element("bidi"))
        return [element("pPr", *marks)] if marks else []

    def with_fields(self, tongue: str, words: str) -> Iterator[BaseOxmlElement]:
        """The runs of Jejak's own words in which {PAGE} or {NUMPAGES} stands for a field."""
        language = WORD_LANGUAGES[tongue] if tongue not in ("", self._tongue) else ""
        for odd, piece in enumerate(_FIELD.split(words)):
            if odd % 2:
                yield element("fldSimple", run("1"), instr=piece)
            elif piece:
                yield run(piece, language=language)


def link(mark: str, runs: Sequence[BaseOxmlElement]) -> BaseOxmlElement:
    """A link to a mark in the same document; it needs no relationship, and leads nowhere else."""
    return element("hyperlink", *runs, anchor=mark, history=1)


def bookmark(paragraph: BaseOxmlElement, *, number: int, name: str) -> None:
    """Mark all of a paragraph by a name."""
    start = element("bookmarkStart", id=number, name=name)
    place = 1 if paragraph.find(qn("w:pPr")) is not None else 0
    paragraph.insert(place, start)
    paragraph.append(element("bookmarkEnd", id=number))


def field_mark(kind: str) -> BaseOxmlElement:
    """Where a field begins, where what it shows begins, or where it ends."""
    return element("r", element("fldChar", fldCharType=kind))


def field_code(code: str) -> BaseOxmlElement:
    """What a field does."""
    words = element("instrText")
    words.text = f" {code} "
    words.set(_SPACE, "preserve")
    return element("r", words)

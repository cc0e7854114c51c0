"""A council paper while it is written: numbered as such papers are, with places for the secretariat to complete."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from string import ascii_uppercase
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from reports.writers.docx.document import Cell, DocumentBuilder, DocxColumn
from reports.writers.docx.text import DocxText, DocxTranslator, plain

if TYPE_CHECKING:
    from reports.summary.content import SummaryContent
    from reports.summary.limits import SummaryRows
    from reports.writers.council.printed import PaperPages

#: What the secretariat completes, in a text of ours.
_TO_COMPLETE = re.compile(r"(\[[^\[\]]+\])")
#: A table with more rows is no reading within a paper: it becomes an annex.
MOST_ROWS = 12
#: Level and list of a paragraph that is not counted.
_UNCOUNTED = (0, 0)


@dataclass(frozen=True, slots=True)
class DraftTable:
    """A table of a council paper. `title` is that of the annex which it becomes where it is long; else its caption."""

    columns: Sequence[DocxColumn]
    rows: Sequence[Sequence[Cell]]
    caption: DocxText
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Annex:
    """What stands behind a paper: its letter, its title, and what writes it."""

    letter: str
    title: str
    write: Callable[[CouncilDraft], None]

    @property
    def heading(self) -> str:
        return _("Annex %(letter)s: %(title)s") % {"letter": self.letter, "title": self.title}


@dataclass(frozen=True, slots=True)
class CouncilDraft:
    """The paper in one language, which is the active one while it is written.

    `list_number` is the list that counts its headings, paragraphs and points; `sections` are the names of its sections.
    `annexes` are those that its sections have given rise to. Within an annex, nothing is counted.
    """

    builder: DocumentBuilder | PaperPages
    translate: DocxTranslator
    rows: SummaryRows
    list_number: int
    is_first: bool
    sections: tuple[str, ...]
    annexes: list[Annex] = field(default_factory=list)
    is_annex: bool = False

    @property
    def content(self) -> SummaryContent:
        return self.rows.content

    @property
    def language(self) -> str:
        (language,) = self.translate.languages
        return language

    def number_of(self, section: str) -> int | None:
        """Return the number of a section's heading; None where the paper is without it."""
        return self.sections.index(section) + 1 if section in self.sections else None

    def heading(self, text: str) -> None:
        """Add "1. Purpose"."""
        self.builder.heading(self.translate(text), style="PaperHeading", number=self._number(0))

    def paragraph(self, text: str, *, leads_in: bool = False) -> None:
        """Add "1.1" and its text; with `leads_in` it stays on the page of what follows."""
        style = "PaperLeadIn" if leads_in else "PaperParagraph"
        self.builder.paragraph(*self._parts(text), style=style, number=self._number(1))

    def point(self, text: str) -> None:
        """Add "(a)" and its text; in an annex a point without a letter."""
        style, number = ("ListBullet", None) if self.is_annex else ("PaperPoint", self._number(2))
        self.builder.paragraph(*self._parts(text), style=style, number=number)

    def table(self, table: DraftTable, introduction: str = "") -> None:
        """Add a table below its introduction, or make it an annex where it is long, and say which."""
        if self.is_annex or len(table.rows) <= MOST_ROWS:
            if introduction:
                self.paragraph(introduction, leads_in=True)
            self._put(table)
            return
        annex = self.annex(table.title or table.caption.text, lambda draft: draft._put(table))
        words = _("%(introduction)s; see annex %(letter)s.")
        self.paragraph(words % {"introduction": introduction.rstrip(":."), "letter": annex.letter})

    def _put(self, table: DraftTable) -> None:
        self.builder.table(table.columns, table.rows, caption=table.caption)
        if table.note:
            self.paragraph(table.note)

    def annex(self, title: str, write: Callable[[CouncilDraft], None]) -> Annex:
        """Keep what stands behind the paper, and return it with its letter."""
        made = Annex(ascii_uppercase[len(self.annexes)], title, write)
        self.annexes.append(made)
        return made

    def write_annexes(self) -> None:
        """Write what was kept, each on a page of its own."""
        for annex in self.annexes:
            self.builder.heading(self.translate(annex.heading), starts_page=True)
            annex.write(replace(self, is_annex=True))

    def line(self, text: str, *, style: str) -> None:
        """Add a line without a number."""
        self.builder.paragraph(*self._parts(text), style=style)

    def typed(self, text: str) -> None:
        """Add what the secretariat wrote, a numbered paragraph for each of its paragraphs."""
        for paragraph in re.split(r"\n\s*\n", text.strip()):
            self.builder.paragraph(plain(paragraph), style="PaperParagraph", number=self._number(1))

    def quote(self, narrative: str, introduction: DocxText | None = None) -> None:
        """Add what somebody wrote, to the letter."""
        quoted = [introduction, plain(f" {narrative}")] if introduction else [plain(narrative)]
        self.builder.paragraph(*quoted, style="Quote")

    def _parts(self, text: str) -> list[DocxText]:
        """Return the text in parts: what is to be completed has a style of its own."""
        return [
            DocxText(((self.language, piece),), "ToComplete" if place % 2 else "")
            for place, piece in enumerate(_TO_COMPLETE.split(text))
            if piece
        ]

    def _number(self, level: int) -> tuple[int, int] | None:
        """Return level and list of a paragraph. The styles count in the first list; the translation names its own."""
        if self.is_annex:
            return _UNCOUNTED
        return None if self.is_first else (level, self.list_number)


@dataclass(frozen=True, slots=True)
class PaperSection:
    """A section of a council paper: its name, what writes its heading and its paragraphs, and a text below them.

    A paper is a sequence of these, so sections can be put in another order, left out, and added. `added` is what the
    secretariat wrote, by language; in a language without a text, the section has none.
    """

    name: str
    write: Callable[[CouncilDraft], None]
    added: tuple[tuple[str, str], ...] = ()

    def with_text(self, **texts: str) -> PaperSection:
        """Return the section with a text below it, by language: `with_text(ms="…", en="…")`."""
        return replace(self, added=tuple(texts.items()))

    def write_to(self, draft: CouncilDraft) -> None:
        """Write the section and its added text."""
        self.write(draft)
        if text := dict(self.added).get(draft.language, ""):
            draft.typed(text)


def chosen(sections: Sequence[PaperSection], names: Sequence[str]) -> tuple[PaperSection, ...]:
    """Return the sections with these names, in the order of the names."""
    by_name = {section.name: section for section in sections}
    return tuple(by_name[name] for name in names)

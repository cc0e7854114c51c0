"""A council paper that is being written: numbered as such papers are, with places for the secretariat to complete."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from reports.summary.content import SummaryContent
from reports.writers.docx.gathering import Gathered
from reports.writers.docx.sheet import Sheet
from reports.writers.docx.voice import Said, Voice

#: What the secretariat completes, in Jejak's own words.
_TO_COMPLETE = re.compile(r"(\[[^\]]+\])")


@dataclass(frozen=True, slots=True)
class Draft:
    """The paper in one language; `numbers` is the list that counts its headings, paragraphs and points."""

    sheet: Sheet
    voice: Voice
    gathered: Gathered
    numbers: int
    is_first: bool

    @property
    def content(self) -> SummaryContent:
        return self.gathered.content

    def heading(self, words: Callable[..., str], *of: object) -> None:
        """1. Purpose."""
        self.sheet.heading(self.voice(words, *of), style="PaperHeading", number=self._number(0))

    def paragraph(self, words: Callable[..., str], *of: object, leads_in: bool = False) -> None:
        """1.1 and its text; on the same page as what it leads in."""
        self._write("PaperLeadIn" if leads_in else "PaperParagraph", self._number(1), words, *of)

    def point(self, words: Callable[..., str], *of: object) -> None:
        """(a) and its text."""
        self._write("PaperPoint", self._number(2), words, *of)

    def line(self, words: Callable[..., str], *of: object, style: str) -> None:
        """A line without a number."""
        self._write(style, None, words, *of)

    def quote(self, *said: Said) -> None:
        """What somebody wrote, to the letter."""
        self.sheet.paragraph(*said, style="Quote")

    def _write(
        self, style: str, number: tuple[int, int] | None, words: Callable[..., str], *of: object
    ) -> None:
        self.sheet.paragraph(*self._parts(words, *of), style=style, number=number)

    def _parts(self, words: Callable[..., str], *of: object) -> list[Said]:
        """The text with what is to be completed in its own style."""
        said = self.voice(words, *of)
        ((tongue, text),) = said.phrases
        pieces = _TO_COMPLETE.split(text)
        return [
            Said(((tongue, piece),), "ToComplete" if place % 2 else "")
            for place, piece in enumerate(pieces)
            if piece
        ]

    def _number(self, level: int) -> tuple[int, int] | None:
        """Styles count in the first list; the translation names its own."""
        return None if self.is_first else (level, self.numbers)

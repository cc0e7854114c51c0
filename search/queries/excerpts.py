"""Excerpts: the part of a text around the first hit, with the hits marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from recommendations.queries.sql import fetch_rows
from search.question import Question

#: The length of an excerpt, and how much of it stands before the first hit.
SHOWN_CHARACTERS, _BEFORE = 300, 90

#: Selects the words that answer: by one of their two stems, or by how they begin.
_ASK = """
    SELECT word FROM unnest(%(words)s::text[]) word, jejak_plain(lower(word)) plain
    WHERE ts_lexize('indonesian_stem', plain) && %(lexemes)s::text[]
       OR ts_lexize('english_stem', jejak_american(plain)) && %(lexemes)s::text[]
       OR plain ^@ ANY (%(beginnings)s::text[])
"""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A text, split at its hits: every second piece, beginning with the second, is a hit."""

    pieces: list[str]

    def __bool__(self) -> bool:
        """Whether there is any text."""
        return any(self.pieces)

    @property
    def has_hits(self) -> bool:
        return len(self.pieces) > 1

    @property
    def html(self) -> SafeString:
        """The escaped text, with its hits marked."""
        return mark_safe(  # noqa: S308 - each piece is escaped
            "".join(
                f"<mark>{escape(piece)}</mark>" if place % 2 else escape(piece)
                for place, piece in enumerate(self.pieces)
            )
        )


class Marker:
    """Marks the words that answer a question in all texts of one page; costs one query.

    Takes a time that grows with the texts, whatever they and the question hold.
    """

    def __init__(self, question: Question, texts: Iterable[str]) -> None:
        self._needles = _any_of(question.needles)
        words = {text[start:end] for text in texts for start, end in self._words_in(text)}
        self._hits = _answering(words, question)

    def whole(self, text: str) -> Excerpt:
        """Return the whole text with its hits."""
        pieces, last = [], 0
        for start, end in self._hits_in(text):
            pieces += [text[last:start], text[start:end]]
            last = end
        return Excerpt([*pieces, text[last:]])

    def excerpt(self, text: str, *, most: int = SHOWN_CHARACTERS) -> Excerpt:
        """Return the text around its first hit, else its beginning: whole words, and … for what is left out."""
        if len(text) <= most:
            return self.whole(text)
        first, _end = next(self._hits_in(text), (0, 0))
        start = max(0, min(first - _BEFORE, len(text) - most))
        start = _next_word(text, start) if start else 0
        end = _word_end(text, start + most)
        before, after = "… " if start else "", " …" if end < len(text) else ""
        return self.whole(f"{before}{text[start:end].strip()}{after}")

    def _hits_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where the words begin and end that answer."""
        return (place for place in self._words_in(text) if text[slice(*place)] in self._hits)

    def _words_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where the words begin and end that contain a needle, or letters that the database may read as plain ones.

        A pattern that began with any letters would look at a long word anew from each of its letters.
        """
        last = 0
        for match in self._needles.finditer(text):
            start = match.start()
            while start > last and (text[start - 1].isalnum() or text[start - 1] == "_"):
                start -= 1
            last = match.end()
            yield start, last


def _any_of(needles: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for a needle with the rest of its word."""
    either = "|".join([*map(re.escape, needles), r"[^\W\x00-\x7f]"])
    return re.compile(rf"(?:{either})\w*", re.IGNORECASE)


def _answering(words: set[str], question: Question) -> set[str]:
    if not words:
        return set()
    values = {
        "words": sorted(words),
        "lexemes": list(question.lexemes),
        "beginnings": list(question.beginnings),
    }
    return {word for (word,) in fetch_rows(_ASK, values)}


def _next_word(text: str, start: int) -> int:
    """Return where the first whole word from `start` on begins; `start` itself if no space is near."""
    space = text.find(" ", start, start + _BEFORE)
    return space + 1 if space >= 0 else start


def _word_end(text: str, end: int) -> int:
    """Return where the last whole word up to `end` ends; `end` itself if no space is near."""
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", end - _BEFORE, end)
    return space if space >= 0 else end

"""Pieces of texts around what was found, with the words marked that answer the question."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from search.question import Question

_WORD = re.compile(r"\w+")
#: What a list shows of a text: so many characters, so many of them before the first hit.
SHOWN_CHARACTERS, _BEFORE = 300, 90
#: What is read from the database of each text: enough to choose from.
READ_CHARACTERS = 900

#: Which of these words answer: by one of their two stems, or by how they begin.
_ASK = """
    SELECT word FROM unnest(%(words)s::text[]) word, jejak_plain(lower(word)) plain
    WHERE ts_lexize('indonesian_stem', plain) && %(lexemes)s::text[]
       OR ts_lexize('english_stem', plain) && %(lexemes)s::text[]
       OR plain ^@ ANY (%(beginnings)s::text[])
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, and whether it is a hit."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A text in pieces; templates escape each."""

    pieces: list[Piece]

    @property
    def has_hits(self) -> bool:
        return any(piece.is_hit for piece in self.pieces)


class Marker:
    """Marks what answers one question, in all texts of one page at the price of one query."""

    def __init__(self, question: Question, texts: Iterable[str]) -> None:
        self._needles = question.needles
        words = {match.group() for text in texts for match in _WORD.finditer(text)}
        self._hits = _answering({word for word in words if self._may_answer(word)}, question)

    def whole(self, text: str) -> Excerpt:
        """The whole text with its hits."""
        return Excerpt(list(self._pieces(text)))

    def excerpt(self, text: str) -> Excerpt:
        """The text around its first hit, else its beginning; whole words, and … where something is left out."""
        if len(text) <= SHOWN_CHARACTERS:
            return self.whole(text)
        first = next((match.start() for match in _WORD.finditer(text) if match.group() in self._hits), 0)
        start = max(0, min(first - _BEFORE, len(text) - SHOWN_CHARACTERS))
        start = _next_word(text, start) if start else 0
        end = _word_end(text, start + SHOWN_CHARACTERS)
        before, after = "… " if start else "", " …" if end < len(text) else ""
        return self.whole(f"{before}{text[start:end].strip()}{after}")

    def _may_answer(self, word: str) -> bool:
        lowered = word.lower()
        return not lowered.isascii() or any(needle in lowered for needle in self._needles)

    def _pieces(self, text: str) -> Iterable[Piece]:
        done = 0
        for match in _WORD.finditer(text):
            if match.group() in self._hits:
                if done < match.start():
                    yield Piece(text[done : match.start()], is_hit=False)
                yield Piece(match.group(), is_hit=True)
                done = match.end()
        if done < len(text):
            yield Piece(text[done:], is_hit=False)


def _answering(words: set[str], question: Question) -> set[str]:
    if not words:
        return set()
    values = {
        "words": sorted(words),
        "lexemes": list(question.lexemes),
        "beginnings": list(question.beginnings),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ASK, values)
        return {word for (word,) in cursor.fetchall()}


def _next_word(text: str, start: int) -> int:
    """Where the first whole word from `start` on begins; `start` itself where words are endless."""
    space = text.find(" ", start, start + _BEFORE)
    return space + 1 if space >= 0 else start


def _word_end(text: str, end: int) -> int:
    """Where the last whole word up to `end` ends; `end` itself where words are endless."""
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", end - _BEFORE, end)
    return space if space >= 0 else end

"""What is handed to Typst: plain data in which every text is a text, never markup."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reports.writers.characters import has_right_to_left, starts_right_to_left
from reports.writers.pdf.fonts import printable

#: Longer words may be broken: in running text, and in a narrow column.
_LONGEST_WORD, _LONGEST_CELL_WORD = 48, 18
#: How many letters of Jawi stay together in a broken word.
_JAWI_PIECE = 12


@dataclass(frozen=True, slots=True)
class TypedText:
    """A text as a person typed it: it keeps its lines and its direction, and its longest words may be broken.

    `in_cell`: it stands in a narrow column, and long words break sooner.
    """

    text: str
    in_cell: bool = False


def to_json(value: Any, *, plain_texts: Container[str] = ()) -> str:
    """Return a value as JSON for Typst, each text in it printable; those in `plain_texts` in plain characters."""
    return json.dumps(_encodable(value, plain_texts), ensure_ascii=False, separators=(",", ":"))


def unusual_texts(value: Any) -> Iterator[str]:
    """Yield each text in a value that would look different in plain characters."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from unusual_texts(each)
    elif isinstance(value, str | TypedText):
        text = value.text if isinstance(value, TypedText) else value
        if not text.isascii() and printable(text) != printable(text, is_plain=True):
            yield text


def _encodable(value: Any, plain_texts: Container[str]) -> Any:
    if isinstance(value, str):
        return printable(value, is_plain=value in plain_texts)
    if isinstance(value, TypedText):
        return _paragraphs(value, is_plain=value.text in plain_texts)
    if isinstance(value, Mapping):
        return {key: _encodable(each, plain_texts) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_encodable(each, plain_texts) for each in value]
    return value


def _paragraphs(typed: TypedText, *, is_plain: bool) -> list[dict[str, Any]]:
    """Return the paragraphs (split at empty lines), each with its direction and the runs between which it may break."""
    longest = _LONGEST_CELL_WORD if typed.in_cell else _LONGEST_WORD
    text = printable(typed.text, is_plain=is_plain)
    return [
        {"rtl": starts_right_to_left(paragraph), "runs": _runs(paragraph, longest)}
        for paragraph in text.split("\n\n")
    ]


def _runs(text: str, longest: int) -> list[str]:
    """Return the text in pieces between which a line may end; most texts are one piece."""
    runs, begin = [], 0
    for word in re.finditer(rf"\S{{{longest + 1},}}", text):
        runs.append(text[begin : word.start()])
        runs += _word_pieces(word.group())
        begin = word.end()
    runs.append(text[begin:])
    return [run for run in runs if run] or [""]


def _word_pieces(word: str) -> list[str]:
    """Return a word character by character, with the marks on each; Jawi, whose letters join, a dozen at a time."""
    if has_right_to_left(word):
        return [word[begin : begin + _JAWI_PIECE] for begin in range(0, len(word), _JAWI_PIECE)]
    pieces: list[str] = []
    for character in word:
        if pieces and (_is_attached(character) or pieces[-1].endswith("\u200d")):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _is_attached(character: str) -> bool:
    """Return whether a character belongs to the one before it: a mark, a control, a modifier, an emoji selector."""
    category = unicodedata.category(character)
    return category[0] in "MC" or category == "Sk" or character == "\ufe0f"

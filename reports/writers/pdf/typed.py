"""What is handed to the typesetter: plain data in which every text is a text, never markup.

A `Typed` is what a person wrote: it keeps its lines, runs from right to left where it begins so, and its longest words
may be broken anywhere rather than leave the page.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reports.writers.pdf.faces import showable

#: How many signs of a word stand together at least before it may be broken.
_LINE_WORD, _CELL_WORD = 48, 18
_JOINED = 12
_FROM_RIGHT = {"R", "AL"}


@dataclass(frozen=True, slots=True)
class Typed:
    """A text as a person typed it; `in_cell` where it stands in a narrow column, and long words break sooner."""

    text: str
    in_cell: bool = False


def as_data(value: Any, *, plainly: Container[str] = ()) -> str:
    """The JSON of a value for the typesetter, each text in it made showable; those in `plainly`, plainly."""
    return json.dumps(_plain(value, plainly), ensure_ascii=False, separators=(",", ":"))


def doubtful(value: Any) -> Iterator[str]:
    """Each text in a value that would look another way if it were shown plainly."""
    if isinstance(value, Mapping):
        for each in value.values():
            yield from doubtful(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from doubtful(each)
    elif isinstance(value, str | Typed):
        text = value.text if isinstance(value, Typed) else value
        if not text.isascii() and showable(text) != showable(text, plainly=True):
            yield text


def _plain(value: Any, plainly: Container[str]) -> Any:
    if isinstance(value, str):
        return showable(value, plainly=value in plainly)
    if isinstance(value, Typed):
        return _paragraphs(value, plainly=value.text in plainly)
    if isinstance(value, Mapping):
        return {key: _plain(each, plainly) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, plainly) for each in value]
    return value


def _paragraphs(typed: Typed, *, plainly: bool) -> list[dict[str, Any]]:
    """Paragraphs where a line was left empty, each with its direction and the runs between which it may break."""
    longest = _CELL_WORD if typed.in_cell else _LINE_WORD
    text = showable(typed.text, plainly=plainly)
    return [
        {"rtl": _runs_from_right(paragraph), "runs": _runs(paragraph, longest)}
        for paragraph in text.split("\n\n")
    ]


def _runs_from_right(text: str) -> bool:
    """Whether the first sign that has a direction runs from right to left, as Jawi does."""
    for sign in text:
        direction = unicodedata.bidirectional(sign)
        if direction == "L":
            return False
        if direction in _FROM_RIGHT:
            return True
    return False


def _runs(text: str, longest: int) -> list[str]:
    """The text in pieces between which a line may end; most texts are one piece."""
    runs, begun = [], 0
    for word in re.finditer(rf"\S{{{longest + 1},}}", text):
        runs.append(text[begun : word.start()])
        runs += _pieces(word.group())
        begun = word.end()
    runs.append(text[begun:])
    return [run for run in runs if run] or [""]


def _pieces(word: str) -> list[str]:
    """A word sign by sign, marks beside what they sit on; of Jawi, whose letters join, a dozen at a time."""
    if any(unicodedata.bidirectional(sign) in _FROM_RIGHT for sign in word):
        return [word[place : place + _JOINED] for place in range(0, len(word), _JOINED)]
    pieces: list[str] = []
    for sign in word:
        joins = (
            unicodedata.category(sign)[0] in "MC" or unicodedata.category(sign) == "Sk" or sign == "\ufe0f"
        )
        if pieces and (joins or pieces[-1].endswith("\u200d")):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces

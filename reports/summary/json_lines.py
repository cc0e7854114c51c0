"""Rows as lines of JSON, fast: what makes the text of a value is chosen once for each field, by its declared type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from json import JSONEncoder
from json.encoder import encode_basestring
from operator import call
from typing import Any, NamedTuple, get_type_hints

Make = Callable[[Any], str]


def plain(value: Any) -> str:
    """A day as 2023-08-31, an instant in UTC: what JSON itself has no word for."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


#: The canonical text of any value.
encode: Make = JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=plain, check_circular=False
).encode


class _Remembered(dict[Any, str]):
    """The texts of values of which there are few: days, percentages, yes and no."""

    def __missing__(self, value: Any) -> str:
        text = self[value] = encode(value)
        return text


def _instant(moment: datetime) -> str:
    return f'"{moment.astimezone(UTC).isoformat()}"'


def _numbers(values: tuple[int, ...]) -> str:
    return f"[{','.join(map(str, values))}]" if values else "[]"


def _make(kind: Any) -> Make:
    """What makes the text of a value of this type; of any other, JSON's own encoder."""
    if kind in (bool, date | None, int | None, str | None):
        return _Remembered().__getitem__
    makers: dict[Any, Make] = {
        str: encode_basestring,
        int: str,
        datetime: _instant,
        tuple[int, ...]: _numbers,
    }
    return makers.get(kind, encode)


def line_maker(word: str, row: type[NamedTuple]) -> Callable[[tuple[Any, ...]], str]:
    """What makes the line of a row: `encode([word, *row])` to the letter, several times as fast."""
    makers = [_make(kind) for kind in get_type_hints(row).values()]
    begin = f'["{word}",'

    def line(values: tuple[Any, ...]) -> str:
        return f"{begin}{','.join(map(call, makers, values))}]\n"

    return line

"""Values that nobody types and anybody can send, and the names that a page reads from its address."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import pytest
from django import http
from django.core.handlers import wsgi
from django.http import QueryDict
from django.http import request as http_request

#: As they stand in an address. A "{name}" is the parameter's own.
VALUES = (
    *("", "0", "-1", "2147483648", "9223372036854775808", "9" * 18, "1" + "0" * 30, "9" * 5_000),
    *(
        "1e9",
        "1.5",
        "NaN",
        "true",
        "null",
        "[]",
        "1,2,99999999999999999999",
        quote("²"),
        quote("١٢"),
        quote("１２"),
    ),
    *(
        "0001-01-01",
        "1000-01-01",
        "9999-12-30",
        "9999-12-31",
        "31/12/9999",
        "2023-02-30",
        "1900-01-01",
        "2023-09-01",
        "10000-01-01",
        "99999999999999999999-01-01",
        "-0001-01-01",
        "2100-01-01",
        "0001-01",
        "9999-12",
    ),
    *(
        "%00",
        "a%00b",
        "%ED%A0%80",
        "%FF%FE",
        "%uD800",
        "%25",
        "%25%28x%29s",
        "%5C",
        "%27",
        "%22",
        "%0D%0ASet-Cookie:x",
    ),
    *(quote("\u200b\u2060"), quote("\u202eabc\u202c"), quote("😀" * 20), quote("ﷺ" * 200), "x" * 10_240),
    *(
        "..%2F..%2Fetc%2Fpasswd",
        "//elsewhere.example",
        "%28%28%28",
        "a%20or%20or",
        "*",
        "-",
        quote("a:b | !c & <-> d"),
    ),
    *(
        "last",
        "all",
        "2023",
        "own",
        "a&{name}=b&{name}=c",
        "1" + "&{name}=2" * 300,
        "x" + "&{name}=y" * 1_100,
    ),
)
#: As they are typed into a field.
TYPED = (
    *(
        "",
        "0",
        "-1",
        "2147483648",
        "9223372036854775808",
        "9" * 18,
        "1" + "0" * 30,
        "9" * 5_000,
        "1e9",
        "NaN",
        "²",
        "١٢",
    ),
    *(
        "0001-01-01",
        "1/1/1000",
        "30/12/9999",
        "31/12/9999",
        "2023-02-30",
        "1900-01-01",
        "2023-09-01",
        "abc",
        "true",
    ),
    *(
        "\0",
        "a\0b",
        "\ufffd",
        "\ufffe",
        "\u200b\u2060",
        "\u202eabc\u202c",
        "\u2028",
        "😀" * 60,
        "ﷺ" * 300,
        "x" * 10_240,
    ),
    *(
        "../../x",
        "[]",
        "{}",
        "null",
        "1,2,99999999999999999999",
        "<script>",
        "\r\nX: y",
        "{{ 7 }}",
        "%s %(x)s {0}",
    ),
    "00000000-0000-0000-0000-000000000000",
)
#: In the place of a number or a name inside a path.
PATHS = (
    "0",
    "-1",
    "2147483648",
    "9223372036854775808",
    "9" * 4_000,
    "%00",
    "a%00b",
    "%FF",
    "..",
    quote("😀"),
    "x" * 3_000,
)
#: What spreadsheets run or convert at the beginning of a cell, in all widths.
FORMULA_BEGINNINGS = (
    *("=", "+", "-", "@", "|", "%", "\t", "\r", "\n", "=cmd|' /C calc'!A0"),
    *(
        "＝",
        "＋",
        "－",
        "＠",
        "｜",
        "％",
        "\u2212",
        "\ufe62",
        "\ufe63",
        "\ufe66",
        "\ufe6b",
        "\u207a",
        "\u208c",
    ),
)
#: What some of them drop before they look.
FORMULA_VEILS = (
    *("", " ", "   ", "\0", "\x01", "\x1f", "\x7f", "\x85", "\u00a0", "\u00ad", "\u034f", "\u0301", "\u061c"),
    *("\u115f", "\u180e", "\u2003", "\u200b", "\u200f", "\u2028", "\u202e", "\u2060", "\u2800", "\u3000"),
    *("\u3164", "\ufe0f", "\ufeff", "\ufffe", "\U000e0020", " \u200d ", " \t "),
)


class _Recorded(QueryDict):
    """A query string that writes down the names it is asked for."""

    names: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.names.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.names.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().get(key, default)

    def getlist(self, key: str, default: Any = None) -> Any:
        self.names.add(key)
        return super().getlist(key, default)


def _recording(names: set[str]) -> type[QueryDict]:
    return type("Recorded", (_Recorded,), {"names": names})


def record_names(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return a set that fills with the names that views read from their addresses."""
    names: set[str] = set()
    monkeypatch.setattr(wsgi, "QueryDict", _recording(names))
    return names


def record_posted_names(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return a set that fills with the names that views read from what is posted."""
    names: set[str] = set()
    for module in (http, http_request):  # Forms with files, and those without.
        monkeypatch.setattr(module, "QueryDict", _recording(names))
    return names


def some(values: Sequence[str], count: int, *, of: str) -> list[str]:
    """Return so many of the values: others for each `of`, and the same in every run."""
    return random.Random(of).sample(values, count)

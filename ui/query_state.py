"""The address of a page, and the addresses that differ from it in one thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import QueryDict

from ui.numbers import whole_number

#: So many numbers are read from an address: more than a cycle has, and few enough for an address to carry back.
MOST_NUMBERS = 1_000


@dataclass(frozen=True)
class QueryState:
    """What the page shows, as its address says it: only what was understood, in the order of `NAMES`."""

    asked: Mapping[str, str]

    def query(self, **changes: str) -> str:
        """The query string with some values changed; an empty value takes its name away."""
        values = {**self.asked, **changes}
        return urlencode({name: value for name, value in values.items() if value})

    def url(self, anchor: str = "", **changes: str) -> str:
        """A link from the page to itself with some values changed."""
        return f"?{self.query(**changes)}{'#' if anchor else ''}{anchor}"

    def fields(self, *names: str) -> list[tuple[str, str]]:
        """What a form of the page carries along in hidden fields: everything but what it asks itself."""
        return [(name, value) for name, value in self.asked.items() if value and name not in names]


def read_numbers(data: QueryDict, name: str) -> list[int]:
    """Return the numbers sent under a name, each once, in order: one by one or separated by commas.

    Leaves out what is no number, and whatever is more than `MOST_NUMBERS`.
    """
    parts = (part for value in data.getlist(name) for part in value.split(","))
    found = (whole_number(part) for part in parts)
    return list(dict.fromkeys(number for number in found if number is not None))[:MOST_NUMBERS]

"""The state of a page in its query string, and links that change one thing in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import ClassVar, Self
from urllib.parse import urlencode

from django.http import QueryDict

from ui.numbers import whole_number

#: So many numbers are read from an address: more than a cycle has, and few enough for an address to carry back.
MOST_NUMBERS = 1_000
#: Characters of a filter that are read.
LONGEST_FILTER = 200


@dataclass(frozen=True)
class QueryState:
    """What the address asks the page to show: only values that were understood, in the order of `NAMES`."""

    asked: Mapping[str, str]

    def query(self, **changes: str) -> str:
        """Return the query string with some values changed; an empty value removes its name."""
        values = {**self.asked, **changes}
        return urlencode({name: value for name, value in values.items() if value})

    def url(self, anchor: str = "", **changes: str) -> str:
        """Return a link from the page to itself with some values changed."""
        return f"?{self.query(**changes)}{'#' if anchor else ''}{anchor}"

    def fields(self, *names: str) -> list[tuple[str, str]]:
        """Return hidden fields that carry the state through a form, except the names that the form asks
        itself.
        """
        return [(name, value) for name, value in self.asked.items() if value and name not in names]


@dataclass(frozen=True, kw_only=True)
class AddressFilters:
    """The filters that a page reads from its address; a subclass lists them as fields, "" where not set."""

    #: What a filter may be, by its name; the others take any text.
    choices: ClassVar[Mapping[str, Sequence[str]]] = {}

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """Return the filters of a query string; a value that is none of its choices is not set."""
        asked = {each.name: read_text(query, each.name) for each in fields(cls)}
        return cls(**{name: text for name, text in asked.items() if text in cls.choices.get(name, (text,))})

    @property
    def are_set(self) -> bool:
        return self != type(self)()


def read_text(data: Mapping[str, str], name: str, *, longest: int = LONGEST_FILTER) -> str:
    """Return what is sent under a name, as the database can compare it: no NUL, not more characters than `longest`."""
    return data.get(name, "").replace("\0", "").strip()[:longest]


def read_numbers(data: QueryDict, name: str) -> list[int]:
    """Return the numbers sent under a name, each once, in order: one by one or separated by commas.

    Leaves out anything that is not a number, and everything beyond `MOST_NUMBERS`.
    """
    parts = (part for value in data.getlist(name) for part in value.split(","))
    found = (whole_number(part) for part in parts)
    return list(dict.fromkeys(number for number in found if number is not None))[:MOST_NUMBERS]

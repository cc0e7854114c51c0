"""Parses cells: words of either language, and dates and percentages as people write them."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.clearance import Clearance
from recommendations.states import ItemKind, Status
from ui.typed_days import UnreadableDay, read_day

LANGUAGES = ("ms", "en")


class Unreadable(ValueError):
    """A cell cannot be parsed; the message says why in the reader's language."""


def in_both(words: str | Promise) -> Iterator[str]:
    """Return the words in both languages, normalised for comparison."""
    for language in LANGUAGES:
        with override(language):
            yield plain(str(words))


def plain(text: str) -> str:
    """Return a text for comparison: small letters, single spaces, no star, no colon, no brackets at the end."""
    bare = re.sub(r"\s*\([^()]*\)$", "", " ".join(text.replace("\u00a0", " ").split()))
    return bare.strip(" *:").casefold()


@cache
def _words() -> dict[str, dict[str, str]]:
    """Return, by list, each accepted word and its value. The lists never change, so they are made once."""
    return {
        "kind": {word: str(kind) for kind in ItemKind for word in (*in_both(kind.label), str(kind))},
        "status": {word: str(status) for status in Status for word in (*in_both(status.label), str(status))},
        "class": {
            word: str(int(each)) for each in Clearance for word in (*in_both(each.label), str(int(each)))
        },
    }


def item_of(text: str) -> tuple[ItemKind, int]:
    """Return kind and number of an item: "Syor 3", "Recommendation 3: …". Raises `Unreadable`."""
    found = re.match(r"([^\W\d]+)\s*(?:no\.?\s*)?([0-9]{1,3})(?![0-9])", plain(text))
    kind = _words()["kind"].get(found[1]) if found else None
    if found is None or kind is None:
        raise Unreadable(
            _("“%(text)s” is not an item. Choose one from the list, such as %(example)s.")
            % {"text": shortened(text), "example": f"{ItemKind.RECOMMENDATION.label} 1"}
        )
    return ItemKind(kind), int(found[2])


def status_of(text: str) -> str:
    """Return the status that a word of either language names. Raises `Unreadable`."""
    status = _words()["status"].get(plain(text))
    if status is None:
        allowed = ", ".join(str(each.label) for each in Status)
        raise Unreadable(
            _("“%(text)s” is not a valid status. Choose one of: %(allowed)s.")
            % {"text": shortened(text), "allowed": allowed}
        )
    return status


def class_of(text: str) -> int:
    """Return the classification that a word of either language names. Raises `Unreadable`."""
    value = _words()["class"].get(plain(text))
    if value is None:
        raise Unreadable(
            _("“%(text)s” is not a valid classification. Choose one from the list.")
            % {"text": shortened(text)}
        )
    return int(value)


def percent_of(text: str) -> int:
    """Return a percentage written as 40, 40% or 40 %. Raises `Unreadable`."""
    found = re.fullmatch(r"([0-9]{1,3})(?:[.,]0+)?\s*%?", text.strip())
    if found is None or int(found[1]) > 100:
        raise Unreadable(
            _("“%(text)s” is not a valid percentage. Write a whole number from 0 to 100, such as 40.")
            % {"text": shortened(text)}
        )
    return int(found[1])


def date_of(text: str) -> date:
    """Return a date as `ui.typed_days` reads it; a time behind it is left out. Raises `Unreadable`.

    Nobody sees how a cell of a workbook was understood, so a year has four digits.
    """
    try:
        return read_day(re.sub(r"[T ][0-9]{2}:.*$", "", text.strip()), takes_short_years=False)
    except UnreadableDay as problem:
        raise Unreadable(str(problem)) from problem


def shortened(text: str) -> str:
    """Return the text of the cell, shortened for a message."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"

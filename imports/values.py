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
from ui import dates

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
        "month": {
            word: str(month)
            for month in range(1, 13)
            for language in LANGUAGES
            for word in _month_words(month, language)
        },
    }


def _month_words(month: int, language: str) -> Iterator[str]:
    for write in (dates.day, dates.short_day):
        yield plain(write(date(2023, month, 1), language=language)).split()[1]


def item_of(text: str) -> tuple[ItemKind, int]:
    """Return kind and number of an item: "Syor 3", "Recommendation 3: …". Raises `Unreadable`."""
    found = re.match(r"([^\W\d]+)\s*(?:no\.?\s*)?([0-9]{1,3})(?![0-9])", plain(text))
    kind = _words()["kind"].get(found[1]) if found else None
    if found is None or kind is None:
        raise Unreadable(
            _("“%(text)s” is not an item. Choose one from the list, such as %(example)s.")
            % {"text": _short(text), "example": f"{ItemKind.RECOMMENDATION.label} 1"}
        )
    return ItemKind(kind), int(found[2])


def status_of(text: str) -> str:
    """Return the status that a word of either language names. Raises `Unreadable`."""
    status = _words()["status"].get(plain(text))
    if status is None:
        allowed = ", ".join(str(each.label) for each in Status)
        raise Unreadable(
            _("“%(text)s” is not a valid status. Choose one of: %(allowed)s.")
            % {"text": _short(text), "allowed": allowed}
        )
    return status


def class_of(text: str) -> int:
    """Return the classification that a word of either language names. Raises `Unreadable`."""
    value = _words()["class"].get(plain(text))
    if value is None:
        raise Unreadable(
            _("“%(text)s” is not a valid classification. Choose one from the list.") % {"text": _short(text)}
        )
    return int(value)


def percent_of(text: str) -> int:
    """Return a percentage written as 40, 40% or 40 %. Raises `Unreadable`."""
    found = re.fullmatch(r"([0-9]{1,3})(?:[.,]0+)?\s*%?", text.strip())
    if found is None or int(found[1]) > 100:
        raise Unreadable(
            _("“%(text)s” is not a valid percentage. Write a whole number from 0 to 100, such as 40.")
            % {"text": _short(text)}
        )
    return int(found[1])


def date_of(text: str) -> date:
    """Return a date: 2023-05-02, 2/5/2023, 2.5.2023, 2-5-2023 (day first), 2 Mei 2023, 2 May 2023. Raises `Unreadable`."""
    parts = _date_parts(text.strip())
    try:
        return date(*parts) if parts else _no_date(text)
    except ValueError:
        return _no_date(text)


def _no_date(text: str) -> date:
    raise Unreadable(
        _("“%(text)s” is not a valid date. Write the day, month and year, such as 02/05/2023.")
        % {"text": _short(text)}
    )


def _date_parts(text: str) -> tuple[int, int, int] | None:
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ].*)?", text):
        return int(found[1]), int(found[2]), int(found[3])
    if found := re.fullmatch(r"([0-9]{1,2})\s*([/.-])\s*([0-9]{1,2})\s*\2\s*([0-9]{4})", text):
        return int(found[4]), int(found[3]), int(found[1])
    if found := re.fullmatch(r"([0-9]{1,2})\s+([^\W\d]+)\.?\s+([0-9]{4})", text.replace("\u00a0", " ")):
        month = _words()["month"].get(found[2].casefold())
        return (int(found[3]), int(month), int(found[1])) if month else None
    return None


def _short(text: str) -> str:
    """Return the text of the cell, shortened for a message."""
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"

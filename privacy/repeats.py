"""Where what was found in one place is said again: in the same text, and in the reason to send it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from privacy import words
from privacy.kinds import Finding, IdentityKind

_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
#: A shorter word of a name, or one that many names share, tells nobody apart.
_SHORTEST = 4
#: So many digits of a number that was found tell whose it is.
_LEAST_DIGITS = 6


def find_repeats(text: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield where parts of the names that were found stand again with a capital, each run of them as one name."""
    parts = _parts_of_names(text, findings)
    if not parts:
        return
    start = end = None
    for word in _WORD.finditer(text):
        is_part = word.group()[0].isupper() and word.group().lower() in parts
        if is_part and end is not None and text[end : word.start()] == " ":
            end = word.end()
            continue
        if start is not None and end is not None:
            yield Finding(start, end, IdentityKind.NAME)
        start, end = word.span() if is_part else (None, None)
    if start is not None and end is not None:
        yield Finding(start, end, IdentityKind.NAME)


def _parts_of_names(text: str, findings: Iterable[Finding]) -> set[str]:
    """Return the words of the names that were found by which somebody is known, in small letters."""
    names = (text[each.start : each.end] for each in findings if each.kind is IdentityKind.NAME)
    found = (word.group().lower() for name in names for word in _WORD.finditer(name))
    shared = words.NO_NAMES | words.FIRST_NAMES_OF_SEVERAL | words.CONNECTORS | words.AMBIGUOUS
    return {word for word in found if len(word) >= _SHORTEST and word not in shared}


def repeats_any(reason: str, text: str, findings: Iterable[Finding]) -> bool:
    """Whether the reason says again what was found in the text: a part of a name, a number, or the words of another kind."""
    findings = list(findings)
    said = {word.group().lower() for word in _WORD.finditer(reason)}
    if said & _parts_of_names(text, findings):
        return True
    plain, digits = _plain(reason), _digits(reason)
    for each in findings:
        found = text[each.start : each.end]
        if _plain(found) in plain:
            return True
        number = _digits(found)
        if each.kind is not IdentityKind.ADDRESS and len(number) >= _LEAST_DIGITS and number in digits:
            return True
    return False


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)

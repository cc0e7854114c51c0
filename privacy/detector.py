"""Finds numbers and names in a text that seem to identify a person.

Patterns of our own decide what a card, passport or name looks like; `phonenumbers` decides what a telephone number is
([ADR 18](../docs/adr/0018-identities-are-noticed-then-hidden-while-read.md)). Everything is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from hashlib import sha256
from importlib import resources

import phonenumbers

from privacy.addresses import find_children, find_emails, find_homes, find_villages
from privacy.details import find_details
from privacy.kinds import Finding, IdentityKind
from privacy.labelled import find_labelled
from privacy.names import find_names, name_end
from privacy.neighbours import find_names_by_neighbours
from privacy.phones import find_phones
from privacy.repeats import find_repeats
from privacy.text import after, before, plain_text

#: Six digits for the date of birth, two for the place, four more: with hyphens, spaces or nothing between.
_CARD = re.compile(r"(?<![\w/+-])(\d{2})(\d{2})(\d{2})( ?[-–—.] ?| ?)(\d{2})\4(\d{4})(?![\w/]|-\d)")
#: Codes for the place of birth that no card carries.
_UNUSED_PLACES = frozenset([0, *range(17, 21), 69, 70, 73, 80, 81, *range(94, 98)])
#: Twelve digits in a row are something else after one of these words.
_OTHER_NUMBERS = re.compile(
    r"\b(?:syarikat|ssm|company|registration|pendaftaran|resit|receipts?|inv\w*|rujukan|ref\w*|siri|serial"
    r"|akaun|account|bil|bill|kes|cases?|fail|file)\b",
    re.IGNORECASE,
)
#: So is a number in the shape of a card, with hyphens too, after one of these.
_PURCHASES = re.compile(
    r"\b(?:baucar|baucer|vouchers?|tender|sebut ?harga|quotations?|qt|kontrak|contracts?|pesanan|job orders?|work orders?"
    r"|arahan kerja|(?:no\.?|nombor) kerja|job (?:no|number)|purchase orders?|inv|invois|invoices?|syarikat|ssm|company|sdn\.? ?bhd|plt"
    r"|enterprise|pendaftaran perniagaan)\b",
    re.IGNORECASE,
)
#: But not where a person is spoken of behind it.
_OF_A_PERSON = re.compile(
    r"\b(?:mangsa|pekerja|pengarah|pemilik|majikan|saksi|bernama|suspek|victim|worker|director|owner|witness|named)\b",
    re.IGNORECASE,
)
#: Twelve digits in other groups.
_GROUPED = re.compile(r"(?<![\w/.,+-])\d{2,8}(?:(?:[ –-]\d{2,8}){1,5}|(?:/\d{2,6}){2,4})(?![\w/]|[.,-]\d)")
_CARD_DIGITS = re.compile(r"(\d{2})(\d{2})(\d{2})(\d{2})\d{4}")
#: Words after which a shorter or longer number is a card, of Malaysia long ago or of another country.
_CARD_WORDS = re.compile(
    r"\b(?:kad pengenalan|identity cards?|identity numbers?|no\.? ?ic|k/p|kp|ic|nric|nik|ktp|nid|aadhaar"
    r"|national id(?:entity)?)\b",
    re.IGNORECASE,
)
_OTHER_CARD = re.compile(
    r"(?<![\w/.,+-])(?:[A-Z]{1,2}\d{6,8}|\d{7}|\d{10,11}|\d{13}|\d{16,17})(?![\w/]|[.,-]\d)"
)
_BIRTH_WORDS = re.compile(
    r"\b(?:sijil (?:ke)?lahir(?:an)?|surat beranak|birth certificates?)\b", re.IGNORECASE
)
_BIRTH_NUMBER = re.compile(r"(?<![\w/-])[A-Z]{1,2} ?\d{5,7}(?![\w/-])")

_PASSPORT_WORDS = re.compile(
    r"\b(?:pass?port?|passpot|paspot|dokumen perjalanan|travel document)", re.IGNORECASE
)
_PASSPORT = re.compile(r"(?<![\w/-])[A-Z]{1,2} ?\d{6,9}[A-Z]?(?![\w/]|-\w)")
_PASSPORT_OF_DIGITS = re.compile(r"(?<![\w/.,+-])\d{8,9}(?![\w/]|[.,-]\d)")
#: Malaysian: A, H or K and eight digits, recognised without a word beside it.
_MALAYSIAN_PASSPORT = re.compile(r"[AHK]\d{8}")
_NOT_A_PASSPORT = re.compile(
    r"\b(?:kes|cases?|resit|receipt|rujukan|ref\w*|laporan|report|inv\w*|permit|fail|file|borang|form|lesen|licence)"
    r"\W{0,3}(?:(?:no|nombor|number|bil)\b\W{0,3})?$",
    re.IGNORECASE,
)
_REFUGEE = re.compile(r"(?<![\w/-])\d{3}-\d{2}[A-Z]\d{5}(?![\w/-])")

#: How many characters before and after a number are asked for words that say what it is.
_REACH = 90
#: So much of a text is looked at where a caller names no other bound: several times what may be sent.
MOST_EXAMINED = 20_000
_SOURCES = (
    *(
        "addresses.py",
        "details.py",
        "detector.py",
        "labelled.py",
        "names.py",
        "neighbours.py",
        "phones.py",
        "repeats.py",
        "text.py",
        "words.py",
    ),
    "data/given_names.txt",
)


@cache
def patterns_mark() -> str:
    """Return a mark of the patterns: what was found by others is looked for again."""
    folder = resources.files("privacy")
    sources = b"".join(folder.joinpath(name).read_bytes() for name in _SOURCES)
    return sha256(sources + phonenumbers.__version__.encode()).hexdigest()[:16]


def find_identities(text: str, *, most: int = MOST_EXAMINED) -> list[Finding]:
    """Return what in the first `most` characters seems to identify a person, in order of place; no two findings overlap.

    A finding is no proof: it is what a person should look at before the text goes on.
    """
    plain, places = plain_text(text[:most])
    found = (
        _cards(plain),
        _refugees(plain),
        _passports(plain),
        find_labelled(plain),
        find_phones(plain),
        find_emails(plain),
        find_homes(plain),
        find_children(plain),
        find_villages(plain),
        find_names(plain),
        find_names_by_neighbours(plain, name_end),
        find_details(plain),
    )
    first = _without_overlaps(found)
    whole = _without_overlaps((first, find_repeats(plain, first)))
    return [Finding(places[each.start], places[each.end - 1] + 1, each.kind) for each in whole]


def _without_overlaps(kinds: Iterable[Iterable[Finding]]) -> list[Finding]:
    """Return all findings in order of place; where two overlap, that of the earlier kind, or the first of one kind."""
    kept: list[Finding] = []
    for findings in kinds:
        taken = iter(sorted(kept))
        current, end = next(taken, None), 0
        for finding in sorted(findings):
            while current is not None and current.end <= finding.start:
                current = next(taken, None)
            if finding.start >= end and (current is None or finding.end <= current.start):
                kept.append(finding)
                end = finding.end
    return sorted(kept)


def _cards(text: str) -> Iterator[Finding]:
    for match in _CARD.finditer(text):
        year, month, day, separator, place, _rest = match.groups()
        if not _is_birthday(year, month, day) or int(place) in _UNUSED_PLACES:
            continue
        if _is_of_another_paper(before(text, match.start(), 40), has_separator=bool(separator)):
            continue
        yield Finding(match.start(), match.end(), IdentityKind.CARD)
    for match in _GROUPED.finditer(text):
        digits = _CARD_DIGITS.fullmatch(re.sub(r"\D", "", match.group()))
        if (
            digits
            and _is_birthday(*digits.groups()[:3])
            and int(digits.group(4)) not in _UNUSED_PLACES
            and not _is_of_another_paper(before(text, match.start(), 40), has_separator=False)
        ):
            yield Finding(match.start(), match.end(), IdentityKind.CARD)
    yield from _after_words(text, words=_CARD_WORDS, number=_OTHER_CARD, reach=35)
    yield from _after_words(text, words=_BIRTH_WORDS, number=_BIRTH_NUMBER, reach=25)


def _is_of_another_paper(earlier: str, *, has_separator: bool) -> bool:
    """Whether the last word that says what a number is speaks of a purchase, or of anything if the digits stand in a row."""
    people = [match.end() for words in (_CARD_WORDS, _OF_A_PERSON) for match in words.finditer(earlier)]
    others = list(_PURCHASES.finditer(earlier))
    if not has_separator:
        others += _OTHER_NUMBERS.finditer(earlier[-30:])
        return bool(others)
    return any(match.end() > max(people, default=0) for match in others)


def _is_birthday(year: str, month: str, day: str) -> bool:
    """Whether there is such a day in this century or the last."""
    for century in (1900, 2000):
        try:
            date(century + int(year), int(month), int(day))
        except ValueError:
            continue
        return True
    return False


def _after_words(
    text: str, *, words: re.Pattern[str], number: re.Pattern[str], reach: int
) -> Iterator[Finding]:
    """Yield the first such number within `reach` characters after each of these words, as a card."""
    for word in words.finditer(text):
        nearby = after(text, word.end(), reach + 20)
        match = number.search(nearby)
        if match and match.start() <= reach:
            yield Finding(word.end() + match.start(), word.end() + match.end(), IdentityKind.CARD)


def _refugees(text: str) -> Iterator[Finding]:
    for match in _REFUGEE.finditer(text):
        yield Finding(match.start(), match.end(), IdentityKind.REFUGEE)


def _passports(text: str) -> Iterator[Finding]:
    for match in _PASSPORT.finditer(text):
        earlier = before(text, match.start(), _REACH)
        if _NOT_A_PASSPORT.search(earlier):
            continue
        is_named = _PASSPORT_WORDS.search(earlier) or _PASSPORT_WORDS.search(after(text, match.end(), 30))
        if is_named or _MALAYSIAN_PASSPORT.fullmatch(match.group()):
            yield Finding(match.start(), match.end(), IdentityKind.PASSPORT)
    for match in _PASSPORT_OF_DIGITS.finditer(text):
        if _PASSPORT_WORDS.search(before(text, match.start(), 40)):
            yield Finding(match.start(), match.end(), IdentityKind.PASSPORT)

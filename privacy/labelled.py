"""Numbers of papers after a word that says which paper: whatever their shape, mistyped ones too.

"No. KP 90123-14-558", "sijil kelahiran CB 48213", "PLKS PG4418273", "kad UNHCR 354-18C02931".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from privacy.kinds import Finding, IdentityKind
from privacy.text import after

#: The words before a number, by the kind of what follows them.
_LABELS = (
    (
        IdentityKind.CARD,
        r"(?<!\w)(?:kad pengenalan|no\.? ?pengenalan|nombor pengenalan|(?:no\.? ?)?k\.?/?p\.?t?|my(?:kad|kid|pr|kas)"
        r"|ic|nric|identity (?:cards?|numbers?)|sijil (?:ke)?lahir(?:an)?|surat (?:beranak|lahir|kelahiran)"
        r"|birth cert(?:ificate)?s?)(?!\w)",
    ),
    (
        IdentityKind.PASSPORT,
        r"\b(?:pass?por(?:ts?)?|paspot|passpot|splp|surat perjalanan|dokumen (?:perjalanan|sementara|pengenalan)|travel (?:documents?|pass|papers?)"
        r"|certificate of identity|emergency certificate|laissez-passer)\b",
    ),
    (IdentityKind.REFUGEE, r"\b(?:unhcr|refugee cards?|kad pelarian)\b"),
    (
        IdentityKind.PERMIT,
        r"\b(?:plks|vdr|permit kerja|visa kerja|work visas?|work permits?|pas (?:lawatan )?kerja|pas lawatan|employment pass)\b",
    ),
)
_LABEL_PATTERNS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _LABELS)
#: Groups of digits with few letters: letters before, one sign between groups, one letter behind.
_NUMBER = re.compile(
    r"(?<![\w/.,+-])(?:[A-Z]{1,5}[ /-]?)?\d[\dA-Z]*(?:(?: ?[/.–—-] ?| )\d[\dA-Z]*){0,4}(?:-[A-Z])?(?!\w|[,.]\d)"
)
_DATE = re.compile(r"(?:\d{1,2}[/. -]\d{1,2}[/. -](?:19|20)?\d{2}|(?:19|20)\d{2}[/-](?:19|20)\d{2})\b.*")
#: A number of many papers, or of a machine that reads them.
_BATCH = re.compile(
    r"\b(?:batch|kelompok|kumpulan|stok|stock|peranti|device|kit|scanner|pengimbas)\b", re.IGNORECASE
)
#: What stands before it is no number of a person's paper.
_OTHER = re.compile(
    r"(?:\b(?:seksyen|section|akta|act|rm|usd|bil|kes|fail|file|case|tel|telefon|phone)\.?|/) ?$", re.I
)
#: "UNHCR registered 192 500 refugees".
_COUNT = re.compile(r"\d{1,3}(?: ?\d{3}){1,2}")
_LEAST_DIGITS, _MOST_DIGITS = 5, 14
_REACH = 40


def find_labelled(text: str) -> Iterator[Finding]:
    """Yield the first number after each label, if it is near and long enough to be that of a paper."""
    for kind, labels in _LABEL_PATTERNS:
        for label in labels.finditer(text):
            nearby = after(text, label.end(), _REACH + 30)
            number = _NUMBER.search(nearby)
            if number and number.start() <= _REACH and _is_of_a_paper(nearby, number, kind):
                yield Finding(label.end() + number.start(), label.end() + number.end(), kind)


def _is_of_a_paper(nearby: str, number: re.Match[str], kind: IdentityKind) -> bool:
    digits = sum(character.isdigit() for character in number.group())
    if not _LEAST_DIGITS <= digits <= _MOST_DIGITS or _DATE.fullmatch(number.group()):
        return False
    if kind is IdentityKind.REFUGEE and _COUNT.fullmatch(number.group()):
        return False
    between = nearby[: number.start()]
    return not (_OTHER.search(between) or _BATCH.search(between))

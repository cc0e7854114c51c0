"""Telephone numbers of people. Public lines and the land lines of offices are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import PhoneNumberType

from privacy.kinds import Finding, IdentityKind
from privacy.text import after, before

#: A number with its country's code, or as it is dialled within Malaysia: up to six more groups of digits.
#: Between two groups something must stand, so that digits divide into groups in one way alone: with several ways a
#: long run of digits would take a time that grows with a power of its length.
_CANDIDATE = re.compile(
    r"(?<![\w/.,+-])(?:\+\d{1,3}|00\d{2}|0\d{1,2}|60[ -]?\d{1,2}(?=[ -]?\d{3}))"
    r"[ -]?\(?\d{1,15}\)?(?:(?:[ -]\(?|\(|(?<=\)))\d{1,15}\)?){0,5}(?![\w/]|[.,-]\d)"
)
_DATE = re.compile(r"\d{1,2}[- ]\d{1,2}[- ](?:19|20)\d{2}")
#: Numbers that are anybody's to call although they look like somebody's own: the messages of Talian Kasih.
PUBLIC_NUMBERS = frozenset({"+60192615999"})
#: Right before a number, these words say that it is a public line.
_PUBLIC_WORDS = re.compile(
    r"\b(?:hotline|helpline|careline|lifeline|talian (?:bantuan|aduan|hotline|kasih|nur|khas|rasmi|khidmat|kecemasan|hayat|24 jam)"
    r"|(?:whatsapp|telegram|nombor|no\.?|line|number) (?:rasmi|aduan|hotline|khas)|(?:official|published|public) (?:number|line|whatsapp)"
    r"|(?:whatsapp|telegram|talian|line|nombor|no\.?) (?:imigresen|polis|jabatan|kedutaan|embassy|ngo|apmm|jim|jkm|jtk|mapo|pdrm)"
    r"|(?:24[- ](?:hour|jam)|mapo|ngo|crisis|complaints?|emergency|tips?|toll-free) line|bilik gerakan|operations? room|call cent(?:re|er)"
    r"|pusat panggilan|fax|faks|pejabat|office|kaunter|counter|urus setia|secretariat|ibu pejabat|balai)\b",
    re.IGNORECASE,
)
#: And right behind it.
_PUBLIC_BEHIND = re.compile(
    r"\W{0,3}(?:hotline|helpline|(?:sebagai )?talian (?:aduan|hotline|bantuan)|as (?:an? |its |the )?(?:hotline|helpline)|the (?:department|ministry|embassy|ngo|office)|(?:yang )?(?:beroperasi|dibuka) 24 jam|runs 24 hours)",
    re.IGNORECASE,
)
#: Words in the sentence that say whose number it is: a land line is then somebody's own as well.
_PERSONAL_WORDS = re.compile(
    r"\b(?:mangsa|penyintas|waris|penjaga|guardian|ibu|bapa|suami|isteri|keluarga|kakak|abang|adik|rumah mangsa|victims?'?s?"
    r"|survivors?|mother|father|sister|brother|aunt|uncle|husband|wife|family|her|his|home)\b",
    re.IGNORECASE,
)
#: Whose land line it is although a victim is spoken of: "victims may call the Labour Department on 03-8886 5000".
_OFFICES = re.compile(
    r"\b(?:jabatan|department|kementerian|ministry|bahagian|cawangan|agensi|agency|kedutaan|embassy|konsulat|consulate|polis|police"
    r"|hospital|klinik|clinic|mahkamah|court|pusat|centre|rumah perlindungan|shelter|ngo|talian|line|unit|jkm|jtk|jim|pdrm|mapo)\b",
    re.IGNORECASE,
)
_OWN = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.PERSONAL_NUMBER)
#: So many numbers of one text are checked with care; what comes after is taken for a number if it looks like one.
_MOST_CHECKED = 200


def find_phones(text: str) -> Iterator[Finding]:
    """Yield mobile numbers, and land lines of a victim or their family; all other land lines are taken for offices'."""
    for place, match in enumerate(_CANDIDATE.finditer(text)):
        if place >= _MOST_CHECKED or _is_personal(text, match):
            yield Finding(match.start(), match.end(), IdentityKind.PHONE)


def _is_personal(text: str, match: re.Match[str]) -> bool:
    typed = match.group()
    number = None if _DATE.fullmatch(typed) else _parsed(typed)
    if (
        number is None
        or phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) in PUBLIC_NUMBERS
    ):
        return False
    kind = phonenumbers.number_type(number)
    if kind not in (*_OWN, PhoneNumberType.FIXED_LINE) or _PUBLIC_WORDS.search(
        before(text, match.start(), 30)
    ):
        return False
    if kind in _OWN:
        return not _PUBLIC_BEHIND.match(after(text, match.end(), 40))
    earlier = before(text, match.start(), 90)
    if (office := _OFFICES.search(earlier[-40:])) and not _PERSONAL_WORDS.search(earlier[-40:], office.end()):
        return False
    return any(_PERSONAL_WORDS.search(part) for part in (earlier, after(text, match.end(), 60)))


def _parsed(typed: str) -> phonenumbers.PhoneNumber | None:
    """Return the number if it is one that can be dialled, from Malaysia or with its country's code."""
    typed = f"+{typed}" if typed.startswith("60") else typed
    try:
        number = phonenumbers.parse(typed, "MY")
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None

"""Other details by which a person is known: the number of their file or bank account, an account online, a day of birth.

Each is looked for only beside a word that says whose it is: files, accounts and dates of agencies are nobody's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from privacy.kinds import Finding, IdentityKind
from privacy.text import after, before

#: One person of whom a case is made, never several: "victims", "mangsa-mangsa".
_ONE = (
    r"(?<![\w-])(?:mangsa|penyintas|pengadu|saksi|kanak-kanak|remaja|gadis|pekerja|victim|survivor|complainant|witness|child|girl|boy|worker)(?![\w-])"
    r"(?:['’]s)?"
)
#: "KS/ATIP/2025/0482": letters first, a number last.
_REFERENCE = r"(?<![\w/.-])[A-Z][\w.()-]{0,14}(?:/[\w.()-]{1,14}){1,4}/\d{1,8}(?![\w/])"
#: Between the two: words for a file, a number, and the person's name. No word holds a hyphen, so that they divide in one way.
_FILE_OF_ONE = re.compile(
    rf"(?i:{_ONE}(?:[ :(–—-]{{1,3}}(?:(?:case|file|kes|fail|kertas|siasatan|laporan|report|aduan|complaint|rujukan|ref(?:erence)?|no|nombor|number"
    r"|bernombor|pertama|kedua|ketiga|itu|ini|tersebut|is|ialah|with|dengan|under|bawah|di)\b\.?"
    rf"|\d{{1,2}}|(?-i:[A-Z][\w’']{{0,30}}))){{0,6}}[ :,(–—-]{{1,3}})(?P<reference>{_REFERENCE})"
)
_FILE_BEFORE_ONE = re.compile(
    rf"(?P<reference>{_REFERENCE})(?i:,? (?:milik|atas nama|of|belonging to|in the name of)(?: the)? {_ONE})"
)
#: Right before the victim: there are several, or the number is that of a rule.
_NOT_OF_ONE = re.compile(
    r"\b(?:sop|garis panduan|guidelines?|pekeliling|circular|modul|manual|dasar|borang|form|[2-9]|\d{2,}|dua|tiga|empat|lima|enam|tujuh|lapan|sembilan|sepuluh|belas|puluh|para|semua|beberapa|setiap) (?:orang )?$",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"\b(?:akaun(?:nya)?|accounts?|a/c)\b", re.IGNORECASE)
_ACCOUNT_NUMBER = re.compile(r"(?<![\w/.,+-])\d{3,17}(?:[ -]\d{2,10}){0,4}(?![\w/]|[.,-]\d)")
_HOLDER = re.compile(
    rf"{_ONE}|\b(?:buruh|her|his|(?:akaun|bank|gaji|milik)nya)\b",
    re.IGNORECASE,
)
_HELD_BEHIND = re.compile(
    rf"\W{{1,3}}(?:(?:atas nama|milik|in the name of|of|belonging to)(?: the)?) {_ONE}",
    re.IGNORECASE,
)
_NOBODYS = re.compile(
    r"\b(?:amanah|trust|tabung|fund|rasmi|official|syarikat|company|majikan(?:nya)?|employer|suspek|suspect|tertuduh|accused|kempen|campaign)\b",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@.])@[\w.]{2,29}\w")
_ONLINE = re.compile(
    r"\b(?:tiktok|instagram|ig|facebook|fb|telegram|twitter|wechat|snapchat|michat|whatsapp|threads|akaun(?:nya)?|account|username)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    rf"{_HOLDER.pattern}|\b(?:dia|beliau|he|she|pupil|murid|pelajar|wanita|lelaki|woman|man)\b", re.IGNORECASE
)
_MONTH = (
    r"(?:jan(?:uari|uary)?|feb(?:ruari|ruary)?|mac|march|apr(?:il)?|mei|may|june?|jul(?:ai|y)?|ogos|aug(?:ust)?|sep(?:t(?:ember)?)?"
    r"|o[ck]t(?:ober)?|nov(?:ember)?|di?sember|dec(?:ember)?)"
)
_BIRTH = re.compile(
    r"\b(?:(?:di)?lahir(?:kan)?|born|date of birth|d\.?o\.?b\.?)[ :]{1,3}(?:(?:mangsa|pada|on|is|ialah|:)[ :]{1,2}){0,2}"
    rf"(?P<day>\d{{1,2}} {_MONTH} \d{{4}}|{_MONTH} \d{{1,2}}, \d{{4}}|\d{{1,2}}([/.-])\d{{1,2}}\2\d{{2,4}})(?!\w)",
    re.IGNORECASE,
)
_REACH = 60


def find_details(text: str) -> Iterator[Finding]:
    """Yield the numbers of one person's file and bank account, names of accounts online, and days of birth."""
    for start, end in (*_files(text), *_accounts(text), *_handles(text), *_births(text)):
        yield Finding(start, end, IdentityKind.DETAIL)


def _files(text: str) -> Iterator[tuple[int, int]]:
    for match in _FILE_OF_ONE.finditer(text):
        if not _NOT_OF_ONE.search(before(text, match.start(), 20)):
            yield match.span("reference")
    for match in _FILE_BEFORE_ONE.finditer(text):
        yield match.span("reference")


def _accounts(text: str) -> Iterator[tuple[int, int]]:
    for label in _ACCOUNT.finditer(text):
        nearby = after(text, label.end(), _REACH)
        number = _ACCOUNT_NUMBER.search(nearby)
        if not number or not 8 <= sum(map(str.isdigit, number.group())) <= 17:
            continue
        around = before(text, label.start(), 20) + label.group() + nearby[: number.start()]
        is_held = _HOLDER.search(around) or _HELD_BEHIND.match(nearby, number.end())
        if is_held and not _NOBODYS.search(around):
            yield label.end() + number.start(), label.end() + number.end()


def _handles(text: str) -> Iterator[tuple[int, int]]:
    for match in _HANDLE.finditer(text):
        earlier = before(text, match.start(), _REACH)
        if _ONLINE.search(earlier) and _SOMEBODY.search(earlier) and not _NOBODYS.search(earlier):
            yield match.span()


def _births(text: str) -> Iterator[tuple[int, int]]:
    for match in _BIRTH.finditer(text):
        yield match.span("day")

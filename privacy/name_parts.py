"""Which words belong to one name: where "Wan Nur Aina binti Mohd. Ali" ends, and that "An" is a part of "Nguyen Van An".

A name must be found whole: half a name that is left after redaction still tells who the person is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from privacy import words

#: No name has more words, connectors and stops than these: it bounds the walk.
MOST_PARTS = 20
_TOKEN = re.compile(r"\b[asd]/[lpok]\b|[^\W\d_]+(?:[’'-][^\W\d_]+)*|\d+|[^\w\s]|\n", re.IGNORECASE)
_NOUN_ENDINGS = re.compile(
    r"(?:pe|ke).{3,}an|.{3,}(?:tions?|sions?|ments?|ness|ships?|ances?|ences?)|.{4,}ed"
)
#: Verbs by their form, for texts in capitals alone: with small letters no verb looks like a name.
_VERBS = re.compile(
    r"(?:me|di|ber|ter).{3,}kan|me(?:ng|ny|mb|mp|nd|nj|nt|nc).{3,}|di(?:beri|bawa|temu|hantar|rujuk).*"
)


class Token(NamedTuple):
    """A word, number or mark of a text, and where it stands."""

    text: str
    lower: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha()

    @property
    def has_capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def is_initial(self) -> bool:
        """Whether this is one capital letter, as in "S. Letchumi" and "Rita K.C."."""
        return len(self.text) == 1 and self.has_capital


def tokens_of(text: str, start: int, end: int) -> Iterator[Token]:
    """Yield the words, numbers and marks between two places of a text; a new line is a mark."""
    for match in _TOKEN.finditer(text, start, end):
        word = match.group()
        lower = word.lower()
        if not word.isalpha() and lower.endswith(("'s", "’s")):
            lower = lower[:-2]
        yield Token(word, lower, *match.span())


def name_end(tokens: Sequence[Token], begin: int) -> int:
    """Return where the name that begins here ends; `begin` itself if there is none."""
    end = here = begin
    while here < min(begin + MOST_PARTS, len(tokens)):
        if _belongs(tokens, here, is_begun=end > begin):
            end = here + 1
        elif not (end > begin and _joins(tokens, here)):
            break
        here += 1
    end = end if _is_name(tokens[begin:end]) else begin
    return max(end, _patronymic_end(tokens, begin))


def may_begin(tokens: Sequence[Token], here: int) -> bool:
    """Whether a word that mostly means something else begins a name here: "Sri" does in "Sri Wahyuni"."""
    token = tokens[here]
    is_initial = token.is_initial and here + 1 < len(tokens) and tokens[here + 1].text == "."
    is_first = token.has_capital and token.lower in words.FIRST_PARTS
    return (is_initial or is_first) and _is_followed(tokens, here)


def is_part(token: Token) -> bool:
    """Whether this may be a part of a name: a word with a capital that means nothing else."""
    if not token.has_capital or len(token.text) < 2:
        return False
    if token.lower in words.CONNECTORS or token.lower in words.NO_NAMES or token.lower in words.VICTIMS:
        return False
    if token.text.isupper() and (token.lower in words.ACRONYMS or _VERBS.fullmatch(token.lower)):
        return False
    return token.lower in words.LIKE_NOUNS or not _NOUN_ENDINGS.fullmatch(token.lower)


def may_be_inside(tokens: Sequence[Token], here: int) -> bool:
    """Whether this may stand in a name, with others beside it."""
    token = tokens[here]
    return (
        is_part(token)
        or token.lower in words.CONNECTORS
        or token.text == "@"
        or (token.has_capital and _is_ambiguous(token))
        or (token.text == "." and here > 0 and _is_shortened(tokens[here - 1]))
    )


def _belongs(tokens: Sequence[Token], here: int, *, is_begun: bool) -> bool:
    """Whether this word is a part of a name; `is_begun` if other parts stand before it.

    The words on both sides of "bin" are parts, whatever else they mean.
    """
    token = tokens[here]
    if is_part(token):
        return True
    if not token.is_word or token.lower in words.PATRONYMICS or token.lower in words.VICTIMS:
        return False
    if is_begun and tokens[here - 1].lower in words.PATRONYMICS:
        return token.has_capital or token.lower not in words.NO_NAMES
    if not token.has_capital:
        return False
    following = tokens[here + 1].lower if here + 2 < len(tokens) and tokens[here + 2].is_word else ""
    if following in words.PATRONYMICS or (
        following in words.MIDDLE_PARTS and token.lower in words.SMALL_WORDS
    ):
        return True
    return _is_ambiguous(token) and (is_begun or _is_followed(tokens, here))


def _is_ambiguous(token: Token) -> bool:
    """Whether a word with a capital may be a part of a name beside other parts; "TO" in capitals is none."""
    if token.is_initial:
        return True
    if token.text.isupper() and token.lower in words.SMALL_WORDS:
        return False
    return token.lower in words.AMBIGUOUS or token.lower in words.PARTICLES


def _is_followed(tokens: Sequence[Token], here: int) -> bool:
    """Whether another part of a name follows, after stops, initials and connectors at most: "A.K.M. Fazlul"."""
    for place in range(here + 1, min(here + 8, len(tokens))):
        token = tokens[place]
        if is_part(token):
            return True
        is_stop = token.text == "." and _is_shortened(tokens[place - 1])
        if not (is_stop or token.lower in words.CONNECTORS or (_is_ambiguous(token) and token.has_capital)):
            return False
    return False


def _joins(tokens: Sequence[Token], here: int) -> bool:
    """Whether this token may stand inside a name: "binti", an @, a hyphen, the stop of "Mohd."."""
    token, before = tokens[here], tokens[here - 1]
    if here + 1 >= len(tokens):
        return False
    after = tokens[here + 1]
    if token.text == ".":
        return _is_shortened(before) and (
            after.is_word and (after.has_capital or after.lower in words.CONNECTORS)
        )
    if token.lower in words.CONNECTORS or token.lower in words.ALIASES or token.text in ("@", "-"):
        is_patronymic = token.lower in words.PATRONYMICS and after.is_word
        return (
            is_patronymic
            or is_part(after)
            or after.lower in words.CONNECTORS
            or after.text == "."
            or after.is_initial
        )
    return False


def _is_shortened(token: Token) -> bool:
    return token.lower in words.SHORTENED or token.is_initial


def _patronymic_end(tokens: Sequence[Token], begin: int) -> int:
    """Return the end of a name such as "siti aminah binti mohd ali": up to three words, "binti", and one more.

    A word such as "mohd" does not end a name. `begin` itself if there is no such name.
    """
    for here in range(begin + 1, min(begin + 4, len(tokens) - 1)):
        before = tokens[here - 1]
        is_other_case = before.has_capital and not tokens[begin].has_capital
        if is_other_case or not before.is_word or (before.lower in words.NO_NAMES and not before.has_capital):
            return begin
        if tokens[here].lower in words.PATRONYMICS and tokens[here + 1].is_word:
            return _end_of_fathers_name(tokens, here + 1)
    return begin


def _end_of_fathers_name(tokens: Sequence[Token], here: int) -> int:
    """Return the end of what follows "binti": one word, and more while it cannot end a name."""
    while tokens[here].lower in words.FIRST_NAMES_OF_SEVERAL and here + 1 < len(tokens):
        following = here + 2 if tokens[here + 1].text == "." and here + 2 < len(tokens) else here + 1
        if not tokens[following].is_word or tokens[following].lower in words.NO_NAMES:
            break
        here = following
    return here + 1


def _is_name(parts: Sequence[Token]) -> bool:
    """Whether these parts together are a name: one word in capitals is an abbreviation."""
    is_named = any(map(is_part, parts)) or any(part.lower in words.MIDDLE_PARTS for part in parts[1:-1])
    return is_named and not (len(parts) == 1 and parts[0].text.isupper())

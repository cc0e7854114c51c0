"""Texts as the patterns read them, and what stands before and after a place in the same sentence."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from unicodedata import combining, normalize

#: The end of a sentence: a stop before a space, but not the one of "No. 3", "Kg. Baru" and "Pn. Siti".
_END = re.compile(
    r"(?<!\b[Nn]o)(?<!\b(?:Kg|Sg|Bt|En|Pn|Dr|Mr|Ms))(?<!\b(?:Jln|Tmn|Lrg|Sdr|Mrs|Mdm))[.!?;](?=\s)|\n"
)
#: Signs that look like a hyphen or a space, one for one. An en dash and an em dash also stand between words: patterns ask for them.
_ALIKE = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2212\ufe63\uff0d", "-")
    | dict.fromkeys(
        "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "
    )
)
#: Soft hyphens, signs without width, and those that turn the direction of a text.
_HIDDEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def plain_text(text: str) -> tuple[str, Sequence[int]]:
    """Return the text as patterns read it, and for each of its characters the place in the text as it is.

    Word processors and PDF files put hyphens and spaces that do not break, and signs that nobody sees, into numbers and
    names.
    """
    same = text.translate(_ALIKE)
    if not _HIDDEN.search(same):
        return same, range(len(same))
    places = [place for place, character in enumerate(same) if not _HIDDEN.match(character)]
    return "".join(same[place] for place in places), places


def before(text: str, place: int, reach: int) -> str:
    """Return at most `reach` characters before `place`, from the same sentence."""
    nearby = text[max(0, place - reach) : place]
    last = 0
    for end in _END.finditer(nearby):
        last = end.end()
    return nearby[last:]


def after(text: str, place: int, reach: int) -> str:
    """Return at most `reach` characters from `place` on, to the end of the sentence."""
    nearby = text[place : place + reach]
    end = _END.search(nearby)
    return nearby[: end.start()] if end else nearby


def sentence_around(text: str, start: int, end: int, reach: int) -> tuple[str, str]:
    """Return what stands before `start` and after `end` in the same sentence, at most `reach` characters each.

    Where the sentence goes on, "…" stands in the place of the rest, and of the half of a word.
    """
    # One character more than is shown tells whether anything is left out.
    earlier, later = before(text, start, reach + 1), after(text, end, reach + 1)
    if len(earlier) > reach:
        earlier = f"… {earlier.partition(' ')[2] or earlier[1:]}"
    if len(later) > reach:
        later = f"{later.rpartition(' ')[0] or later[:-1]} …"
    return earlier, later


#: "Tan Sri" and the like are one word: "Sri" is a part of names elsewhere. So are "Dato'" and "Dato' Haji".
_TOKEN = re.compile(
    r"(?P<title>\b(?:Tan|Dato[’']?|Datuk|Datin) (?:Seri|Sri|Wira|Paduka|Setia|Amar|Patinggi|Indera)\b)"
    r"|(?P<dato>\bDato[’'](?: (?:Haji|Hajah|Hj)\b)?(?!\w))"
    r"|\b[asd]/[lpok]\b|[^\W\d_]+(?:[’'-][^\W\d_]+)*|\d+|[^\w\s]|\n",
    re.IGNORECASE,
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


def unaccented(word: str) -> str:
    """Return a word as the lists have it: "nguyen" for "nguyễn"."""
    if word.isascii():
        return word
    parts = normalize("NFD", word.replace("đ", "d"))
    return "".join(part for part in parts if not combining(part))


def tokens_of(text: str, start: int, end: int) -> Iterator[Token]:
    """Yield the words, numbers and marks between two places of a text; a new line is a mark."""
    for match in _TOKEN.finditer(text, start, end):
        word = match.group()
        if match["title"] or match["dato"]:
            lower = "datuk" if match["title"] else "dato'"
        else:
            lower = unaccented(word.lower())
        if not word.isalpha() and lower.endswith(("'s", "’s")):
            lower = lower[:-2]
        yield Token(word, lower, *match.span())

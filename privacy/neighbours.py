"""Names known by what stands beside them, without a word for a victim.

A form of address ("Adik Balqis"), an age ("Siti, 14 tahun"), a village, the number of a file before the bracket, a
nickname, a family ("kakaknya Noraini"), "bin", or two words of which people's names are made. Names of officers, judges
and offenders are left alone, as in `privacy.names`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import takewhile

from privacy import words
from privacy.kinds import Finding, IdentityKind
from privacy.text import Token, tokens_of

_ENDS = frozenset(".!?;\n")
_QUOTES = frozenset("\"'“”‘’")
#: How many tokens before a name may say that it is an offender's, and an officer's.
_NEAR, _LOOK_BACK = 3, 10
#: How many tokens before a bracket may say that the number before it is a file's.
_FILE_REACH = 14


@cache
def given_names() -> frozenset[str]:
    """Return the words of which people's names are made."""
    lines = resources.files("privacy").joinpath("data/given_names.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def find_names_by_neighbours(text: str, name_end: Callable[[Sequence[Token], int], int]) -> Iterator[Finding]:
    """Yield names that their neighbours show; `name_end` says where the name that begins at a place ends."""
    tokens = list(tokens_of(text, 0, len(text)))
    place = found_end = 0
    while place < len(tokens):
        end = name_end(tokens, place) if _may_start(tokens, place) else place
        if end == place and _is_addressed(tokens, place, end) and tokens[place].lower in given_names():
            end = place + 1  # "puan siti", in small letters
        if end == place:
            place += 1
            continue
        if _is_shown(tokens, place, end) or (found_end and _continues(tokens, found_end, place, end)):
            yield Finding(tokens[place].start, tokens[end - 1].end, IdentityKind.NAME)
            found_end = end
        place = end


def _may_start(tokens: Sequence[Token], place: int) -> bool:
    """Whether a name may begin here: no form of address, no word for a person, no small letters."""
    token = tokens[place]
    if token.is_initial:
        return tokens[place + 1 : place + 2] != [] and tokens[place + 1].text == "."
    if token.lower in words.NO_STARTS or token.lower in words.HONORIFICS or not token.is_word:
        return False
    # After "encik" also in small letters: `name_end` finds the father's name in "encik ramli bin daud".
    return token.has_capital or (place > 0 and tokens[place - 1].lower in words.HONORIFICS)


def _is_shown(tokens: Sequence[Token], begin: int, end: int) -> bool:
    """Whether what stands around these words, or they themselves, show that they are a person's name."""
    name = tokens[begin:end]
    is_of_father = any(token.lower in words.OF_FATHERS for token in name[1:-1])
    if _is_mentioned(tokens, begin) or _is_of_a_company(name, tokens[end : end + 4]):
        return False
    if any(shows(tokens, begin, end) for shows in _OF_ANYBODY):
        return True
    if _is_of_another(tokens, begin):
        return False
    return is_of_father or _is_full_name(name) or any(shows(tokens, begin, end) for shows in _OF_OTHERS)


def _is_mentioned(tokens: Sequence[Token], begin: int) -> bool:
    """Whether a comment calls a colleague here, "@Nor Azlina"."""
    return begin > 0 and tokens[begin - 1].text == "@" and tokens[begin - 1].end == tokens[begin].start


def _is_of_a_company(name: Sequence[Token], following: Sequence[Token]) -> bool:
    whole = [*name, *takewhile(_is_inside, following)]
    return any(token.lower in words.COMPANIES for token in whole)


def _is_inside(token: Token) -> bool:
    return token.is_word and token.has_capital


def _is_of_another(tokens: Sequence[Token], begin: int) -> bool:
    """Whether this is the name of an officer, an offender, a place or a house, or the end of something longer."""
    if begin == 0:
        return False
    before = tokens[begin - 1]
    if before.lower in words.INSTITUTIONS and before.has_capital:
        return True
    return _is_end_of_longer(tokens, begin) or _is_offenders(tokens, begin) or _is_officers(tokens, begin)


def _is_end_of_longer(tokens: Sequence[Token], begin: int) -> bool:
    """Whether a word with a capital stands right before, within its sentence, that is not said of a person."""
    before = tokens[begin - 1]
    is_first = begin == 1 or tokens[begin - 2].text in _ENDS
    if is_first or not before.has_capital:
        return before.lower in words.PLACES
    return before.lower not in words.OF_PEOPLE


def _is_offenders(tokens: Sequence[Token], begin: int) -> bool:
    """Whether the nearest of few words before that is said of a person or a thing is "suspek" or the like."""
    for token in reversed(tokens[max(0, begin - _NEAR) : begin]):
        if token.text in _ENDS or token.lower in words.OF_PEOPLE:
            return False
        if token.lower in words.OTHERS and token.text != "rumah":
            return True
    return False


def _is_officers(tokens: Sequence[Token], begin: int) -> bool:
    """Whether a rank or post leads to the name: "Menteri Sumber Manusia, X", but not "TPR memanggil X"."""
    for token in reversed(tokens[max(0, begin - _LOOK_BACK) : begin]):
        if token.lower in words.RANKS:
            return True
        is_between = token.has_capital or token.text in ",." or token.lower in words.OF_POSTS
        if not is_between or (token.lower in words.OF_PEOPLE and not token.has_capital):
            return False
    return False


def _is_known(name: Sequence[Token]) -> bool:
    """Whether these are two words or more, or one that is a name and nothing else."""
    return len(name) > 1 or name[0].lower in given_names()


def _is_full_name(name: Sequence[Token]) -> bool:
    """Whether the name has two words or more, and people's names are made of at least one of the first two."""
    parts = [token for token in name if token.is_word]
    return len(parts) > 1 and any(map(_is_given, parts[:3]))


def _is_given(token: Token) -> bool:
    """Whether people's names are made of this word; "NGO" in capitals is no Ngo."""
    is_acronym = token.text.isupper() and token.lower in words.ACRONYMS
    return token.lower in given_names() and not is_acronym


def _is_addressed(tokens: Sequence[Token], begin: int, _end: int) -> bool:
    """Whether "Encik", "Pn.", "Adik" or the like stands right before."""
    here = begin - 1
    if here > 0 and tokens[here].text == ".":
        here -= 1
    if here < 0 or tokens[here].lower not in words.HONORIFICS:
        return False
    before = tokens[max(0, here - 1)]
    is_place = before.lower in words.INSTITUTIONS and before.has_capital  # "Kampung Tok Bali"
    return here == 0 or not (is_place or before.lower in words.RANKS)


def _is_named(tokens: Sequence[Token], begin: int, _end: int) -> bool:
    """Whether "Nama:", "nama sebenar ialah" or "real name is" stands right before."""
    before = [token.lower for token in tokens[max(0, begin - 4) : begin]]
    while before and before[-1] in (":", "ialah", "adalah", "iaitu", "is", "was"):
        before.pop()
    is_real = before[-2:-1] in (["nama"], ["real"], ["true"]) and before[-1] in words.REAL
    return is_real or (before[-1:] == ["nama"] and tokens[begin - 1].text == ":")


def _is_before_age(tokens: Sequence[Token], begin: int, end: int) -> bool:
    """Whether ", 14 tahun", "(23)", ", 31," or "berumur 9 tahun" follows."""
    following = _Words(tokens[end : end + 6])
    is_apart = following.skip(",", "(")
    following.skip("yang")
    is_told = following.skip("berumur", "berusia", "aged", "umur")
    if not _is_age(following.next()):
        return False
    name = tokens[begin:end]
    if following.skip("tahun", "thn", "years", "year", "yrs") or is_told:
        is_shown = _is_known(name) or (is_apart and not _is_of_another(tokens, begin))
        return is_shown and not following.skip("penjara")
    is_of_people = any(token.lower in given_names() for token in name)
    return is_apart and is_of_people and following.skip(")", ",") and not _is_of_another(tokens, begin)


def _is_age(word: str) -> bool:
    return word.isascii() and word.isdigit() and 0 < int(word[:4]) < 100


class _Words:
    """Words read from left to right."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._left = [token.lower for token in reversed(tokens)]

    def skip(self, *words: str) -> bool:
        """Whether one of these is the next word; it is then behind."""
        is_next = bool(self._left) and self._left[-1] in words
        if is_next:
            self._left.pop()
        return is_next

    def next(self) -> str:
        """Return the next word, or nothing at the end."""
        return self._left.pop() if self._left else ""


def _is_behind_a_file(tokens: Sequence[Token], begin: int, end: int) -> bool:
    """Whether the name stands in brackets, or between dashes, behind the number of a file or case."""
    if not _is_known(tokens[begin:end]):
        return False
    if begin < 2 or tokens[begin - 1].text not in "(–—-" or not tokens[begin - 2].text.isdigit():
        return False
    earlier = tokens[max(0, begin - _FILE_REACH) : begin - 2]
    is_file = any(token.text == "/" or token.lower in words.FILES for token in earlier)
    return is_file and end < len(tokens) and tokens[end].text in ")–—-,"


def _is_beside_nickname(tokens: Sequence[Token], begin: int, end: int) -> bool:
    """Whether the name stands in brackets behind words in quotes."""
    is_bracketed = (
        begin > 1 and tokens[begin - 1].text == "(" and end < len(tokens) and tokens[end].text == ")"
    )
    return is_bracketed and tokens[begin - 2].text in _QUOTES and _is_known(tokens[begin:end])


def _is_of_family(tokens: Sequence[Token], begin: int, end: int) -> bool:
    """Whether a word for a relative, a witness or a worker stands right before, or a comma or bracket behind it."""
    here = begin - 1
    is_apart = here > 0 and tokens[here].text in ",(:"
    if is_apart:
        here -= 1
    for token in reversed(tokens[max(0, here - 2) : here + 1]):
        if token.lower in words.RELATIVES:
            break
        if not token.is_word or token.lower not in words.BESIDE_RELATIVES:
            return False
    else:
        return False
    is_closed = end < len(tokens) and tokens[end].text in ",)("
    return _is_known(tokens[begin:end]) or (
        is_closed if is_apart else tokens[begin - 1].lower in words.RELATIVES
    )


def _is_from_village(tokens: Sequence[Token], begin: int, end: int) -> bool:
    """Whether "dari Kampung" or the like follows the name."""
    following = [token.lower for token in tokens[end : end + 4] if token.text not in ","]
    while following and following[0] in ("berasal", "asal", "dari", "from", "of", "tinggal", "di"):
        if following[1:2] and following[1] in words.VILLAGES:
            return _is_known(tokens[begin:end])
        following = following[1:]
    return False


def _continues(tokens: Sequence[Token], found_end: int, begin: int, end: int) -> bool:
    """Whether the name stands in one list with the one before."""
    between = tokens[found_end:begin]
    is_list = 0 < len(between) < 3 and all(
        token.lower in (",", "dan", "and", "serta", "&") for token in between
    )
    return is_list and _is_known(tokens[begin:end])


#: What shows anybody's name, and what one that is no officer's, offender's or place's.
_OF_ANYBODY = (_is_addressed, _is_named, _is_before_age, _is_behind_a_file, _is_beside_nickname)
_OF_OTHERS = (_is_of_family, _is_from_village)

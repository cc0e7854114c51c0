"""Names known by what stands beside them, without a word for a victim.

A form of address ("Adik Balqis"), an age ("Siti, 14 tahun"), a village, the number of a file before the bracket, a
nickname, a family ("kakaknya Noraini"), "bin", or two words of which people's names are made. Names of officers, judges
and offenders are left alone, as in `privacy.names`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

from privacy import words
from privacy.kinds import Finding, IdentityKind
from privacy.text import Token, tokens_of

_ENDS = frozenset(".!?;\n")
#: So many words in small letters are one name at most.
_MOST_SMALL = 5
_AND = frozenset(["dan", "and", "serta", "&"])
_QUOTES = frozenset("\"'“”‘’")
#: What stands behind a name of one word that is set apart: "his sisters, Ana and Maria".
_CLOSES = frozenset([",", ")", "(", *_AND])
#: How many tokens before a name may say that it is an offender's, and an officer's.
_NEAR, _LOOK_BACK = 3, 10
#: How many tokens before a bracket may say that the number before it is a file's.
_FILE_REACH = 14


def find_names_by_neighbours(text: str, name_end: Callable[[Sequence[Token], int], int]) -> Iterator[Finding]:
    """Yield names that their neighbours show; `name_end` says where the name that begins at a place ends."""
    tokens = list(tokens_of(text, 0, len(text)))
    place = found_end = 0
    while place < len(tokens):
        end = name_end(tokens, place) if _may_start(tokens, place) else place
        if end == place and _is_addressed(tokens, place, end):
            end += words.count_given_names(
                token.lower for token in tokens[place : place + _MOST_SMALL]
            )  # "puan siti", in small letters
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
    is_of_post = _is_titled(tokens, begin) and _begins_post(tokens, end + 1)
    if is_of_post or _is_of_another(tokens, begin):
        return False
    return is_of_father or _is_full_name(name) or any(shows(tokens, begin, end) for shows in _OF_OTHERS)


def _is_mentioned(tokens: Sequence[Token], begin: int) -> bool:
    """Whether a comment calls a colleague here, "@Nor Azlina"."""
    return begin > 0 and tokens[begin - 1].text == "@" and tokens[begin - 1].end == tokens[begin].start


def _is_of_a_company(name: Sequence[Token], following: Sequence[Token]) -> bool:
    """Whether the words of a company or a house are in the name or behind it: "Abdul Rahman Hall"."""
    whole = [*name, *takewhile(_is_inside, following)]
    # In a text of capitals anything may stand behind a name.
    return any(
        token.lower in words.COMPANIES or (token.lower in words.HOUSES and not token.text.isupper())
        for token in whole
    )


def _is_inside(token: Token) -> bool:
    return token.is_word and token.has_capital


def _is_of_another(tokens: Sequence[Token], begin: int) -> bool:
    """Whether this is the name of an officer, an offender, a place or a house, or the end of something longer."""
    here = begin - _is_titled(tokens, begin)
    if here == 0:
        return False
    address = _address_place(tokens, begin)
    before = (
        tokens[here - 4] if here > 3 and tokens[here - 1].text == ")" else tokens[here - 1]
    )  # "SJK(C) Yoke Nam"
    if before.lower in words.INSTITUTIONS and before.has_capital:
        return True
    if address is not None and _is_of_a_place(tokens, address):
        return True
    return _is_end_of_longer(tokens, here) or _is_offenders(tokens, begin) or _is_officers(tokens, begin)


def _is_titled(tokens: Sequence[Token], begin: int) -> bool:
    """Whether "Dato'" stands right before: of an officer only if a post stands beside it."""
    return begin > 0 and tokens[begin - 1].lower == "dato'"


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
    return len(name) > 1 or name[0].lower in words.given_names()


def _is_full_name(name: Sequence[Token]) -> bool:
    """Whether the name has two words or more, and people's names are made of at least one of the first two."""
    parts = [token for token in name if token.is_word]
    return len(parts) > 1 and any(map(_is_given, parts[:3]))


def _is_given(token: Token) -> bool:
    """Whether people's names are made of this word; "NGO" in capitals is no Ngo."""
    is_acronym = token.text.isupper() and token.lower in words.ACRONYMS
    return token.lower in words.given_names() and not is_acronym


def _is_addressed(tokens: Sequence[Token], begin: int, end: int) -> bool:
    """Whether "Encik", "Pn.", "Adik" or the like stands right before."""
    here = _address_place(tokens, begin)
    if here is None or (here > 0 and tokens[here - 1].lower in words.RANKS):
        return False
    return not (_is_of_a_place(tokens, here) or _is_of_a_post(tokens, begin, end))


def _address_place(tokens: Sequence[Token], begin: int) -> int | None:
    """Return where the form of address right before the name stands, with or without a stop."""
    here = begin - 1
    if here > 0 and tokens[here].text == ".":
        here -= 1
    return here if here >= 0 and tokens[here].lower in words.HONORIFICS else None


def _is_of_a_place(tokens: Sequence[Token], here: int) -> bool:
    """Whether the form of address here is part of a place's name: "Kampung Tok Bali", "Sekolah Kebangsaan Puan Siti".

    In a text of capitals the word right before it alone tells.
    """
    most = 1 if tokens[here].text.isupper() else _LOOK_BACK
    earlier = takewhile(_is_inside, reversed(tokens[max(0, here - most) : here]))
    return any(token.lower in words.INSTITUTIONS for token in earlier)


def _is_of_a_post(tokens: Sequence[Token], begin: int, end: int) -> bool:
    """Whether these words are a post, or begin one: "Investigating" in "Encik Investigating Officer"."""
    return _begins_post(tokens, begin) and not any(map(_is_given, tokens[begin:end]))


def _begins_post(tokens: Sequence[Token], begin: int) -> bool:
    """Whether one of the next words, all with a capital, is that of a post."""
    return any(token.lower in words.POSTS for token in takewhile(_is_inside, tokens[begin : begin + 4]))


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
    is_of_people = any(token.lower in words.given_names() for token in name)
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
    following = tokens[end].lower if end < len(tokens) else ""
    return _is_known(tokens[begin:end]) or (
        following in _CLOSES
        if is_apart
        else tokens[begin - 1].lower in words.RELATIVES and not following.isdigit()  # "murid Tingkatan 4"
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
    is_list = 0 < len(between) < 3 and all(token.text == "," or token.lower in _AND for token in between)
    return is_list and _is_known(tokens[begin:end])


def _shares_a_name(tokens: Sequence[Token], begin: int, end: int) -> bool:
    """Whether a family's name behind "and" is this one's too: "Ana and Maria Bulaklak"."""
    if end - begin != 1 or end == len(tokens) or tokens[end].lower not in _AND:
        return False
    other = list(takewhile(_is_inside, tokens[end + 1 : end + 5]))
    return len(other) > 1 and (_is_given(tokens[begin]) or _is_given(other[0]))


#: What shows anybody's name, and what one that is no officer's, offender's or place's.
_OF_ANYBODY = (_is_addressed, _is_named, _is_before_age, _is_behind_a_file, _is_beside_nickname)
_OF_OTHERS = (_is_of_family, _is_from_village, _shares_a_name)

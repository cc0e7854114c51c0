"""Names of people that texts call victims: "mangsa Siti Rahayu", "a girl named Rina", "Rohani binti Salleh, a victim".

Names of others (officers, judges, offenders) are not looked for: reports name them rightly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from privacy import words
from privacy.kinds import Finding, IdentityKind

_TOKEN = re.compile(r"\b[asd]/[lpo]\b|[^\W\d_]+(?:[’'-][^\W\d_]+)*|\d+|[^\w\s]|\n", re.IGNORECASE)
#: A person's name is looked for around these words alone, so many characters before and after.
_CUES = words.VICTIMS | words.PERSONS | words.NAMERS
_CUE = re.compile(rf"\b(?:{'|'.join(sorted(_CUES))})\b")
_REACH_BEFORE, _REACH_AFTER = 120, 240
_ENDS = frozenset(".!?;\n")
#: How many tokens may stand between a victim and the name, and between a person and "named".
_MOST_FILLERS = 8
_MOST_PARTS = 8
_MOST_BEFORE_APPOSITION = 12
_BETWEEN = frozenset(",:(\"'“”‘’–—-)")
_ARTICLES = frozenset(["a", "an", "the", "seorang", "iaitu"])
#: After "Rohani binti Salleh, a victim": what may follow so that it is said of her.
_AFTER_APPOSITION = frozenset([",", ")", ".", "in", "of", "dalam", "kes", "pertama", "kedua", "ketiga"])
_NOUN_ENDINGS = re.compile(
    r"(?:pe|ke).{3,}an|.{3,}(?:tions?|sions?|ments?|ness|ships?|ances?|ences?)|.{4,}ed"
)
_NAMES_LIKE_NOUNS = frozenset(
    ["clement", "constance", "prudence", "florence", "terrance", "mohamed", "muhamed"]
)


class _Token(NamedTuple):
    text: str
    lower: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha()


def find_names(text: str) -> Iterator[Finding]:
    """Yield what seem to be names of victims, and of others of whom only "named" tells."""
    for start, end in _surroundings(text):
        yield from _names_in(list(_tokens(text, start, end)))


def _surroundings(text: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of the text in which a victim or a person is spoken of, as start and end."""
    start = end = 0
    lowered = text.lower()
    for cue in _CUE.finditer(lowered if len(lowered) == len(text) else text):
        if cue.start() - _REACH_BEFORE > end:
            if end:
                yield start, end
            start = max(cue.start() - _REACH_BEFORE, 0)
        end = min(cue.end() + _REACH_AFTER, len(text))
    if end:
        yield start, end


def _tokens(text: str, start: int, end: int) -> Iterator[_Token]:
    for match in _TOKEN.finditer(text, start, end):
        word = match.group()
        lower = word.lower()
        if not word.isalpha() and lower.endswith(("'s", "’s")):
            lower = lower[:-2]
        yield _Token(word, lower, *match.span())


def _names_in(tokens: Sequence[_Token]) -> Iterator[Finding]:
    after = 0
    for place, token in enumerate(tokens):
        # A word inside a name that was found is no cue. Each list of names is then walked once, however long it is.
        if place < after or token.lower not in _CUES:
            continue
        is_victim = token.lower in words.VICTIMS
        begin = _name_before(tokens, place) if is_victim else None
        if begin is not None and begin >= after:
            after = _name_end(tokens, begin)
            yield _finding(tokens, begin, after)
        for begin, end in _names_behind(tokens, place, is_victim=is_victim):
            if begin >= after:
                yield _finding(tokens, begin, end)
                after = end


def _names_behind(tokens: Sequence[_Token], place: int, *, is_victim: bool) -> Iterator[tuple[int, int]]:
    """Yield the place and the end of each name that the word at `place` leads to."""
    word = tokens[place].lower
    if is_victim or (word in words.NAMERS and _is_of_person(tokens, place)):
        yield from _names_after(tokens, place + 1)
    elif word not in words.PERSONS:
        return
    yield from _names_in_apposition(tokens, place + 1)


def _finding(tokens: Sequence[_Token], begin: int, end: int) -> Finding:
    return Finding(tokens[begin].start, tokens[end - 1].end, IdentityKind.NAME)


def _is_of_person(tokens: Sequence[_Token], place: int) -> bool:
    """Whether the word nearest before "named" that can have a name is a person who must not be named."""
    for token in reversed(tokens[max(0, place - _MOST_FILLERS) : place]):
        if token.text in _ENDS or token.lower in words.OTHERS:
            return False
        if token.lower in words.PERSONS:
            return True
    return False


def _names_after(tokens: Sequence[_Token], place: int) -> Iterator[tuple[int, int]]:
    """Yield the place and the end of each name that follows: one, or several with commas and "and" between."""
    begin = _skip_fillers(tokens, place)
    while (end := _name_end(tokens, begin)) > begin:
        yield begin, end
        begin = end
        while begin < len(tokens) and tokens[begin].lower in (",", "dan", "and", "serta", "&"):
            begin += 1
        if begin == end:
            return


def _names_in_apposition(tokens: Sequence[_Token], place: int) -> Iterator[tuple[int, int]]:
    """Yield a name of two or more parts between commas or brackets, as in "the victim of the case, Wulan Sari, left"."""
    for here in range(place, min(place + _MOST_BEFORE_APPOSITION, len(tokens) - 1)):
        token = tokens[here]
        if token.text in _ENDS or token.lower in words.OTHERS:
            return
        if token.text in ",(":
            end = _name_end(tokens, here + 1)
            if end > here + 2 and end < len(tokens) and tokens[end].text in ",()":
                yield here + 1, end
                return


def _skip_fillers(tokens: Sequence[_Token], place: int) -> int:
    """Return the place of the first token that may begin a name."""
    for here in range(place, min(place + _MOST_FILLERS, len(tokens))):
        token = tokens[here]
        is_stop = token.text == "." and tokens[here - 1].lower in words.SHORTENED | words.TITLES
        is_skipped = (
            token.text in _BETWEEN
            or token.text.isdigit()
            or token.lower in words.TITLES
            or token.lower in words.NATIONALITIES
            or token.lower in words.FILLERS
        )
        if not (is_stop or is_skipped):
            return here
    return min(place + _MOST_FILLERS, len(tokens))


def _name_end(tokens: Sequence[_Token], begin: int) -> int:
    """Return where the name that begins here ends; `begin` itself if there is none."""
    if (end := _small_letters_end(tokens, begin)) > begin:
        return end
    end = here = begin
    while here < min(begin + _MOST_PARTS, len(tokens)):
        token = tokens[here]
        if _is_part(token) or (token.lower in words.AMBIGUOUS and _is_inside(tokens, begin, here)):
            end = here + 1
        elif not (end > begin and _joins(tokens, here)):
            break
        here += 1
    return end if _is_name(tokens[begin:end]) else begin


def _small_letters_end(tokens: Sequence[_Token], begin: int) -> int:
    """Return the end of a name such as "siti binti ali": a word or two, "binti", and one more."""
    for here in range(begin + 1, min(begin + 4, len(tokens) - 1)):
        if not tokens[here - 1].text.islower() or tokens[here - 1].lower in words.NO_NAMES:
            return begin
        if tokens[here].lower in words.PATRONYMICS and tokens[here + 1].is_word:
            return here + 2
    return begin


def _is_inside(tokens: Sequence[_Token], begin: int, here: int) -> bool:
    """Whether a word that may be a part of a name stands after or before one that is."""
    follows = here > begin and _is_part(tokens[here - 1])
    return tokens[here].text[0].isupper() and (
        follows or (here + 1 < len(tokens) and _is_part(tokens[here + 1]))
    )


def _joins(tokens: Sequence[_Token], here: int) -> bool:
    """Whether this token may stand inside a name: "binti", an @, a hyphen, the stop of "Mohd."."""
    token = tokens[here]
    if token.lower in words.CONNECTORS or token.text in ("@", "-"):
        return here + 1 < len(tokens) and (
            _is_part(tokens[here + 1])
            or tokens[here + 1].lower in words.CONNECTORS
            or tokens[here + 1].text == "."
        )
    return token.text == "." and tokens[here - 1].lower in words.SHORTENED


def _is_part(token: _Token) -> bool:
    """Whether this may be a part of a name: a word with a capital that means nothing else."""
    if not token.text[0].isupper() or len(token.text) < 2:
        return False
    if token.lower in words.CONNECTORS or token.lower in words.NO_NAMES or token.lower in words.VICTIMS:
        return False
    if token.text.isupper() and token.lower in words.ACRONYMS:
        return False
    return token.lower in _NAMES_LIKE_NOUNS or not _NOUN_ENDINGS.fullmatch(token.lower)


def _is_name(parts: Sequence[_Token]) -> bool:
    """Whether these parts together are a name: one word in capitals is an abbreviation."""
    return bool(parts) and not (len(parts) == 1 and parts[0].text.isupper())


def _name_before(tokens: Sequence[_Token], place: int) -> int | None:
    """Return where the name in "Rohani binti Salleh, a victim" begins; the victim stands at `place`.

    A name of one word is not looked for here: it may be any first word of a sentence.
    """
    if place + 1 < len(tokens) and tokens[place + 1].lower not in _AFTER_APPOSITION:
        return None
    end = place - 1
    while end >= 0 and tokens[end].lower in _ARTICLES:
        end -= 1
    if end < 1 or tokens[end].text not in ",(":
        return None
    begin = _first_part(tokens, end)
    is_whole = end - begin >= 2 and _name_end(tokens, begin) == end
    return begin if is_whole and not _follows_capital(tokens, begin) else None


def _first_part(tokens: Sequence[_Token], end: int) -> int:
    """Return where the words that may be one name begin, of those right before `end`."""
    begin = end
    while begin > 0 and end - begin < _MOST_PARTS and _may_be_inside(tokens[begin - 1]):
        begin -= 1
    while begin < end and not _is_part(tokens[begin]):
        begin += 1
    return begin


def _follows_capital(tokens: Sequence[_Token], begin: int) -> bool:
    """Whether another word with a capital stands right before: then this is the end of something longer."""
    return begin > 0 and tokens[begin - 1].is_word and tokens[begin - 1].text[0].isupper()


def _may_be_inside(token: _Token) -> bool:
    return _is_part(token) or token.lower in words.CONNECTORS or token.text == "@"

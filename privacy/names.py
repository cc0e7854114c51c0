"""Names of people that texts call victims: "mangsa Siti Rahayu", "a girl named Rina", "Rohani binti Salleh, a victim".

Names of others (officers, judges, offenders) are not looked for: reports name them rightly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from privacy import words
from privacy.kinds import Finding, IdentityKind
from privacy.name_parts import MOST_PARTS, Token, may_be_inside, may_begin, name_end, tokens_of

#: A person's name is looked for around these words alone, so many characters before and after.
_CUES = words.VICTIMS | words.PERSONS | words.NAMERS
_CUE = re.compile(rf"\b(?:{'|'.join(sorted(_CUES))})\b")
_REACH_BEFORE, _REACH_AFTER = 200, 1000
_ENDS = frozenset(".!?;\n")
#: How many tokens may stand between a victim and the name, and between a person and "named".
_MOST_FILLERS = 8
_MOST_BEFORE_APPOSITION = 12
_BETWEEN = frozenset(",:(\"'“”‘’–—-)")
_ARTICLES = frozenset(["a", "an", "the", "seorang", "iaitu"])
#: After "Rohani binti Salleh, a victim": what may follow so that it is said of her.
_AFTER_APPOSITION = frozenset([",", ")", ".", "in", "of", "dalam", "kes", "pertama", "kedua", "ketiga"])


def find_names(text: str) -> Iterator[Finding]:
    """Yield what seem to be names of victims, and of others of whom only "named" tells."""
    for start, end in _surroundings(text):
        yield from _names_in(list(tokens_of(text, start, end)))


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


def _names_in(tokens: Sequence[Token]) -> Iterator[Finding]:
    after = 0
    for place, token in enumerate(tokens):
        # A word inside a name that was found is no cue. Each list of names is then walked once, however long it is.
        if place < after or token.lower not in _CUES:
            continue
        is_victim = token.lower in words.VICTIMS
        begin = _name_before(tokens, place) if is_victim else None
        if begin is not None and begin >= after:
            after = name_end(tokens, begin)
            yield _finding(tokens, begin, after)
        for begin, end in _names_behind(tokens, place, is_victim=is_victim):
            if begin >= after:
                yield _finding(tokens, begin, end)
                after = end


def _names_behind(tokens: Sequence[Token], place: int, *, is_victim: bool) -> Iterator[tuple[int, int]]:
    """Yield the place and the end of each name that the word at `place` leads to."""
    word = tokens[place].lower
    if is_victim or (word in words.NAMERS and _is_of_person(tokens, place)):
        yield from _names_after(tokens, place + 1)
    elif word not in words.PERSONS:
        return
    yield from _names_in_apposition(tokens, place + 1)


def _finding(tokens: Sequence[Token], begin: int, end: int) -> Finding:
    return Finding(tokens[begin].start, tokens[end - 1].end, IdentityKind.NAME)


def _is_of_person(tokens: Sequence[Token], place: int) -> bool:
    """Whether the word nearest before "named" that can have a name is a person who must not be named."""
    for token in reversed(tokens[max(0, place - _MOST_FILLERS) : place]):
        if token.text in _ENDS or token.lower in words.OTHERS:
            return False
        if token.lower in words.PERSONS:
            return True
    return False


def _names_after(tokens: Sequence[Token], place: int) -> Iterator[tuple[int, int]]:
    """Yield the place and the end of each name that follows: one, or several with commas and "and" between."""
    begin = _skip_fillers(tokens, place)
    while (end := name_end(tokens, begin)) > begin:
        yield begin, end
        begin = end
        while begin < len(tokens) and tokens[begin].lower in (",", "dan", "and", "serta", "&"):
            begin += 1
        if begin == end:
            return


def _names_in_apposition(tokens: Sequence[Token], place: int) -> Iterator[tuple[int, int]]:
    """Yield a name of two or more parts between commas or brackets, as in "the victim of the case, Wulan Sari, left"."""
    for here in range(place, min(place + _MOST_BEFORE_APPOSITION, len(tokens) - 1)):
        token = tokens[here]
        if token.text in _ENDS or token.lower in words.OTHERS:
            return
        if token.text in ",(":
            end = name_end(tokens, here + 1)
            if end > here + 2 and end < len(tokens) and tokens[end].text in ",()":
                yield here + 1, end
                return


def _skip_fillers(tokens: Sequence[Token], place: int) -> int:
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
        if not (is_stop or is_skipped) or may_begin(tokens, here):
            return here
    return min(place + _MOST_FILLERS, len(tokens))


def _name_before(tokens: Sequence[Token], place: int) -> int | None:
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
    is_whole = end - begin >= 2 and name_end(tokens, begin) == end
    return begin if is_whole and not _follows_capital(tokens, begin) else None


def _first_part(tokens: Sequence[Token], end: int) -> int:
    """Return where the words that may be one name begin, of those right before `end`."""
    begin = end
    while begin > 0 and end - begin < MOST_PARTS and may_be_inside(tokens, begin - 1):
        begin -= 1
    while begin < end and not tokens[begin].has_capital:
        begin += 1
    return begin


def _follows_capital(tokens: Sequence[Token], begin: int) -> bool:
    """Whether another word with a capital stands right before: then this is the end of something longer."""
    return begin > 0 and tokens[begin - 1].has_capital

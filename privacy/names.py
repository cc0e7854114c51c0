"""Names of people that texts call victims: "mangsa Siti Rahayu", "a girl named Rina", "Rohani binti Salleh, a victim".

Names of others (officers, judges, offenders) are not looked for: reports name them rightly. A name must be found whole:
half a name that is left after redaction still tells who the person is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from privacy import words
from privacy.kinds import Finding, IdentityKind
from privacy.text import Token, tokens_of

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
_BEFORE_APPOSITION = (
    _ARTICLES | words.NATIONALITIES | {"warga", "warganegara", "rakyat", "domestic", "migrant", "foreign"}
)
#: What leads to the name of a place, as in "di Hulu Langat, seorang wanita".
_TO_PLACES = frozenset(["di", "ke", "dari", "daripada", "in", "at", "to", "from", "near", "of"])
#: After "Rohani binti Salleh, a victim": what may follow so that it is said of her.
_AFTER_APPOSITION = frozenset(
    [",", ")", ".", "in", "of", "from", "who", "dalam", "dari", "yang", "kes", "pertama", "kedua", "ketiga"]
)
#: What may stand between two parts of a name.
_JOINTS = words.CONNECTORS | words.ALIASES | {"@", "-"}
#: No name has more words, connectors and stops than these: it bounds the walk.
_MOST_PARTS = 20
_NOUN_ENDINGS = re.compile(
    r"(?:pe|ke).{3,}an|.{3,}(?:tions?|sions?|ments?|ness|ships?|ances?|ences?)|.{4,}ed"
)
#: Verbs by their form, for texts in capitals alone: with small letters no verb looks like a name.
_VERBS = re.compile(
    r"(?:me|di|ber|ter).{3,}kan|me(?:ng|ny|mb|mp|nd|nj|nt|nc).{3,}|di(?:beri|bawa|temu|hantar|rujuk).*"
)


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
        begin = _name_before(tokens, place)
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
        yield from _names_after(tokens, place + 1) if is_victim else _names_called(tokens, place + 1)
    elif word not in words.PERSONS:
        return
    yield from _names_in_apposition(tokens, place + 1)


def _finding(tokens: Sequence[Token], begin: int, end: int) -> Finding:
    return Finding(tokens[begin].start, tokens[end - 1].end, IdentityKind.NAME)


def _is_of_person(tokens: Sequence[Token], place: int) -> bool:
    """Whether the word nearest before "named" that can have a name is a person who must not be named."""
    for here in range(place - 1, max(0, place - _MOST_FILLERS) - 1, -1):
        token = tokens[here]
        if token.text in _ENDS or (token.lower in words.OTHERS and not _is_of_helper(tokens, here)):
            return False
        if token.lower in words.PERSONS:
            return True
    return False


def _is_of_helper(tokens: Sequence[Token], place: int) -> bool:
    """Whether "rumah" stands here for a domestic helper, "pembantu rumah", and for no house."""
    return tokens[place].lower == "rumah" and place > 0 and tokens[place - 1].lower == "pembantu"


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


def _names_called(tokens: Sequence[Token], place: int) -> Iterator[tuple[int, int]]:
    """Yield the names that follow "named"; one in small letters, too, of words of which names are made, or after "bernama"."""
    if found := list(_names_after(tokens, place)):
        yield from found
        return
    begin = _skip_fillers(tokens, place)
    end = begin + words.count_given_names(token.lower for token in tokens[begin : begin + _MOST_PARTS])
    # "bernama wahyu setiadi" names somebody whatever the words; "named" may be "named in the report".
    if end == begin == place and tokens[place - 1].lower == "bernama" and _may_be_small_part(tokens, begin):
        end = begin + 1
    if end == begin + 1 and _may_be_small_part(tokens, end):
        end += 1
    if end > begin:
        yield begin, end


def _may_be_small_part(tokens: Sequence[Token], here: int) -> bool:
    """Whether this may be a part of a name in small letters: a word that neither the lists nor its form rule out."""
    if here >= len(tokens):
        return False
    token = tokens[here]
    is_other = token.lower in words.NO_NAMES or token.lower in words.NO_STARTS
    is_noun_or_verb = _NOUN_ENDINGS.fullmatch(token.lower) or _VERBS.fullmatch(token.lower)
    return token.is_word and not (is_other or is_noun_or_verb)


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
        if not (is_stop or is_skipped) or _may_begin(tokens, here):
            return here
    return min(place + _MOST_FILLERS, len(tokens))


def _name_before(tokens: Sequence[Token], place: int) -> int | None:
    """Return where the name in "Rohani binti Salleh, a victim" begins; the victim stands at `place`.

    Of others an article or a nation must tell that the name is theirs: "Sang Hlei Par, a Chin refugee". A name of one
    word is not looked for here: it may be any first word of a sentence.
    """
    if place + 1 < len(tokens) and tokens[place + 1].lower not in _AFTER_APPOSITION:
        return None
    end = place - 1
    while end >= 0 and tokens[end].lower in _BEFORE_APPOSITION:
        end -= 1
    if end < 1 or tokens[end].text not in ",(":
        return None
    begin = _first_part(tokens, end)
    if tokens[place].lower not in words.VICTIMS:
        # More than "the" leads to the word, "the hotel, the person" is a list; and no place is told of.
        is_described = any(token.lower != "the" for token in tokens[end + 1 : place])
        if not is_described or (begin > 0 and tokens[begin - 1].lower in _TO_PLACES):
            return None
    is_whole = end - begin >= 2 and name_end(tokens, begin) == end
    return begin if is_whole and not _follows_capital(tokens, begin) else None


def _first_part(tokens: Sequence[Token], end: int) -> int:
    """Return where the words that may be one name begin, of those right before `end`."""
    begin = end
    while begin > 0 and end - begin < _MOST_PARTS and _may_be_inside(tokens, begin - 1):
        begin -= 1
    while begin < end and not tokens[begin].has_capital:
        begin += 1
    return begin


def _follows_capital(tokens: Sequence[Token], begin: int) -> bool:
    """Whether another word with a capital stands right before: then this is the end of something longer."""
    return begin > 0 and tokens[begin - 1].has_capital


def name_end(tokens: Sequence[Token], begin: int) -> int:
    """Return where the name that begins here ends; `begin` itself if there is none."""
    end = here = begin
    while here < min(begin + _MOST_PARTS, len(tokens)):
        if _belongs(tokens, here, is_begun=end > begin):
            end = here + 1
        elif not (end > begin and _joins(tokens, here)):
            break
        here += 1
    end = end if _is_name(tokens[begin:end]) else begin
    return max(end, _patronymic_end(tokens, begin))


def _may_begin(tokens: Sequence[Token], here: int) -> bool:
    """Whether a word that mostly means something else begins a name here: "Sri" does in "Sri Wahyuni"."""
    token = tokens[here]
    is_initial = token.is_initial and here + 1 < len(tokens) and tokens[here + 1].text == "."
    is_first = token.has_capital and token.lower in words.FIRST_PARTS
    return (is_initial or is_first) and _is_followed(tokens, here)


def _is_part(token: Token) -> bool:
    """Whether this may be a part of a name: a word with a capital that means nothing else."""
    if not token.has_capital or len(token.text) < 2:
        return False
    if token.lower in words.CONNECTORS or token.lower in words.NO_NAMES or token.lower in words.VICTIMS:
        return False
    if token.text.isupper() and (token.lower in words.ACRONYMS or _VERBS.fullmatch(token.lower)):
        return False
    return token.lower in words.LIKE_NOUNS or not _NOUN_ENDINGS.fullmatch(token.lower)


def _may_be_inside(tokens: Sequence[Token], here: int) -> bool:
    """Whether this may stand in a name, with others beside it."""
    token = tokens[here]
    return (
        _is_part(token)
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
    if _is_part(token):
        return True
    if not token.is_word or token.lower in words.PATRONYMICS or token.lower in words.VICTIMS:
        return False
    if is_begun and tokens[here - 1].lower in words.PATRONYMICS:
        return token.has_capital or token.lower not in words.NO_NAMES
    if not token.has_capital:
        return False
    is_beside_part = _is_ambiguous(token) and (is_begun or _is_followed(tokens, here))
    return is_beside_part or _is_before_bin(tokens, here)


def _is_before_bin(tokens: Sequence[Token], here: int) -> bool:
    """Whether "bin" or the like follows, with a word after it; after a small word in capitals also "thi" or "van"."""
    if here + 2 >= len(tokens) or not tokens[here + 2].is_word:
        return False
    is_small = tokens[here].lower in words.SMALL_WORDS
    return tokens[here + 1].lower in (
        words.PATRONYMICS | words.MIDDLE_PARTS if is_small else words.PATRONYMICS
    )


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
        if _is_part(token):
            return True
        is_stop = token.text == "." and _is_shortened(tokens[place - 1])
        if not (is_stop or token.lower in words.CONNECTORS or (_is_ambiguous(token) and token.has_capital)):
            return False
    return False


def _joins(tokens: Sequence[Token], here: int) -> bool:
    """Whether this token may stand inside a name: "binti", an @, a hyphen, the stop of "Mohd."."""
    if here + 1 >= len(tokens):
        return False
    token, after = tokens[here], tokens[here + 1]
    if token.text == ".":
        is_followed = after.is_word and (after.has_capital or after.lower in words.CONNECTORS)
        return is_followed and _is_shortened(tokens[here - 1])
    if token.lower in words.PATRONYMICS and after.is_word:
        return True
    is_joint = token.lower in _JOINTS
    return is_joint and (
        _is_part(after) or after.lower in words.CONNECTORS or after.text == "." or after.is_initial
    )


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
    is_named = any(map(_is_part, parts)) or any(part.lower in words.MIDDLE_PARTS for part in parts[1:-1])
    return is_named and not (len(parts) == 1 and parts[0].text.isupper())

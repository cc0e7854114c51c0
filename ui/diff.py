"""Find which words of a text are new, in a time that no pair of texts can stretch."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import groupby

# Spaces, words (2.0 and 53,042 are one word each), and single signs.
_PIECES = re.compile(r"\s+|\w+(?:[.,]\w+)*|[^\w\s]")

#: How often a passage is cut at words that occur once in both texts.
_MOST_CUTS = 8
#: How much is compared by trying every pair of words: at most so many pairs in one passage, and in all passages.
_PASSAGE_PAIRS, _ALL_PAIRS = 900, 20_000

#: A passage of both texts: its first word in the old one and the word after its last, and the same in the new one.
Passage = tuple[int, int, int, int]


def changed_words(old: str, new: str) -> list[tuple[str, bool]]:
    """Cut `new` into stretches (text, is_changed) that join to `new` exactly.

    Compares word by word; a change of white space alone is no change, and a removed word leaves no trace.
    Changed words in a row make one stretch, with the spaces between them.
    """
    pieces = _PIECES.findall(new)
    is_changed = _changes(_words(_PIECES.findall(old)), _words(pieces))
    flagged = groupby(zip(_flags(pieces, is_changed), pieces, strict=True), key=lambda pair: pair[0])
    return [("".join(piece for _flag, piece in run), flag) for flag, run in flagged]


def _changes(old: list[str], new: list[str]) -> list[bool]:
    """Return for each new word whether it changed.

    Cuts the texts at words that occur once in both (a patience diff): difflib alone needs minutes for two texts that
    repeat few words. What is left of long passages without such words counts as changed.
    """
    is_changed = [True] * len(new)
    passages: list[tuple[Passage, int]] = [((0, len(old), 0, len(new)), 0)]
    pairs_left = _ALL_PAIRS
    while passages:
        passage, cuts = passages.pop()
        start, end, new_start, new_end = passage = _trim(old, new, passage, is_changed)
        anchors = _anchors(old, new, passage) if cuts < _MOST_CUTS else []
        pairs = (end - start) * (new_end - new_start)
        if anchors:
            passages += [(between, cuts + 1) for between in _between(anchors, passage)]
            for _position, new_position in anchors:
                is_changed[new_position] = False
        elif 0 < pairs <= min(_PASSAGE_PAIRS, pairs_left):
            pairs_left -= pairs
            matcher = SequenceMatcher(a=old[start:end], b=new[new_start:new_end], autojunk=False)
            for _at, new_at, size in matcher.get_matching_blocks():
                is_changed[new_start + new_at : new_start + new_at + size] = [False] * size
    return is_changed


def _trim(old: list[str], new: list[str], passage: Passage, is_changed: list[bool]) -> Passage:
    """Return the passage without the words that begin and end it in both texts, and mark those as unchanged."""
    start, end, new_start, new_end = passage
    while start < end and new_start < new_end and old[start] == new[new_start]:
        is_changed[new_start] = False
        start, new_start = start + 1, new_start + 1
    while start < end and new_start < new_end and old[end - 1] == new[new_end - 1]:
        end, new_end = end - 1, new_end - 1
        is_changed[new_end] = False
    return start, end, new_start, new_end


def _anchors(old: list[str], new: list[str], passage: Passage) -> list[tuple[int, int]]:
    """Return (old position, new position) of words that occur once in both: the longest run in the same order."""
    start, end, new_start, new_end = passage
    positions, new_positions = _singles(old, start, end), _singles(new, new_start, new_end)
    common = [(at, new_positions[word]) for word, at in positions.items() if word in new_positions]
    # Patience sorting: `tops` holds the least new position that ends a run of each length.
    tops: list[int] = []
    lengths: list[int] = []
    for _at, new_at in common:
        length = bisect_left(tops, new_at)
        tops[length : length + 1] = [new_at]
        lengths.append(length)
    run: list[tuple[int, int]] = []
    wanted, limit = len(tops) - 1, new_end
    for (at, new_at), length in zip(reversed(common), reversed(lengths), strict=True):
        if length == wanted and new_at < limit:
            run.append((at, new_at))
            wanted, limit = wanted - 1, new_at
    return run[::-1]


def _singles(words: list[str], start: int, end: int) -> dict[str, int]:
    """Return the positions of the words that occur once in the passage, in order."""
    counts = Counter(words[start:end])
    return {words[at]: at for at in range(start, end) if counts[words[at]] == 1}


def _between(anchors: list[tuple[int, int]], passage: Passage) -> Iterator[Passage]:
    """Yield the passages before, between and after the anchors."""
    start, end, new_start, new_end = passage
    for at, new_at in [*anchors, (end, new_end)]:
        yield start, at, new_start, new_at
        start, new_start = at + 1, new_at + 1


def _words(pieces: list[str]) -> list[str]:
    """Return the pieces that are not white space."""
    return [piece for piece in pieces if not piece.isspace()]


def _flags(pieces: list[str], changed: list[bool]) -> list[bool]:
    """Return for each piece whether it changed; a space changed only between two changed words."""
    flags: list[bool] = []
    seen = 0
    for piece in pieces:
        if piece.isspace():
            flags.append(0 < seen < len(changed) and changed[seen - 1] and changed[seen])
        else:
            flags.append(changed[seen])
            seen += 1
    return flags

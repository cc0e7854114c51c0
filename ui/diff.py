"""Find which words of a text are new."""

import re
from difflib import SequenceMatcher
from itertools import groupby

# Spaces, words (2.0 and 53,042 are one word each), and single signs.
_PIECES = re.compile(r"\s+|\w+(?:[.,]\w+)*|[^\w\s]")


def changed_words(old: str, new: str) -> list[tuple[str, bool]]:
    """Cut `new` into stretches (text, is_changed) that join to `new` exactly.

    Compares word by word; a change of white space alone is no change, and a removed word leaves no trace.
    Changed words in a row make one stretch, with the spaces between them.
    """
    pieces = _PIECES.findall(new)
    old_words, new_words = _words(_PIECES.findall(old)), _words(pieces)
    matcher = SequenceMatcher(a=old_words, b=new_words, autojunk=False)
    changed = [False] * len(new_words)
    for tag, _old_from, _old_to, new_from, new_to in matcher.get_opcodes():
        if tag != "equal":
            changed[new_from:new_to] = [True] * (new_to - new_from)
    flagged = groupby(zip(_flags(pieces, changed), pieces, strict=True), key=lambda pair: pair[0])
    return [("".join(piece for _flag, piece in run), is_changed) for is_changed, run in flagged]


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

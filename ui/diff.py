"""Find which words of a text are new."""

import re
from difflib import SequenceMatcher

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
    return _stretches(pieces, changed)


def _words(pieces: list[str]) -> list[str]:
    """Return the pieces that are not white space."""
    return [piece for piece in pieces if not piece.isspace()]


def _stretches(pieces: list[str], changed: list[bool]) -> list[tuple[str, bool]]:
    """Join neighbours that are both changed or both unchanged."""
    flags = _flags(pieces, changed)
    stretches: list[tuple[str, bool]] = []
    for piece, is_changed in zip(pieces, flags, strict=True):
        if stretches and stretches[-1][1] == is_changed:
            stretches[-1] = (stretches[-1][0] + piece, is_changed)
        else:
            stretches.append((piece, is_changed))
    return stretches


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

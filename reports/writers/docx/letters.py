"""What people type, as the letters of a Word file: nothing lost, nothing understood as a command.

XML cannot hold some control characters, and no font shows the others: they stand as their code, such as [U+0007].
Letters that run from right to left (Jawi, Arabic) stand in runs of their own, since Word asks the run, not the letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

#: Controls but tab and line feed, and the two that XML forbids beside them.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
#: What takes the direction of the letters around it.
_FOLLOWS = frozenset({"NSM", "BN", "CS", "ES", "ET", "ON", "WS", "EN", "AN"})


def shown(text: str) -> str:
    """The text with one kind of line end, and with each character that cannot be shown as its code."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSHOWN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


def is_from_right(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left."""
    for letter in text:
        direction = unicodedata.bidirectional(letter)
        if direction in _RIGHT_TO_LEFT:
            return True
        if direction == "L":
            return False
    return False


def directions(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it runs from right to left; joined they are the text.

    What stands between two words of Jawi belongs to them; what stands at their edges does not.
    """
    if text.isascii():
        yield text, False
        return
    begun = place = 0
    while place < len(text):
        if unicodedata.bidirectional(text[place]) not in _RIGHT_TO_LEFT:
            place += 1
            continue
        end = _end_of_right(text, place)
        if begun < place:
            yield text[begun:place], False
        yield text[place:end], True
        begun = place = end
    if begun < len(text):
        yield text[begun:], False


def _end_of_right(text: str, place: int) -> int:
    """Where the letters from the right end that begin at `place`, with the marks that sit on the last of them."""
    end = place + 1
    for at in range(place + 1, len(text)):
        direction = unicodedata.bidirectional(text[at])
        is_mark = direction == "NSM" and at == end
        if direction in _RIGHT_TO_LEFT or is_mark:
            end = at + 1
        elif direction not in _FOLLOWS or text[at] in "\n\t":
            break
    return end

"""Characters that people type: control characters, line ends, and text that runs from right to left."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ui.line_ends import with_line_feeds

#: Control characters but tab and line feed, and others that XML forbids.
_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
#: What takes the direction of the characters around it.
_NEUTRAL = frozenset({"NSM", "BN", "CS", "ES", "ET", "ON", "WS", "EN", "AN"})


def code_point(character: str) -> str:
    """Return "[U+0007]": what is printed for a character that cannot be shown."""
    return f"[U+{ord(character):04X}]"


def xml_text(text: str) -> str:
    """Return the text with line feeds, and with each character that XML cannot hold as its code point."""
    return _NOT_XML.sub(lambda match: code_point(match[0]), with_line_feeds(text))


def has_right_to_left(text: str) -> bool:
    """Return whether any character runs from right to left, as Jawi does."""
    return any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text)


def starts_right_to_left(text: str) -> bool:
    """Return whether the first character that has a direction runs from right to left."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in _RIGHT_TO_LEFT:
            return True
        if direction == "L":
            return False
    return False


def split_directions(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the text in pieces, each with whether it runs from right to left; joined they are the text.

    What stands between two words of Jawi belongs to them; what stands at their edges does not.
    """
    if text.isascii():
        yield text, False
        return
    begin = position = 0
    while position < len(text):
        if unicodedata.bidirectional(text[position]) not in _RIGHT_TO_LEFT:
            position += 1
            continue
        end = _end_of_right_to_left(text, position)
        if begin < position:
            yield text[begin:position], False
        yield text[position:end], True
        begin = position = end
    if begin < len(text):
        yield text[begin:], False


def _end_of_right_to_left(text: str, begin: int) -> int:
    """Return where the right-to-left piece ends that begins at `begin`, with the marks on its last character."""
    end = begin + 1
    for position in range(begin + 1, len(text)):
        direction = unicodedata.bidirectional(text[position])
        is_mark = direction == "NSM" and position == end
        if direction in _RIGHT_TO_LEFT or is_mark:
            end = position + 1
        elif direction not in _NEUTRAL or text[position] in "\n\t":
            break
    return end

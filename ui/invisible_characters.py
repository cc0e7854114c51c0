"""Strips what a reader cannot see from a text: controls, characters without width, changes of direction."""

import re

#: Controls and what ends lines in any script.
_BREAKS = "\x00-\x1f\x7f-\x9f\u2028\u2029"
#: What takes no room, looks like a space, or turns the direction of what follows. Marks that scripts draw, such as
#: the Arabic number signs, are none.
_HIDDEN = (
    "\xad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
#: Both, for a class of a pattern.
UNSEEN_SIGNS = _BREAKS + _HIDDEN
_BREAK, _HIDE, UNSEEN = (re.compile(f"[{signs}]+") for signs in (_BREAKS, _HIDDEN, UNSEEN_SIGNS))


def visible_text(text: str) -> str:
    """Return the text with line breaks and controls as spaces, without invisible characters."""
    return _HIDE.sub("", _BREAK.sub(" ", text))


def visible_line(text: str) -> str:
    """Return what is visible of the text, on one line, with single spaces."""
    return " ".join(visible_text(text).split())

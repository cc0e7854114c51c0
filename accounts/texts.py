"""Names and addresses that end up in mails: a line break in one would begin a header of somebody's choosing."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.errors import BadValue

MOST_OF_AN_ADDRESS = 254
#: Controls and what ends lines in any script.
_BREAKS = "\x00-\x1f\x7f-\x9f\u2028\u2029"
#: What takes no room, looks like a space, or turns the direction of what follows. Marks that scripts draw, such as
#: the Arabic number signs, are none.
_HIDDEN = (
    "\xad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_BREAK, _HIDE, _UNSEEN = (re.compile(f"[{signs}]+") for signs in (_BREAKS, _HIDDEN, _BREAKS + _HIDDEN))


def seen(text: str) -> str:
    """The text without what nobody sees: a line break or control becomes a space, the rest is taken out."""
    return _HIDE.sub("", _BREAK.sub(" ", text))


def seen_line(text: str) -> str:
    """What is seen of the text, on one line: every run of spaces is one."""
    return " ".join(seen(text).split())


def one_line(text: str, *, most: int) -> str:
    """The text on one line: every run of spaces and line breaks is one space, nothing unseen is left.

    Raises BadValue when nothing is left, more than `most` characters are, or one of them cannot be seen.
    """
    line = " ".join(text.split())
    if not line:
        raise BadValue(_("This is missing."))
    if _UNSEEN.search(line):
        raise BadValue(_("This holds a character that cannot be seen. Type it again by hand."))
    if len(line) > most:
        raise BadValue(_("This is longer than %(count)d characters. Shorten it.") % {"count": most})
    return line


def mail_address(text: str) -> str:
    """The address in lower case. Raises BadValue for what is none, such as one with a line break inside."""
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        address = ""
    if not address or len(address) > MOST_OF_AN_ADDRESS or _UNSEEN.search(address):
        raise BadValue(_("“%(value)s” is not an e-mail address.") % {"value": seen_line(text)})
    return address

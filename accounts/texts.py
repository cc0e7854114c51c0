"""Names and addresses that end up in mails: a line break inside would start a header of a stranger's choice."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from audit.errors import BadValue

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


def visible_text(text: str) -> str:
    """Return the text with line breaks and controls as spaces, without invisible characters."""
    return _HIDE.sub("", _BREAK.sub(" ", text))


def visible_line(text: str) -> str:
    """Return what is visible of the text, on one line, with single spaces."""
    return " ".join(visible_text(text).split())


def require_line(text: str, *, most: int) -> str:
    """Return the text on one line with single spaces.

    Raises BadValue when nothing is left, it is longer than `most` characters, or one of them is invisible.
    """
    line = " ".join(text.split())
    if not line:
        raise BadValue(_("This is missing."))
    if _UNSEEN.search(line):
        raise BadValue(_("This contains an invisible character. Type it again."))
    if len(line) > most:
        raise BadValue(_("This is longer than %(count)d characters. Shorten it.") % {"count": most})
    return line


def optional_line(text: str, *, most: int) -> str:
    """Return the text as `require_line` does, or "" for one that is empty."""
    return require_line(text, most=most) if text.strip() else ""


def mail_address(text: str) -> str:
    """Return the address in lower case. Raises BadValue for anything else, such as one with a line break."""
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        address = ""
    if not address or len(address) > MOST_OF_AN_ADDRESS or _UNSEEN.search(address):
        raise BadValue(_("“%(value)s” is not an e-mail address.") % {"value": visible_line(text)})
    return address

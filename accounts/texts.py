"""Names and addresses that end up in mails: a line break in one would begin a header of somebody's choosing."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.errors import BadValue

MOST_OF_AN_ADDRESS = 254
#: Characters that turn the direction of what follows.
_TURNING = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}


def one_line(text: str, *, most: int) -> str:
    """The text on one line: every run of spaces and line breaks is one space, nothing unseen is left.

    Raises BadValue when nothing is left, more than `most` characters are, or one of them cannot be seen.
    """
    line = " ".join(text.split())
    if not line:
        raise BadValue(_("This is missing."))
    if any(char in _TURNING or unicodedata.category(char) in {"Cc", "Cs"} for char in line):
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
    if not address or len(address) > MOST_OF_AN_ADDRESS:
        words = {"value": " ".join(text.split())}
        raise BadValue(_("“%(value)s” is not an e-mail address.") % words)
    return address

"""Names and addresses that end up in mails: a line break inside would start a header of a stranger's choice."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from audit.errors import BadValue
from ui.invisible_characters import UNSEEN, visible_line

MOST_OF_AN_ADDRESS = 254


def require_line(text: str, *, most: int) -> str:
    """Return the text on one line with single spaces.

    Raises BadValue when nothing is left, it is longer than `most` characters, or one of them is invisible.
    """
    line = " ".join(text.split())
    if not line:
        raise BadValue(_("This is missing."))
    if UNSEEN.search(line):
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
    if not address or len(address) > MOST_OF_AN_ADDRESS or UNSEEN.search(address):
        raise BadValue(_("“%(value)s” is not an e-mail address.") % {"value": visible_line(text)})
    return address

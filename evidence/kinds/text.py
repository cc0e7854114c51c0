"""Text: CSV, TXT and EML in UTF-8, UTF-16 or Windows-1252, without anything a program would run."""

import codecs
import email.policy
import encodings.cp1252
import encodings.utf_16_be
import encodings.utf_16_le  # noqa: F401 - Python would look for these on the disk when they are first used
import re
from email.parser import BytesHeaderParser
from io import BytesIO
from typing import IO

from evidence.kinds.catalogue import BY_CODE, EXTENSIONS, FileKind
from evidence.kinds.refusals import Refused

_CHUNK_BYTES = 256 * 1024
_HEADER_BYTES = 64 * 1024
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

#: Control characters that text never holds; a form feed and a final Ctrl-Z of old systems are allowed.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")

#: What browsers take for a web page or a script whatever its name (WHATWG MIME sniffing), and a little more.
_WEB_PAGE = re.compile(
    rb"<(?:!doctype\s+html|html|head|script|iframe|svg|body|style|object|embed|a|br|div|h1|img|p|table|title|"
    rb"font|b|form|meta|link|!--)[\s>/!-]|<\?xml|<\?php|<%|%!ps|\{\\rtf",
    re.IGNORECASE,
)
_WEB_PAGE_BYTES = 1024
_MESSAGE_HEADERS = ("From", "To", "Date", "Subject", "Message-ID", "Received", "MIME-Version", "Content-Type")


def is_web_page(head: bytes) -> bool:
    """Return whether the first visible thing is markup or a script."""
    start = _plain(head)[:_WEB_PAGE_BYTES].lstrip()
    return bool(_WEB_PAGE.match(start))


def is_text(file: IO[bytes], *, head: bytes) -> bool:
    """Return whether the whole file is text in UTF-8, UTF-16 (with its mark) or Windows-1252."""
    utf16 = _utf16_of(head)
    return _decodes(file, utf16 or "utf-8") or (not utf16 and _decodes(file, "cp1252"))


def charset_at(file: IO[bytes]) -> str:
    """Return the charset of a file that is known to be text, without reading a long one whole; "" where it cannot be told.

    The mark of UTF-16 tells it, since `is_text` takes such a file for nothing else. That a text is UTF-8 is known at its
    end alone: Windows-1252 may begin alike.
    """
    head = file.read(_CHUNK_BYTES + 1)
    if _utf16_of(head):
        return "utf-16"
    return "utf-8" if len(head) <= _CHUNK_BYTES and _decodes(BytesIO(head), "utf-8") else ""


def _utf16_of(head: bytes) -> str:
    """Return which UTF-16 the mark at the beginning names, or ""."""
    return next((encoding for mark, encoding in _UTF16.items() if head.startswith(mark)), "")


def check(file: IO[bytes], *, extension: str) -> FileKind:
    """Return the kind of a file that is text throughout: between CSV, TXT and EML the extension decides.

    Raises Refused when an EML does not begin with a message's headers.
    """
    told = EXTENSIONS.get(extension)
    if told is None or told.code not in ("csv", "txt", "eml"):
        return BY_CODE["txt"]
    if told.code == "eml":
        _demand_message(file)
    return told


def _plain(head: bytes) -> bytes:
    """Return the head as single bytes: without a byte order mark, and UTF-16 narrowed."""
    if encoding := _utf16_of(head):
        return head[2:].decode(encoding, errors="ignore").encode("ascii", errors="ignore")
    return head.removeprefix(codecs.BOM_UTF8)


def _decodes(file: IO[bytes], encoding: str) -> bool:
    """Return whether the whole file is text in this encoding, without control characters."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="strict")
    file.seek(0)
    try:
        while chunk := file.read(_CHUNK_BYTES):
            if _CONTROLS.search(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _demand_message(file: IO[bytes]) -> None:
    """Raise Refused unless the file begins with a message's headers."""
    file.seek(0)
    head = file.read(_HEADER_BYTES)
    headers = BytesHeaderParser(policy=email.policy.compat32).parsebytes(head)
    if sum(name in headers for name in _MESSAGE_HEADERS) < 3 or "From" not in headers:
        raise Refused("not_message")

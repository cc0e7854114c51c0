"""PDF files: one complete PDF from the first byte to the last, readable without a password.

The file is read once, in order. A parser would follow its references, and a hostile file can keep every
parser busy for minutes; everything needed is uncompressed: the trailer, or the stream that stands for it, is
never compressed, and a protected file names its `/Encrypt` there.
"""

import re
from collections.abc import Iterator
from typing import IO

from evidence.kinds import pdf_actions
from evidence.kinds.refusals import Refused

_HEADER = re.compile(rb"%PDF-[12]\.\d")
_TAIL_BYTES = 4096
#: Scanners pad the end of a file; more than this is something else.
_MAX_PADDING_BYTES = 1024
_CHUNK_BYTES = 256 * 1024
_OVERLAP_BYTES = 64

#: The name of the entry that a protected file has, also where its letters are written as numbers.
_ENCRYPT = re.compile(
    rb"/(?:E|#45)(?:n|#6[Ee])(?:c|#63)(?:r|#72)(?:y|#79)(?:p|#70)(?:t|#74)(?=[\x00\t\n\f\r \[\]<>(){}/%])"
)
#: A comment may stand between. No part of this takes a "/", so what is read from one "/Root" is never read from another,
#: and the search is linear however often a hostile file begins it.
_ROOT = re.compile(rb"/Root(?:[\x00\t\n\f\r ]|%[^\r\n/]*[\r\n])*\d+[\x00\t\n\f\r ]+\d+[\x00\t\n\f\r ]+R")


def check(file: IO[bytes], *, size: int) -> None:
    """Raise Refused unless the file is one complete PDF without a password that does nothing by itself."""
    file.seek(0)
    if not _HEADER.match(file.read(16)):
        raise Refused("damaged_pdf")
    _demand_end(file, size=size)
    has_root = False
    for window in _windows(file):
        if _ENCRYPT.search(window):
            raise Refused("protected_pdf")
        has_root = has_root or bool(_ROOT.search(window))
    if not has_root:
        raise Refused("damaged_pdf")
    pdf_actions.demand_inert(file)


def _demand_end(file: IO[bytes], *, size: int) -> None:
    """Raise Refused unless the end mark follows a `startxref` and only padding follows it."""
    file.seek(max(0, size - _TAIL_BYTES))
    tail = file.read(_TAIL_BYTES)
    end = tail.rfind(b"%%EOF")
    if end < 0 or b"startxref" not in tail[:end]:
        raise Refused("damaged_pdf")
    after = tail[end + 5 :]
    if len(after) > _MAX_PADDING_BYTES and after.strip(b"\x00\r\n\t "):
        raise Refused("hidden", "pdf")


def _windows(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the file in pieces, each with the end of the one before, so that no match is missed between two."""
    file.seek(0)
    overlap = b""
    while chunk := file.read(_CHUNK_BYTES):
        window = overlap + chunk
        yield window
        overlap = window[-_OVERLAP_BYTES:]

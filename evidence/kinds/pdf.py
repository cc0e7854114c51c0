"""PDF files: one whole PDF from the first byte to the last, readable without a password."""

from __future__ import annotations

import logging
import re
from typing import IO

from django.utils.translation import gettext as _
from pypdf import PdfReader
from pypdf.errors import DependencyError, WrongPasswordError
from pypdf.generic import DictionaryObject

from evidence.errors import BadEvidence
from evidence.kinds.tails import mixed

_HEADER = re.compile(rb"%PDF-[12]\.\d")
_TAIL_BYTES = 4096
#: Scanners pad the end of a file; more than this is something else.
_MAX_PADDING_BYTES = 1024

# pypdf tells every small irregularity of a file; what matters is whether it can be read.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def check(file: IO[bytes], *, size: int) -> None:
    """Raises BadEvidence unless the file is one whole PDF without a password."""
    file.seek(0)
    if not _HEADER.match(file.read(16)):
        raise _damaged()
    _demand_end(file, size=size)
    _demand_readable(file)


def _demand_end(file: IO[bytes], *, size: int) -> None:
    file.seek(max(0, size - _TAIL_BYTES))
    tail = file.read(_TAIL_BYTES)
    end = tail.rfind(b"%%EOF")
    if end < 0:
        raise _damaged()
    after = tail[end + 5 :]
    if len(after) > _MAX_PADDING_BYTES and after.strip(b"\x00\r\n\t "):
        raise mixed("PDF")


def _demand_readable(file: IO[bytes]) -> None:
    """Reads the cross-reference and the root, no page; pypdf bounds the work that a hostile file can ask for."""
    file.seek(0)
    try:
        reader = PdfReader(
            file, strict=False, root_object_recovery_limit=1000, xref_stream_maximum_entries=1_000_000
        )
        if reader.is_encrypted:
            raise _protected()
        root = reader.trailer["/Root"].get_object()
        is_whole = isinstance(root, DictionaryObject) and "/Pages" in root
    except BadEvidence:
        raise
    except (DependencyError, WrongPasswordError) as error:
        raise _protected() from error
    except Exception as error:  # a parser of hostile bytes raises whatever it likes
        raise _damaged() from error
    if not is_whole:
        raise _damaged()


def _protected() -> BadEvidence:
    return BadEvidence(
        _(
            "This PDF is protected by a password or by restrictions, so it can be neither scanned nor kept as "
            "evidence. Save or print it to a PDF without protection, and upload that."
        ),
        code="protected",
    )


def _damaged() -> BadEvidence:
    return BadEvidence(
        _("This PDF is damaged or incomplete. Open it, save it as a new PDF, and upload that."),
        code="damaged",
    )

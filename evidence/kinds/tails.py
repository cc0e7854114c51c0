"""Files that are two things at once: an archive hidden behind another kind's content."""

from typing import IO

from django.utils.translation import gettext as _

from evidence.errors import BadEvidence

_END_RECORD = b"PK\x05\x06"
_END_RECORD_BYTES = 22
_MAX_COMMENT_BYTES = 0xFFFF
_WINDOW_BYTES = 256 * 1024

#: Marks of other files that must not follow the end of an image; at its very start also the short ones.
_FOREIGN = (b"rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"%pdf-", b"<script", b"<html", b"<?php")
_FOREIGN_STARTS = (b"MZ", b"\x7fELF", b"PK\x03\x04", b"#!")


def demand_no_archive_tail(file: IO[bytes], *, size: int, label: str) -> None:
    """Raises BadEvidence when unpacking programs would find a ZIP archive at the end of the file."""
    window = min(size, _MAX_COMMENT_BYTES + _END_RECORD_BYTES)
    file.seek(size - window)
    tail = file.read(window)
    at = tail.rfind(_END_RECORD)
    while at >= 0:
        if _is_end_record(tail, at):
            raise mixed(label)
        at = tail.rfind(_END_RECORD, 0, at)


def demand_no_foreign_tail(file: IO[bytes], *, start: int, label: str) -> None:
    """Raises BadEvidence when what follows an image's end, at `start`, is another kind of file."""
    file.seek(start)
    window = file.read(_WINDOW_BYTES)
    if window.startswith(_FOREIGN_STARTS):
        raise mixed(label)
    overlap = b""
    while window:
        lowered = (overlap + window).lower()
        if any(mark in lowered for mark in _FOREIGN):
            raise mixed(label)
        overlap = window[-16:]
        window = file.read(_WINDOW_BYTES)


def mixed(label: str) -> BadEvidence:
    return BadEvidence(
        _(
            "This %(kind)s file has another file hidden in it. Save it anew from the program that made it, and try again."
        )
        % {"kind": label},
        code="mixed",
    )


def _is_end_record(tail: bytes, at: int) -> bool:
    """Whether the record could be real: on one disk, with a comment that reaches at most the file's end."""
    record = tail[at : at + _END_RECORD_BYTES]
    if len(record) < _END_RECORD_BYTES:
        return False
    one_disk = record[4:8] == b"\x00" * 4 or record[4:8] == b"\xff" * 4
    comment_bytes = int.from_bytes(record[20:22], "little")
    return one_disk and comment_bytes <= len(tail) - at - _END_RECORD_BYTES

"""Find out what a file is, by its content, in a process of its own (`child.py`), which `evidence.judging` starts.

A file is one of a dozen kinds, complete and nothing besides, or it is refused. Nothing is extracted, and no name inside
an archive is ever used as a path. This package knows neither Django nor any other module but `evidence.sandbox`: a
refusal is a code, which the web process puts into words.
"""

import importlib
from typing import IO

from evidence.kinds.catalogue import BY_CODE, JPEG_SIGNATURE, OLE_SIGNATURE, PNG_SIGNATURE, FileKind
from evidence.kinds.refusals import Refused

HEAD_BYTES = 8192
#: The record at the end of a ZIP archive, which a comment may follow.
_END_RECORD = b"PK\x05\x06"
_END_RECORD_BYTES = 22
_MAX_COMMENT_BYTES = 0xFFFF

#: Beginnings of files that are never evidence, with the words for them.
_PROGRAMS = (
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"#!",
)
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_NEEDS: tuple[tuple[tuple[bytes, ...], tuple[str, ...]], ...] = (
    (_ZIP, ("evidence.kinds.office",)),
    ((OLE_SIGNATURE,), ("evidence.kinds.ole",)),
    ((b"%PDF-",), ("evidence.kinds.pdf",)),
    ((JPEG_SIGNATURE, PNG_SIGNATURE), ("evidence.kinds.images",)),
)
_TEXT_NEEDS = ("evidence.kinds.text", "filetype")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF", b"\x28\xb5\x2f\xfd")


def identify(file: IO[bytes], *, extension: str, size: int) -> FileKind:
    """Return the kind of a whole file, open for reading at any position; `size` in bytes, more than 0.

    Between kinds of text the extension of its name decides; whether a name agrees is asked by `evidence.judging`. Raises
    Refused when it is not an accepted kind, protected, damaged, more than one thing at once, or too big when unpacked.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if head.startswith(_ZIP):
        from evidence.kinds import office

        return office.check(file, size=size)
    if head.startswith(OLE_SIGNATURE):
        from evidence.kinds import ole

        raise ole.refusal(file)
    kind = _plain_kind(file, head=head, extension=extension, size=size)
    return _without_archive(file, kind=kind, size=size)


def import_for(head: bytes) -> None:
    """Import what judging a file that begins like this needs, and nothing else: imports are most of the time it takes."""
    needed = next((modules for starts, modules in _NEEDS if head.startswith(starts)), _TEXT_NEEDS)
    for name in needed:
        importlib.import_module(name)


def _plain_kind(file: IO[bytes], *, head: bytes, extension: str, size: int) -> FileKind:
    """Return the kind of a file that is no container. Raises Refused."""
    if head.startswith(b"%PDF-"):
        from evidence.kinds import pdf

        pdf.check(file, size=size)
        return BY_CODE["pdf"]
    if head.startswith((JPEG_SIGNATURE, PNG_SIGNATURE)):
        from evidence.kinds import images

        return images.check(file, head=head, size=size)
    from evidence.kinds import text

    _refuse_known_others(head)
    if not text.is_text(file, head=head):
        raise _not_accepted(head)
    return text.check(file, extension=extension)


def _without_archive(file: IO[bytes], *, kind: FileKind, size: int) -> FileKind:
    """Return the kind. Raises Refused when unpacking programs would find a ZIP archive at the end of the file."""
    window = min(size, _MAX_COMMENT_BYTES + _END_RECORD_BYTES)
    file.seek(size - window)
    tail = file.read(window)
    at = tail.rfind(_END_RECORD)
    while at >= 0:
        if _is_end_record(tail, at):
            raise Refused("hidden", kind.code)
        at = tail.rfind(_END_RECORD, 0, at)
    return kind


def _is_end_record(tail: bytes, at: int) -> bool:
    """Return whether the record could be real: on one disk, with a comment within the file's end."""
    record = tail[at : at + _END_RECORD_BYTES]
    if len(record) < _END_RECORD_BYTES:
        return False
    one_disk = record[4:8] == b"\x00" * 4 or record[4:8] == b"\xff" * 4
    comment_bytes = int.from_bytes(record[20:22], "little")
    return one_disk and comment_bytes <= len(tail) - at - _END_RECORD_BYTES


def _refuse_known_others(head: bytes) -> None:
    """Raise Refused for programs, archives, web pages and PDFs with something in front."""
    from evidence.kinds import text

    is_windows_program = head.startswith(b"MZ") and b"\x00" in head
    if head.startswith(_PROGRAMS) or is_windows_program:
        raise Refused("program")
    if head.startswith(_ARCHIVES) or head[257:262] == b"ustar":
        raise Refused("archive")
    if text.is_web_page(head):
        raise Refused("web_page")
    if b"%PDF-" in head[:1024]:
        raise Refused("late_pdf")


def _not_accepted(head: bytes) -> Refused:
    """Return the refusal of content that is neither text nor an accepted kind; names it if possible."""
    import filetype

    guess = filetype.guess(head)
    return Refused("not_accepted", guess.mime) if guess is not None else Refused("not_text")

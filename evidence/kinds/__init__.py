"""Find out what a file is, by its content. The name only has to agree.

A file is one of a dozen kinds, complete and nothing besides, or it is refused with a sentence that says what
it is and what to do. Nothing is extracted, and no name inside an archive is ever used as a path.
"""

from typing import IO

import filetype
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from evidence.errors import BadEvidence, hidden_file
from evidence.kinds import images, office, pdf, text
from evidence.kinds.catalogue import BY_CODE, EXTENSIONS, KINDS, FileKind
from evidence.names import extension_of

_HEAD_BYTES = 8192
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
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF", b"\x28\xb5\x2f\xfd")


def identify(file: IO[bytes], *, name: str, size: int) -> FileKind:
    """Return the kind of a whole file, open for reading at any position; `size` in bytes, `name` already
    cleaned.

    Raises BadEvidence when it is empty, not an accepted kind, protected, damaged, more than one thing at
    once, too big when unpacked, or named like another kind.
    """
    if not name:
        raise BadEvidence(
            _("The file has no usable name. Give it a short name, and try again."), code="no_name"
        )
    if size == 0:
        raise BadEvidence(_("The file is empty. Check that it was saved, and choose it again."), code="empty")
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    kind = _by_content(file, head=head, name=name, size=size)
    _demand_agreeing_name(kind, name=name)
    return kind


def accepted_extensions() -> list[str]:
    """Return what a file dialog may offer: ".pdf", ".docx" and so on."""
    return [f".{extension}" for kind in KINDS for extension in kind.extensions]


def _by_content(file: IO[bytes], *, head: bytes, name: str, size: int) -> FileKind:
    """Return the kind that the content has. Raises BadEvidence."""
    if head.startswith(_ZIP):
        return office.check(file, size=size)
    if head.startswith(office.OLE_SIGNATURE):
        raise office.ole_refusal(file)
    if head.startswith(b"%PDF-"):
        pdf.check(file, size=size)
        return _without_archive(file, kind=BY_CODE["pdf"], size=size)
    if head.startswith((images.JPEG_SIGNATURE, images.PNG_SIGNATURE)):
        kind = images.check(file, head=head, size=size)
        return _without_archive(file, kind=kind, size=size)
    _refuse_known_others(head, name=name)
    if not text.is_text(file, head=head):
        raise _not_accepted(head, name=name)
    kind = text.check(file, name=name)
    return _without_archive(file, kind=kind, size=size)


def _without_archive(file: IO[bytes], *, kind: FileKind, size: int) -> FileKind:
    """Return the kind. Raises BadEvidence when unpacking programs would find a ZIP archive at the end of the file."""
    window = min(size, _MAX_COMMENT_BYTES + _END_RECORD_BYTES)
    file.seek(size - window)
    tail = file.read(window)
    at = tail.rfind(_END_RECORD)
    while at >= 0:
        if _is_end_record(tail, at):
            raise hidden_file(kind.label)
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


def _refuse_known_others(head: bytes, *, name: str) -> None:
    """Raise BadEvidence for programs, archives, web pages and PDFs with something in front."""
    is_windows_program = head.startswith(b"MZ") and b"\x00" in head
    if head.startswith(_PROGRAMS) or is_windows_program:
        raise _refused(_("a program"), name=name, code="program")
    if head.startswith(_ARCHIVES) or head[257:262] == b"ustar":
        raise BadEvidence(
            _("Compressed folders are not accepted. Open it, and upload the files in it one by one."),
            code="archive",
        )
    if text.is_web_page(head):
        raise _refused(_("a web page or script"), name=name, code="web_page")
    if b"%PDF-" in head[:1024]:
        raise BadEvidence(
            _(
                "This PDF has other data before its beginning, so it was not accepted. Print it to a new PDF "
                "and upload that."
            ),
            code="mixed",
        )


def _not_accepted(head: bytes, *, name: str) -> BadEvidence:
    """Return the refusal of content that is neither text nor an accepted kind; names it if possible."""
    guess = filetype.guess(head)
    if guess is not None:
        return _refused(guess.mime, name=name, code="not_accepted")
    return BadEvidence(
        _("The content of this file was not recognised, so it was not kept. ") + _accepted_text(),
        code="not_text",
    )


def _accepted_text() -> str:
    return _("Upload a PDF, an Office or OpenDocument file, a JPEG or PNG image, CSV, TXT or EML.")


def _refused(what: str | Promise, *, name: str, code: str) -> BadEvidence:
    """Return the refusal of content that is never evidence; says what it is, and what its name says."""
    message = _("The content of this file is %(what)s, although its name is “%(name)s”. It was not kept. ")
    return BadEvidence(message % {"what": what, "name": name} + _accepted_text(), code=code)


def _demand_agreeing_name(kind: FileKind, *, name: str) -> None:
    """Raise BadEvidence unless the name ends as files of this kind do."""
    extension = extension_of(name)
    if extension in kind.extensions:
        return
    expected = f".{kind.extensions[0]}"
    if not extension:
        raise BadEvidence(
            _("The file name has no extension. The content is %(kind)s: end the name in %(expected)s.")
            % {"kind": kind.label, "expected": expected},
            code="wrong_extension",
        )
    told = EXTENSIONS.get(extension)
    raise BadEvidence(
        _(
            "The name says %(told)s, but the content is %(kind)s. If it is the right file, end its name "
            "in %(expected)s and upload it again."
        )
        % {"told": told.label if told else f".{extension}", "kind": kind.label, "expected": expected},
        code="wrong_extension",
    )

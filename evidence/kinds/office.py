"""Office files: Office Open XML and OpenDocument, both ZIP containers, told apart by their own lists of contents.

The container's list is read first and judged by what it declares: what it may hold, and how much it may unpack to.
Then every entry is unpacked in small pieces into nothing, so that a list that lies is found out before the budget
is spent.
"""

from __future__ import annotations

import encodings.cp437  # noqa: F401 - of names in archives; Python would look for it on the disk when it is first used
import io
import re
import zipfile
import zlib
from typing import IO, TYPE_CHECKING

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from evidence.kinds import active
from evidence.kinds.catalogue import BY_CODE, BY_MEDIA_TYPE, FileKind
from evidence.kinds.refusals import Refused

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # nosec B405: the type alone; defusedxml parses

#: A hundred slides have about four hundred parts.
MAX_ENTRIES = 2_500
MAX_UNPACKED_BYTES = 512 * 1024 * 1024
#: Deflate reaches 1,032; the tables of real spreadsheets stay well below this. Small entries may do better.
MAX_RATIO = 200
_RATIO_FREE_BYTES = 2 * 1024 * 1024
#: Up to here the whole may unpack whatever the ratio of its parts.
_TOTAL_RATIO_FREE_BYTES = 64 * 1024 * 1024
#: The list of contents at the end of the file: about 200 bytes an entry are usual.
_MAX_LIST_BYTES = 2 * 1024 * 1024
#: A sheet embedded in a document is one archive in another; an archive in that one is not needed.
MAX_NESTING = 2
#: Of an embedded document: it is held whole, because reading backwards in a packed part unpacks it anew each time.
_MAX_NESTED_BYTES = 64 * 1024 * 1024

_CHUNK_BYTES = 64 * 1024
_END_RECORD_BYTES = 22
#: Stands before the end record of containers of the 64-bit kind, which no office program needs.
_LOCATOR_BYTES = 20
_ENCRYPTED_FLAG = 0x1
_PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"#!/")
_ARCHIVE_STARTS = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08")
_XML_ENDINGS = (".xml", ".rels")
#: An entity of its own, in the encodings of XML: no office program declares one, and a few grow to gigabytes in who reads them.
_ENTITY_MARKS = tuple("<!ENTITY".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
_MARK_BYTES = 16
#: A backslash, a control character, or a drive's letter at the beginning.
_ODD_NAME = re.compile(r"[\\\x00-\x1f\x7f]|^[A-Za-z]:")
_TYPES_PART = "[Content_Types].xml"
_OOXML_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": "pptx",
}
#: Parts whose presence is a macro, whatever the file is called.
_MACRO_MARKS = ("vbaproject", "vbadata", "macrosheets/", "/activex/")
_ODF_MACRO_FOLDERS = ("Basic/", "Scripts/")


def check(file: IO[bytes], *, size: int) -> FileKind:
    """Return the kind of an Office file that is complete, unprotected, without macros and within the archive
    budget.

    Raises Refused for any other ZIP.
    """
    with open_container(file, size=size) as container:
        names = container.namelist()
        if _TYPES_PART in names:
            kind = _ooxml_kind(container, names)
        elif names[0] == "mimetype":
            kind = _odf_kind(container, names)
        else:
            raise Refused("not_office")
        spend(container, budget=Budget())
    return kind


def _ooxml_kind(container: zipfile.ZipFile, names: list[str]) -> FileKind:
    """Return the Office Open XML kind that the container declares. Raises Refused."""
    types = _xml(read_small(container, _TYPES_PART))
    declared = {
        node.get("ContentType", ""): node.get("PartName", "").lstrip("/")
        for node in types
        if node.tag.endswith("}Override")
    }
    if _has_macros(names, types):
        raise Refused("macros")
    for content_type, code in _OOXML_MAIN.items():
        if declared.get(content_type) in names and "_rels/.rels" in names:
            return BY_CODE[code]
    raise Refused("not_office")


def _has_macros(names: list[str], types: Element) -> bool:
    """Return whether the names or the declared types of the parts mention macros."""
    if any(mark in name.lower() for name in names for mark in _MACRO_MARKS):
        return True
    declared = [node.get("ContentType", "").lower() for node in types]
    return any("macroenabled" in content_type or "vbaproject" in content_type for content_type in declared)


def _odf_kind(container: zipfile.ZipFile, names: list[str]) -> FileKind:
    """Return the OpenDocument kind that the container declares. Raises Refused."""
    entry = container.getinfo("mimetype")
    media_type = read_small(container, "mimetype", max_bytes=200).decode("ascii", errors="replace").strip()
    kind = BY_MEDIA_TYPE.get(media_type)
    is_plain = entry.header_offset == 0 and entry.compress_type == zipfile.ZIP_STORED
    if kind is None or not is_plain or "content.xml" not in names:
        raise Refused("not_office")
    manifest = _xml(read_small(container, "META-INF/manifest.xml"))
    if any(node.tag.endswith("}encryption-data") for node in manifest.iter()):
        raise Refused("protected_office")
    if any(name.startswith(_ODF_MACRO_FOLDERS) and not name.endswith("/") for name in names):
        raise Refused("macros")
    return kind


def _xml(content: bytes) -> Element:
    """Parse XML from the container. Raises Refused."""
    try:
        root: Element = fromstring(content, forbid_dtd=False)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Refused("damaged_office") from error
    return root


class Budget:
    """What is left to unpack, over the container and everything embedded in it."""

    def __init__(self) -> None:
        self.bytes_left = MAX_UNPACKED_BYTES
        self.entries_left = MAX_ENTRIES

    def take(self, *, entries: int = 0, unpacked_bytes: int = 0) -> None:
        """Take so much of what is left. Raises Refused when there is less."""
        self.entries_left -= entries
        self.bytes_left -= unpacked_bytes
        if self.entries_left < 0 or self.bytes_left < 0:
            raise Refused("bomb")


def open_container(file: IO[bytes], *, size: int) -> zipfile.ZipFile:
    """Return the container with its list read.

    Raises Refused unless it is one plain ZIP from the first byte to the last.
    """
    _demand_plain_end(file, size=size)
    file.seek(0)
    try:
        container = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise Refused("damaged_office") from error
    entries = container.infolist()
    if not entries or _overlap(container) or not _names_are_plain(entries):
        raise Refused("damaged_office")
    if any(entry.flag_bits & _ENCRYPTED_FLAG for entry in entries):
        raise Refused("protected_office")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise Refused("damaged_office")
    return container


def spend(container: zipfile.ZipFile, *, budget: Budget, depth: int = 1) -> None:
    """Unpack everything into nothing, within the budget.

    Raises Refused for a bomb, a lie or a program.
    """
    entries = container.infolist()
    budget.take(entries=len(entries))
    if any(_unpacks_to_far_more(entry) for entry in entries):
        raise Refused("bomb")
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if total > budget.bytes_left or total > max(_TOTAL_RATIO_FREE_BYTES, MAX_RATIO * packed):
        raise Refused("bomb")
    for entry in entries:
        if not entry.is_dir():
            _unpack(container, entry, budget=budget, depth=depth)


def read_small(container: zipfile.ZipFile, name: str, *, max_bytes: int = 1024 * 1024) -> bytes:
    """Return the content of one entry, or b"" without one. Raises Refused when it is over `max_bytes`."""
    try:
        with container.open(name) as entry:
            content = entry.read(max_bytes + 1)
    except KeyError:
        return b""
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Refused("damaged_office") from error
    if len(content) > max_bytes:
        raise Refused("bomb")
    return content


def _demand_plain_end(file: IO[bytes], *, size: int) -> None:
    """Raise Refused unless a plain end record without comment ends the file, with a short enough list."""
    file.seek(max(0, size - _LOCATOR_BYTES - _END_RECORD_BYTES))
    tail = file.read(_LOCATOR_BYTES + _END_RECORD_BYTES)
    record = tail[-_END_RECORD_BYTES:]
    is_plain = (
        len(record) == _END_RECORD_BYTES and record.startswith(b"PK\x05\x06") and record[-2:] == b"\0\0"
    )
    if not is_plain or tail.startswith(b"PK\x06\x07"):
        raise Refused("damaged_office")
    if int.from_bytes(record[12:16], "little") > _MAX_LIST_BYTES:
        raise Refused("bomb")


def _overlap(container: zipfile.ZipFile) -> bool:
    """Return whether something precedes the first entry, or two entries share bytes."""
    entries = sorted(container.infolist(), key=lambda entry: entry.header_offset)
    if entries[0].header_offset != 0:
        return True
    ends = [entry.header_offset + 30 + entry.compress_size for entry in entries]
    starts = [entry.header_offset for entry in entries[1:]] + [container.start_dir]
    return any(end > start for end, start in zip(ends, starts, strict=True))


def _names_are_plain(entries: list[zipfile.ZipInfo]) -> bool:
    """Return whether every name is a path below the container's root, as office programs write them, and stands once."""
    names = [entry.orig_filename for entry in entries]
    return all(map(_is_plain, names)) and len({name.casefold() for name in names}) == len(names)


def _is_plain(name: str) -> bool:
    """Return whether a name is relative, without a drive, "..", backslash or control character."""
    return not _ODD_NAME.search(name) and not any(
        step in ("", ".", "..") for step in name.removesuffix("/").split("/")
    )


def _unpacks_to_far_more(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > max(_RATIO_FREE_BYTES, MAX_RATIO * max(entry.compress_size, 1))


def _unpack(container: zipfile.ZipFile, entry: zipfile.ZipInfo, *, budget: Budget, depth: int) -> None:
    """Unpack one entry into nothing. Raises Refused."""
    try:
        with container.open(entry) as content:
            start = content.read(8)
            _refuse_programs_and_archives(start)
            if start.startswith(b"PK\x03\x04"):
                _unpack_nested(start, content, budget=budget, depth=depth)
                return
            unpacked, seen, kept = len(start), start, [start]
            is_read = active.is_read(entry.filename, start)
            while chunk := content.read(_CHUNK_BYTES):
                unpacked += len(chunk)
                budget.take(unpacked_bytes=len(chunk))
                seen = seen[-_MARK_BYTES:] + chunk
                if entry.filename.endswith(_XML_ENDINGS) and any(mark in seen for mark in _ENTITY_MARKS):
                    raise Refused("damaged_office")
                if is_read and unpacked <= active.MAX_PART_BYTES:
                    kept.append(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Refused("damaged_office") from error
    if unpacked != entry.file_size:
        raise Refused("damaged_office")
    if is_read:
        active.demand_inert(entry.filename, b"".join(kept))


def _refuse_programs_and_archives(start: bytes) -> None:
    """Raise Refused for an entry that begins like a program, or like an archive that no office program writes."""
    if start.startswith(_PROGRAM_STARTS):
        raise Refused("holds_program")
    if start.startswith(_ARCHIVE_STARTS):
        raise Refused("bomb")


def _unpack_nested(start: bytes, content: IO[bytes], *, budget: Budget, depth: int) -> None:
    """Unpack an embedded document, of which `start` was read before, within the rest of the budget; deeper nesting is refused."""
    if depth >= MAX_NESTING:
        raise Refused("bomb")
    whole = io.BytesIO()
    whole.write(start)
    while chunk := content.read(_CHUNK_BYTES):
        budget.take(unpacked_bytes=len(chunk))
        if whole.tell() + len(chunk) > _MAX_NESTED_BYTES:
            raise Refused("bomb")
        whole.write(chunk)
    try:
        nested = zipfile.ZipFile(whole)
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Refused("damaged_office") from error
    with nested:
        if any(mark in name.lower() for name in nested.namelist() for mark in _MACRO_MARKS):
            raise Refused("macros")
        spend(nested, budget=budget, depth=depth + 1)

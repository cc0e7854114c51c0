"""Office files: Office Open XML and OpenDocument, told apart by their own lists of contents."""

from __future__ import annotations

import zipfile
from typing import IO, TYPE_CHECKING

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from django.utils.translation import gettext as _

from evidence.errors import BadEvidence
from evidence.kinds import archive
from evidence.kinds.catalogue import BY_CODE, BY_MEDIA_TYPE, Kind

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # nosec B405: the type alone; defusedxml parses

_TYPES_PART = "[Content_Types].xml"
_OOXML_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml": "pptx",
}
#: Parts whose presence is a macro, whatever the file is called.
_MACRO_MARKS = ("vbaproject", "vbadata", "macrosheets/", "/activex/")
_ODF_MACRO_FOLDERS = ("Basic/", "Scripts/")


def check(file: IO[bytes], *, size: int) -> Kind:
    """The kind of an office file that is whole, unprotected, without macros and within the archive budget.

    Raises BadEvidence for any other ZIP.
    """
    with archive.open_container(file, size=size) as container:
        names = container.namelist()
        if _TYPES_PART in names:
            kind = _ooxml_kind(container, names)
        elif names[0] == "mimetype":
            kind = _odf_kind(container, names)
        else:
            raise _not_office()
        archive.spend(container, budget=archive.Budget())
    return kind


def _ooxml_kind(container: zipfile.ZipFile, names: list[str]) -> Kind:
    types = _xml(archive.read_small(container, _TYPES_PART))
    declared = {
        node.get("ContentType", ""): node.get("PartName", "").lstrip("/")
        for node in types
        if node.tag.endswith("}Override")
    }
    lowered = [name.lower() for name in names]
    if any(mark in name for name in lowered for mark in _MACRO_MARKS) or _mentions_macros(types):
        raise _macros()
    for content_type, code in _OOXML_MAIN.items():
        if declared.get(content_type) in names and "_rels/.rels" in names:
            return BY_CODE[code]
    raise _not_office()


def _mentions_macros(types: Element) -> bool:
    told = [node.get("ContentType", "").lower() for node in types]
    return any("macroenabled" in content_type or "vbaproject" in content_type for content_type in told)


def _odf_kind(container: zipfile.ZipFile, names: list[str]) -> Kind:
    entry = container.getinfo("mimetype")
    media_type = (
        archive.read_small(container, "mimetype", max_bytes=200).decode("ascii", errors="replace").strip()
    )
    kind = BY_MEDIA_TYPE.get(media_type)
    is_plain = entry.header_offset == 0 and entry.compress_type == zipfile.ZIP_STORED
    if kind is None or not is_plain or "content.xml" not in names:
        raise _not_office()
    manifest = _xml(archive.read_small(container, "META-INF/manifest.xml"))
    if any(node.tag.endswith("}encryption-data") for node in manifest.iter()):
        raise archive.protected()
    if any(name.startswith(_ODF_MACRO_FOLDERS) and not name.endswith("/") for name in names):
        raise _macros()
    return kind


def _xml(content: bytes) -> Element:
    try:
        root: Element = fromstring(content, forbid_dtd=False)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise archive.damaged() from error
    return root


def _macros() -> BadEvidence:
    return BadEvidence(
        _(
            "This file has macros, which are programs. Save it without macros (DOCX, XLSX or PPTX) or as PDF, "
            "and upload that."
        ),
        code="macros",
    )


def _not_office() -> BadEvidence:
    return BadEvidence(
        _(
            "A ZIP file is not accepted: by its content this is not a DOCX, XLSX, PPTX, ODT, ODS or ODP. "
            "Open it, and upload the files in it one by one."
        ),
        code="archive",
    )

"""The accepted kinds of files."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FileKind:
    """One accepted kind; `label` is the same in both languages, the first extension is the usual one."""

    code: str
    label: str
    media_type: str
    extensions: tuple[str, ...]


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

KINDS = (
    FileKind("pdf", "PDF", "application/pdf", ("pdf",)),
    FileKind("docx", "Word (DOCX)", f"{_OOXML}.wordprocessingml.document", ("docx",)),
    FileKind("xlsx", "Excel (XLSX)", f"{_OOXML}.spreadsheetml.sheet", ("xlsx",)),
    FileKind("pptx", "PowerPoint (PPTX)", f"{_OOXML}.presentationml.presentation", ("pptx",)),
    FileKind("odt", "OpenDocument (ODT)", f"{_ODF}.text", ("odt",)),
    FileKind("ods", "OpenDocument (ODS)", f"{_ODF}.spreadsheet", ("ods",)),
    FileKind("odp", "OpenDocument (ODP)", f"{_ODF}.presentation", ("odp",)),
    FileKind("jpeg", "JPEG", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif")),
    FileKind("png", "PNG", "image/png", ("png",)),
    FileKind("csv", "CSV", "text/csv", ("csv",)),
    FileKind("txt", "TXT", "text/plain", ("txt",)),
    FileKind("eml", "EML", "message/rfc822", ("eml",)),
)

BY_CODE = {kind.code: kind for kind in KINDS}
BY_MEDIA_TYPE = {kind.media_type: kind for kind in KINDS}
EXTENSIONS = {extension: kind for kind in KINDS for extension in kind.extensions}

#: Kinds that hold words; pictures do not.
TEXT_KINDS = ("pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "csv", "txt", "eml")

#: Of an image. An A3 page at 600 dots an inch has 70 million; the preview of 80 million needs about 240 MB.
MAX_PIXELS = 80_000_000

#: How files begin.
JPEG_SIGNATURE = b"\xff\xd8\xff"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

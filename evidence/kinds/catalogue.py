"""The kinds of files that are evidence."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One accepted kind; `label` is the name that both languages use, the first extension is the usual one."""

    code: str
    label: str
    media_type: str
    extensions: tuple[str, ...]


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

KINDS = (
    Kind("pdf", "PDF", "application/pdf", ("pdf",)),
    Kind("docx", "Word (DOCX)", f"{_OOXML}.wordprocessingml.document", ("docx",)),
    Kind("xlsx", "Excel (XLSX)", f"{_OOXML}.spreadsheetml.sheet", ("xlsx",)),
    Kind("pptx", "PowerPoint (PPTX)", f"{_OOXML}.presentationml.presentation", ("pptx",)),
    Kind("odt", "OpenDocument (ODT)", f"{_ODF}.text", ("odt",)),
    Kind("ods", "OpenDocument (ODS)", f"{_ODF}.spreadsheet", ("ods",)),
    Kind("odp", "OpenDocument (ODP)", f"{_ODF}.presentation", ("odp",)),
    Kind("jpeg", "JPEG", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif")),
    Kind("png", "PNG", "image/png", ("png",)),
    Kind("csv", "CSV", "text/csv", ("csv",)),
    Kind("txt", "TXT", "text/plain", ("txt",)),
    Kind("eml", "EML", "message/rfc822", ("eml",)),
)

BY_CODE = {kind.code: kind for kind in KINDS}
BY_MEDIA_TYPE = {kind.media_type: kind for kind in KINDS}
EXTENSIONS = {extension: kind for kind in KINDS for extension in kind.extensions}

#: Kinds that hold words; pictures do not.
TEXT_KINDS = ("pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "csv", "txt", "eml")

"""The Word file as a ZIP: opened from our own template, saved to the same bytes for the same content.

The template is a handful of XML files beside this module, so that a style can be read and changed as text. It holds no
macro, no picture, no theme, and nothing that leads out of the file.
"""

from __future__ import annotations

import zipfile
from datetime import UTC
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

import docx
from docx.document import Document
from docx.oxml.ns import qn

from reports.writers.characters import xml_text
from reports.writers.docx import WORD_LANGUAGES

if TYPE_CHECKING:
    from accounts.clearance import Clearance
    from reports.summary.statement import Maker

_TEMPLATE = Path(__file__).parent / "template"
_PARTS = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "package_rels.xml",
    "word/document.xml": "document.xml",
    "word/_rels/document.xml.rels": "document_rels.xml",
    "word/styles.xml": "styles.xml",
    "word/settings.xml": "settings.xml",
    "word/numbering.xml": "numbering.xml",
    "docProps/app.xml": "app.xml",
}
#: The first moment that a ZIP can name. When the document was made stands in its properties.
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
#: The characters that a property holds at most.
_PROPERTY_LENGTH = 255


class Stated(Protocol):
    """What the properties of a file tell: its class, who made it and when, and a fingerprint."""

    @property
    def classification(self) -> Clearance: ...
    @property
    def maker(self) -> Maker: ...
    @property
    def fingerprint(self) -> str: ...


def open_template(language: str) -> Document:
    """Return an empty document with our styles, whose text is in this language unless it says otherwise."""
    package = BytesIO()
    with zipfile.ZipFile(package, "w") as file:
        for name, source in _PARTS.items():
            file.writestr(name, (_TEMPLATE / source).read_bytes())
    document = docx.Document(package)
    for root, name in ((document.styles, "w:lang"), (document.settings, "w:themeFontLang")):
        for language_element in root.element.iter(qn(name)):
            language_element.set(qn("w:val"), WORD_LANGUAGES[language])
    return document


def set_properties(document: Document, *, title: str, subject: str, statement: Stated, language: str) -> None:
    """Set the properties of the file: what it is, who made it and when, its class, and its fingerprint as keyword."""
    facts = document.core_properties
    facts.title = _property(title)
    facts.subject = _property(subject)
    facts.author = facts.last_modified_by = _property(statement.maker.words)
    facts.keywords = statement.fingerprint
    facts.category = str(statement.classification.label)
    facts.language = WORD_LANGUAGES[language]
    facts.comments = ""
    facts.revision = 1
    facts.created = facts.modified = statement.maker.made_at.astimezone(UTC).replace(tzinfo=None)


def save(document: Document, target: BinaryIO) -> None:
    """Write the document with fixed times of its parts, so that equal content gives equal bytes."""
    made = BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for part in parts.infolist():
            entry = zipfile.ZipInfo(part.filename, _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            file.writestr(entry, parts.read(part))


def _property(text: str) -> str:
    return xml_text(text)[:_PROPERTY_LENGTH]

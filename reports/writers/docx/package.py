"""The Word file as a file: opened from Jejak's own template, saved to the same bytes for the same content.

The template is a handful of XML files beside this module, so that a style can be read and changed as text. It holds no
macro, no picture, no theme, and nothing that leads out of the file.
"""

from __future__ import annotations

import zipfile
from datetime import UTC
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from reports.summary.statement import Statement
from reports.writers.docx.letters import shown
from reports.writers.docx.voice import WORD_LANGUAGES

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
#: The first moment that a ZIP can name. When a paper was made stands in it as a property.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
#: A property holds at most so many letters.
_PROPERTY_LENGTH = 255


def open_template(tongue: str) -> Document:
    """An empty document with Jejak's styles, whose words are in one language unless they say otherwise."""
    package = BytesIO()
    with zipfile.ZipFile(package, "w") as file:
        for name, source in _PARTS.items():
            file.writestr(name, (_TEMPLATE / source).read_bytes())
    document = docx.Document(package)
    for language in (
        *_found(document.styles.element, "w:lang"),
        *_found(document.settings.element, "w:themeFontLang"),
    ):
        language.set(qn("w:val"), WORD_LANGUAGES[tongue])
    return document


def describe(document: Document, *, title: str, subject: str, statement: Statement, tongue: str) -> None:
    """The properties of the file: what it is, who made it and when, its class, and its fingerprint as keyword."""
    facts = document.core_properties
    facts.title = _property(title)
    facts.subject = _property(subject)
    facts.author = facts.last_modified_by = _property(statement.maker.words)
    facts.keywords = statement.fingerprint
    facts.category = str(statement.classification.label)
    facts.language = WORD_LANGUAGES[tongue]
    facts.comments = ""
    facts.revision = 1
    facts.created = facts.modified = statement.maker.made_at.astimezone(UTC).replace(tzinfo=None)


def save(document: Document, target: BinaryIO) -> None:
    """Write the document; the times of its parts are always the same, so that equal content gives equal bytes."""
    made = BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        for part in parts.infolist():
            entry = zipfile.ZipInfo(part.filename, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            file.writestr(entry, parts.read(part))


def _found(root: BaseOxmlElement, name: str) -> list[BaseOxmlElement]:
    return list(root.iter(qn(name)))


def _property(text: str) -> str:
    return shown(text)[:_PROPERTY_LENGTH]

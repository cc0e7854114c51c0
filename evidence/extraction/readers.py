"""Read the text of each kind of file, piece by piece in reading order, cleaned for searching.

Each reader takes the file open at its start and may raise anything: `child` handles it. Readers look for
words, not for layout: what a person sees as text comes out once, each paragraph, cell or line on its own
line.
"""

import codecs
import contextlib
import email
import email.policy
import encodings
import importlib
import io
import pkgutil
import re
import unicodedata
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import IO

_CHUNK_CHARACTERS = 64 * 1024
#: Control characters but for tab and line feed, and marks of where a word may be broken.
_NOISE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\ufeff\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\s*\n\s*")
#: How PDFium marks a word that is broken at the end of a line.
_BROKEN_WORD = re.compile(r"[\x02\ufffe]\s*")


def read(kind: str, file: IO[bytes]) -> Iterator[str]:
    """Yield the cleaned text of a file of this kind, each piece ending a line; nothing for a file without
    text.
    """
    for piece in _READERS[kind](file):
        cleaned = clean(piece)
        if cleaned:
            yield f"{cleaned}\n"


def import_for(kind: str) -> None:
    """Import what reading this kind needs, while modules may still be looked for on the disk."""
    for name in _LIBRARIES.get(kind, ()):
        importlib.import_module(name)
    # A message says in which of the many encodings it is written; the names in an archive are in another.
    for module in pkgutil.iter_modules(encodings.__path__):
        with contextlib.suppress(LookupError, ImportError):
            codecs.lookup(module.name)


def clean(text: str) -> str:
    """Return plain letters (ligatures and wide forms decomposed), no controls, single spaces, no empty lines."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text.replace("\r", "\n")))
    return _EMPTY_LINES.sub("\n", _SPACES.sub(" ", plain)).strip()


def _pdf(file: IO[bytes]) -> Iterator[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(file.read())
    for number in range(len(document)):
        page = document[number]
        words = page.get_textpage()
        yield _BROKEN_WORD.sub("", words.get_text_range())
        words.close()
        page.close()


def _docx(file: IO[bytes]) -> Iterator[str]:
    """Yield body, headers, footers, notes and comments, without tracked deletions."""
    import docx
    from docx.oxml.ns import qn
    from docx.oxml.parser import parse_xml

    breaks = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:p"): "\n", qn("w:tc"): "\n"}
    part_name = re.compile(r"/word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
    package = docx.Document(io.BytesIO(file.read())).part.package
    assert package is not None
    for part in package.iter_parts():
        if part_name.fullmatch(str(part.partname)):
            # Entities are not resolved, and nothing is fetched.
            yield from _flowing(parse_xml(part.blob), words=qn("w:t"), breaks=breaks)


def _pptx(file: IO[bytes]) -> Iterator[str]:
    """Yield the slides in order, each with its notes."""
    import pptx
    from pptx.oxml.ns import qn

    breaks = {qn("a:br"): "\n", qn("a:p"): "\n", qn("a:tc"): "\n"}
    for slide in pptx.Presentation(io.BytesIO(file.read())).slides:
        yield from _flowing(slide.element, words=qn("a:t"), breaks=breaks)
        if slide.has_notes_slide:
            yield from _flowing(slide.notes_slide.element, words=qn("a:t"), breaks=breaks)


def _xlsx(file: IO[bytes]) -> Iterator[str]:
    """Yield sheet by sheet, row by row; for a formula its last value."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(file.read()), read_only=True, data_only=True)
    for sheet in book.worksheets:
        # A sheet that claims a million columns gets only those that it has.
        sheet.reset_dimensions()
        yield sheet.title
        for row in sheet.iter_rows(values_only=True):
            cells = [str(value) for value in row if value is not None]
            if cells:
                yield " ".join(cells)


def _open_document(file: IO[bytes]) -> Iterator[str]:
    """Yield the paragraphs and headings of a text, sheet or presentation."""
    import odfdo

    body = odfdo.Document(io.BytesIO(file.read())).body
    for paragraph in body.get_elements("descendant::text:p | descendant::text:h"):
        yield paragraph.text_recursive


def _plain(file: IO[bytes]) -> Iterator[str]:
    with io.TextIOWrapper(file, encoding=_encoding_of(file), errors="replace") as text:
        while piece := text.read(_CHUNK_CHARACTERS):
            yield piece + text.readline()


def _encoding_of(file: IO[bytes]) -> str:
    """Return the encoding that the kind's own check accepts:

    UTF-16 with its mark, UTF-8, else Windows-1252.
    """
    content = file.read()
    file.seek(0)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _eml(file: IO[bytes]) -> Iterator[str]:
    """Yield the headers that people read, the message, and the names of attachments."""
    message = email.message_from_binary_file(file, _class=EmailMessage, policy=email.policy.default)
    for name in ("Subject", "From", "To", "Cc", "Date"):
        yield str(message.get(name, ""))
    for part in message.walk():
        if part.get_filename():
            yield str(part.get_filename())
        elif part.get_content_type() == "text/plain":
            yield str(part.get_content())
        elif part.get_content_type() == "text/html":
            yield _text_of_html(str(part.get_content()))


class _Html(HTMLParser):
    """Collect the text that a page shows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in ("script", "style")
        self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")
        self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)


def _text_of_html(html: str) -> str:
    parser = _Html()
    parser.feed(html)
    parser.close()
    return "".join(parser.pieces)


def _flowing(root: object, *, words: str, breaks: dict[str, str]) -> Iterator[str]:
    """Yield the text under an element; `breaks` maps an element to the text that its end stands for."""
    line: list[str] = []
    from lxml import etree

    for _event, node in etree.iterwalk(root, events=("end",)):
        if node.tag == words:
            line.append(node.text or "")
        elif node.tag in breaks:
            line.append(breaks[node.tag])
            if breaks[node.tag] == "\n" and len(line) > 200:
                yield "".join(line)
                line = []
    yield "".join(line)


_READERS: dict[str, Callable[[IO[bytes]], Iterator[str]]] = {
    "pdf": _pdf,
    "docx": _docx,
    "pptx": _pptx,
    "xlsx": _xlsx,
    "odt": _open_document,
    "ods": _open_document,
    "odp": _open_document,
    "csv": _plain,
    "txt": _plain,
    "eml": _eml,
}

_LIBRARIES: dict[str, tuple[str, ...]] = {
    "pdf": ("pypdfium2",),
    "docx": ("docx",),
    "pptx": ("pptx",),
    "xlsx": ("openpyxl",),
    "odt": ("odfdo",),
    "ods": ("odfdo",),
    "odp": ("odfdo",),
    "eml": ("email.parser", "email._header_value_parser"),
}

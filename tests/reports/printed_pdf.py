"""Reads a printed paper back: its text as a reader gets it, its pages, and its tree of tags."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, NamedTuple

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject


class Tag(NamedTuple):
    """An element of the tree: its kind, how deep it lies, the language that it is in, and its alternative text."""

    kind: str
    depth: int
    language: str
    alt: str


@dataclass(frozen=True)
class PrintedPaper:
    """The bytes of a PDF, read by poppler and by pypdf."""

    content: bytes

    @property
    def reader(self) -> PdfReader:
        return PdfReader(BytesIO(self.content))

    @property
    def root(self) -> Any:
        return self.reader.trailer["/Root"]

    @property
    def pages(self) -> list[str]:
        """The text of each page, in reading order."""
        done = subprocess.run(
            ["pdftotext", "-enc", "UTF-8", "-", "-"], input=self.content, capture_output=True, check=True
        )
        return done.stdout.decode().split("\f")[:-1]

    @property
    def text(self) -> str:
        return "\n".join(self.pages)

    @property
    def words(self) -> str:
        """All text with each run of spaces and line ends as one space."""
        return " ".join(self.text.split())

    def tags(self) -> list[Tag]:
        return list(_walk(self.root["/StructTreeRoot"], 0, str(self.root["/Lang"])))

    def tags_of(self, kind: str) -> list[Tag]:
        return [tag for tag in self.tags() if tag.kind == kind]

    def fills(self) -> list[float]:
        """How far down the text of each page reaches, without head, foot and banners: 0 is the top, 1 the bottom."""
        done = subprocess.run(
            ["pdftotext", "-bbox", "-", "-"], input=self.content, capture_output=True, check=True
        )
        pages = done.stdout.decode().split("<page ")[1:]
        return [max(map(_depth_of, _WORDS.findall(page)), default=0.0) for page in pages]

    def bookmarks(self) -> list[str]:
        return [str(entry.title) for entry in _flat(self.reader.outline)]

    def xmp(self) -> str:
        return self.root["/Metadata"].get_object().get_data().decode()


#: The place of the lower edge of a word, in points from the top of its page; the edges of a page's body.
_WORDS = re.compile(r'yMax="([\d.]+)"')
_TOP, _BOTTOM = 71.0, 762.0


def _depth_of(edge: str) -> float:
    """Return the depth of a lower edge in the body of the page; 0 outside of it."""
    depth = (float(edge) - _TOP) / (_BOTTOM - _TOP)
    return depth if depth <= 1 else 0.0


def _flat(outline: list[Any]) -> Iterator[Any]:
    for entry in outline:
        if isinstance(entry, list):
            yield from _flat(entry)
        else:
            yield entry


def _walk(node: Any, depth: int, language: str) -> Iterator[Tag]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, ArrayObject):
        for each in node:
            yield from _walk(each, depth, language)
    elif isinstance(node, DictionaryObject):
        language = str(node.get("/Lang", language))
        if "/S" in node:
            yield Tag(str(node["/S"]).removeprefix("/"), depth, language, str(node.get("/Alt", "")))
        if "/K" in node:
            yield from _walk(node["/K"], depth + 1, language)


def letters(text: str) -> list[str]:
    """The signs of a text that can be seen, in any order: spaces, line ends and marks of direction left out."""
    return sorted(
        sign
        for sign in unicodedata.normalize("NFD", text)
        if not sign.isspace() and unicodedata.category(sign) not in ("Cf", "Cc") and sign != "\ufe0f"
    )


def laid_out(data: bytes) -> str:
    """The words of a PDF, line by line as they stand on its pages, so that a row of a table is one line."""
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return done.stdout.decode()

"""Compiles a PDF/UA-1 file with Typst from a template and data.

The compiler sees one folder, that of the templates beside this module, and no address: a document can open only what
lies there. The data reach it as one JSON text that no template reads as markup.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from reports.writers.pdf.fonts import FONT_FAMILIES, typst_fonts
from reports.writers.pdf.typst_data import TypedText, to_json, unusual_texts

TEMPLATES = Path(__file__).resolve().parent / "typ"
#: No package lies there, and none is asked for.
_NO_PACKAGES = TEMPLATES / "packages"
#: For so many compilations Typst caches what it has worked out.
_CACHED_COMPILATIONS = 11
#: What the templates need from every document, for one that holds nothing else.
_EMPTY_DOCUMENT: Mapping[str, Any] = {
    "languages": ["ms"], "fonts": FONT_FAMILIES, "labels": {}, "banner": [], "title": [""], "as_at": [""], "sample": [],
}  # fmt: skip


class _Unprintable(Exception):
    """A text has a character, or a mark on a letter, that no font can show."""


def compile_pdf(template: str, data: Mapping[str, Any], made_at: datetime) -> bytes:
    """Return the PDF of a template and its data; the same for the same data and instant, on any machine.

    Where no font can show a text with the marks on its letters, that text is printed in plain characters and code
    points instead; all other texts stay as they were typed.
    """
    try:
        return _compile(template, data, made_at, plain_texts=())
    except _Unprintable:
        texts = list(dict.fromkeys(unusual_texts(data)))
        with suppress(_Unprintable):
            return _compile(template, data, made_at, plain_texts=_find_unprintable(texts, made_at))
        return _compile(template, data, made_at, plain_texts=frozenset(texts))
    finally:
        clear_typst_cache()


def clear_typst_cache() -> None:
    """Make Typst forget the last documents, by compiling empty ones (see ADR 16: it offers no other way)."""
    for _time in range(_CACHED_COMPILATIONS):
        typst.compile(b"", format="svg", font_paths=typst_fonts(), ignore_system_fonts=True)


def run_typst(template: str, data: str, made_at: datetime) -> bytes:
    """Run Typst on a template and JSON data. Raises `typst.TypstError`."""
    return typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=typst_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards="ua-1",
        package_path=str(_NO_PACKAGES),
        package_cache_path=str(_NO_PACKAGES),
        timestamp=int(made_at.timestamp()),
    )


def _compile(
    template: str, data: Mapping[str, Any], made_at: datetime, *, plain_texts: Container[str]
) -> bytes:
    try:
        return run_typst(template, to_json(data, plain_texts=plain_texts), made_at)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error) and "disallowed codepoint" not in str(error):
            raise
        raise _Unprintable from error


def _find_unprintable(texts: Sequence[str], made_at: datetime) -> frozenset[str]:
    """Return those of the texts that cannot be printed, found by halving."""
    if not texts or _can_print(texts, made_at):
        return frozenset()
    if len(texts) == 1:
        return frozenset(texts)
    half = len(texts) // 2
    return _find_unprintable(texts[:half], made_at) | _find_unprintable(texts[half:], made_at)


def _can_print(texts: Sequence[str], made_at: datetime) -> bool:
    data = {**_EMPTY_DOCUMENT, "texts": [TypedText(text) for text in texts]}
    try:
        _compile("probe.typ", data, made_at, plain_texts=())
    except _Unprintable:
        return False
    return True

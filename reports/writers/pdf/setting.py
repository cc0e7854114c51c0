"""Sets a paper: hands data and a template to Typst, and gets the bytes of a PDF/UA-1 file.

The compiler sees one folder, that of the templates beside this module, and no address: what a document could open is
what lies there. The data reach it as one JSON text that no template reads as markup.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from reports.writers.pdf.faces import FAMILIES, fonts
from reports.writers.pdf.typed import Typed, as_data, doubtful

TEMPLATES = Path(__file__).resolve().parent / "typ"
#: For so many compilations Typst remembers what it has worked out.
_REMEMBERED = 11
#: No package lies there, and none is asked for.
_NO_PACKAGES = TEMPLATES / "packages"


#: What the templates ask of every paper, of one that holds nothing else.
_BARE: Mapping[str, Any] = {
    "tongues": ["ms"], "faces": list(FAMILIES), "words": {}, "banner": [], "title": [""], "as_at": [""], "sample": [],
}  # fmt: skip


def set_paper(template: str, data: Mapping[str, Any], made_at: datetime) -> bytes:
    """The PDF of a template and its data; the same for the same data and instant, on any machine.

    Where no face can show a text with the marks that somebody put on its letters, every sign of that text outside of
    the text face is written as its number instead; all other texts stay as they were typed.
    """
    try:
        return _compiled(template, data, made_at, plainly=())
    except _Unshowable:
        texts = list(dict.fromkeys(doubtful(data)))
        with suppress(_Unshowable):
            return _compiled(template, data, made_at, plainly=_unshowable(texts, made_at))
        return _compiled(template, data, made_at, plainly=frozenset(texts))
    finally:
        forget()


class _Unshowable(Exception):
    """A text has a sign, or a mark on a letter, that no face can show."""


def _compiled(template: str, data: Mapping[str, Any], made_at: datetime, *, plainly: Container[str]) -> bytes:
    try:
        return compile_paper(template, as_data(data, plainly=plainly), made_at)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error) and "disallowed codepoint" not in str(error):
            raise
        raise _Unshowable from error


def _unshowable(texts: Sequence[str], made_at: datetime) -> frozenset[str]:
    """Those of the texts that cannot be set, found by halves."""
    if not texts or _can_be_set(texts, made_at):
        return frozenset()
    if len(texts) == 1:
        return frozenset(texts)
    half = len(texts) // 2
    return _unshowable(texts[:half], made_at) | _unshowable(texts[half:], made_at)


def _can_be_set(texts: Sequence[str], made_at: datetime) -> bool:
    try:
        _compiled("probe.typ", {**_BARE, "texts": [Typed(text) for text in texts]}, made_at, plainly=())
    except _Unshowable:
        return False
    return True


def forget() -> None:
    """Make Typst let go of the last papers: some thirty megabytes each, and nobody's texts stay in a worker."""
    for _time in range(_REMEMBERED):
        typst.compile(b"", format="svg", font_paths=fonts(), ignore_system_fonts=True)


def compile_paper(template: str, data: str, made_at: datetime) -> bytes:
    """Bare Typst on data that are ready."""
    return typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards="ua-1",
        package_path=str(_NO_PACKAGES),
        package_cache_path=str(_NO_PACKAGES),
        timestamp=int(made_at.timestamp()),
    )

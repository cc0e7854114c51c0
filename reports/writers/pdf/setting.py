"""Sets a paper: hands data and a template to Typst, and gets the bytes of a PDF/UA-1 file.

The compiler sees one folder, that of the templates beside this module, and no address: what a document could open is
what lies there. The data reach it as one JSON text that no template reads as markup.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from reports.writers.pdf.faces import fonts
from reports.writers.pdf.typed import as_data

TEMPLATES = Path(__file__).resolve().parent / "typ"
#: For so many compilations Typst remembers what it has worked out.
_REMEMBERED = 11
#: No package lies there, and none is asked for.
_NO_PACKAGES = TEMPLATES / "packages"


def set_paper(template: str, data: Mapping[str, Any], made_at: datetime) -> bytes:
    """The PDF of a template and its data; the same for the same data and instant, on any machine.

    Where no face can show a text with the marks that somebody put on its letters, every sign outside of the text face
    is written as its number instead.
    """
    try:
        return compile_paper(template, as_data(data), made_at)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error) and "disallowed codepoint" not in str(error):
            raise
        return compile_paper(template, as_data(data, plainly=True), made_at)
    finally:
        forget()


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

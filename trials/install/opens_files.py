"""Runs inside an installation, under the restrictions of a unit: opens files as web and worker do, and sets a paper."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path


def open_files() -> list[str]:
    """Judge an image and a workbook, draw a preview, read a text, set a PDF and judge that; return what was done."""
    from docx import Document
    from PIL import Image
    from typst import compile as compile_typst

    from evidence.judging import judge
    from evidence.previews import draw_preview
    from evidence.text_extraction import extract
    from reports.writers.pdf.fonts import typst_fonts
    from tracker import checks

    if problems := checks.files_are_opened_safely(None):
        raise RuntimeError(f"the kernel's filter is not to be had: {problems}")
    image, letter = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (400, 300), "navy").save(image, "PNG")
    document = Document()
    document.add_paragraph("Mesyuarat majlis")
    document.save(letter)
    paper = compile_typst(
        b'#set document(title: "Jejak")\n= Jejak', font_paths=typst_fonts(), ignore_system_fonts=True
    )
    done = []
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("a.png", image.getvalue()), ("a.docx", letter.getvalue()), ("a.pdf", paper)):
            path = Path(folder) / name
            path.write_bytes(content)
            done.append(f"judged {judge(path, name=name, size=len(content)).code}")
        with (Path(folder) / "a.png").open("rb") as file:
            if not draw_preview(file):
                raise RuntimeError("no preview was drawn")
        with (Path(folder) / "a.docx").open("rb") as file:
            if "Mesyuarat" not in extract(file, kind="docx").text:
                raise RuntimeError("the text of the letter was not read")
    return [*done, "drew a preview", "read a text", "set a paper"]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    import django

    django.setup()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    filters = next(line.split()[1] for line in status.splitlines() if line.startswith("Seccomp:"))
    print(f"under seccomp mode {filters}: {', '.join(open_files())}")

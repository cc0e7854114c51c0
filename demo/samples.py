"""Sample documents, made in code: small, of the right kind, and marked as samples in their text."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from textwrap import wrap

import xlsxwriter
from PIL import Image, ImageDraw

#: Precedes every sample text.
SAMPLE_MARK = "[Contoh]"
_NOTICE = "CONTOH / SAMPLE. Dokumen ini bukan rekod rasmi."

#: Nothing in a workbook depends on the day it was made.
_CREATED_AT = datetime(2023, 1, 1, tzinfo=UTC)

#: Characters of a line of a sample's text.
_LINE = 64


def sample_document(name: str, *, agency: str, text: str = "") -> bytes:
    """Return the bytes of a sample document, with some text inside; the ending of its name decides its kind.

    The same arguments give the same bytes, and another name or agency gives others.
    """
    lines = [_NOTICE, name, f"Agensi: {agency}", *wrap(text, _LINE)]
    return _MAKERS[name.rsplit(".", 1)[1]](lines)


def _pdf(lines: list[str]) -> bytes:
    text = " ".join(f"({_pdf_text(line)}) Tj 0 -24 Td" for line in lines)
    stream = f"BT /F1 14 Tf 60 760 Td {text} ET".encode("cp1252", "replace")
    fonts = b"<< /Font << /F1 5 0 R >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources %s >>" % fonts,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    return _pdf_file(objects)


def _pdf_text(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _pdf_file(objects: list[bytes]) -> bytes:
    body = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    body += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(body)


def _xlsx(lines: list[str]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED_AT})
        sheet = book.add_worksheet("Contoh")
        for number, line in enumerate(lines):
            sheet.write_string(number, 0, line)
    return buffer.getvalue()


def _jpg(lines: list[str]) -> bytes:
    image = Image.new("RGB", (960, 640), (219, 234, 254))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 430, 960, 640), fill=(29, 78, 216))
    for number, line in enumerate(lines):
        draw.text((40, 40 + 40 * number), line, fill=(23, 37, 84), font_size=24)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


_MAKERS: dict[str, Callable[[list[str]], bytes]] = {"pdf": _pdf, "xlsx": _xlsx, "jpg": _jpg}

"""Files for tests, good and hostile, built in code: the repository holds no binary."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib

from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter

EXE = (
    b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"
    + b"\x00" * 200
    + b"This program cannot be run in DOS mode"
)
ELF = b"\x7fELF\x02\x01\x01" + b"\x00" * 200
CSV = b"Agensi,Bilangan\nPDRM,42\nJTK,27\n"
TXT = b"Taklimat diadakan di Kluang pada 3 Julai 2023.\n"
EML = (
    b"From: pegawai@jtk.example\r\nTo: mapo@kdn.example\r\nDate: Mon, 3 Jul 2023 10:00:00 +0800\r\n"
    b"Subject: Taklimat\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nTelah diadakan.\r\n"
)


def pdf(*, pages: int = 1, password: str = "", padding_bytes: int = 0) -> bytes:
    """Return a small PDF; encrypted with a password, with a stream of the size of the padding."""
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(width=595, height=842)
    if padding_bytes:
        writer.add_attachment("data.bin", noise(padding_bytes))
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def noise(size: int, *, seed: int = 1) -> bytes:
    """Return bytes that do not compress, the same each time."""
    return random.Random(seed).randbytes(size)


def png(width: int = 32, height: int = 24, *, mode: str = "RGB") -> bytes:
    return _image("PNG", width, height, mode)


def jpeg(width: int = 32, height: int = 24, *, exif: bool = False) -> bytes:
    """Return a small JPEG; with exif it says where it was taken and that it lies on its side."""
    image = Image.new("RGB", (width, height), "teal")
    target = io.BytesIO()
    if exif:
        data = Image.Exif()
        data[0x0112] = 6
        data[0x010F] = "Telefon rahsia"
        image.save(target, "JPEG", exif=data)
    else:
        image.save(target, "JPEG")
    return target.getvalue()


def huge_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """Return a PNG of a few bytes that claims to be huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\x00" * 100)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def xlsx() -> bytes:
    book = Workbook()
    book.active["A1"] = "Bilangan"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/{part}" ContentType="{content_type}"/></Types>'
)
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
_MACRO_WORD = "application/vnd.ms-word.document.macroEnabled.main+xml"


def docx(*, content_type: str = _WORD, more: dict[str, bytes] | None = None) -> bytes:
    """Return a small DOCX, with more entries where given."""
    return ooxml("word/document.xml", content_type, more=more)


def pptx() -> bytes:
    return ooxml("ppt/presentation.xml", _SLIDES)


def docm() -> bytes:
    """Return a Word file with macros, to be renamed."""
    return docx(content_type=_MACRO_WORD, more={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0macro"})


def ooxml(part: str, content_type: str, *, more: dict[str, bytes] | None = None) -> bytes:
    entries = {
        "[Content_Types].xml": _TYPES.format(part=part, content_type=content_type).encode(),
        "_rels/.rels": b'<?xml version="1.0"?><Relationships/>',
        part: b"<document>Taklimat</document>",
    }
    return archive({**entries, **(more or {})})


def odf(
    media_type: str = "application/vnd.oasis.opendocument.text", *, more: dict[str, bytes] | None = None
) -> bytes:
    entries = {
        "mimetype": media_type.encode(),
        "content.xml": b"<office>Taklimat</office>",
        "META-INF/manifest.xml": (
            b'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"></m:manifest>'
        ),
    }
    return archive({**entries, **(more or {})}, stored=("mimetype",))


ODF_ENCRYPTED_MANIFEST = (
    b'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    b'<m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry></m:manifest>'
)


def archive(entries: dict[str, bytes], *, stored: tuple[str, ...] = ()) -> bytes:
    """Return a ZIP of these entries, deflated but for those named in `stored`."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in entries.items():
            method = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            container.writestr(name, content, compress_type=method)
    return target.getvalue()


def lying_docx(*, real_bytes: int = 8 * 1024 * 1024) -> bytes:
    """Return a DOCX whose list says that a part is small, although it unpacks to far more."""
    content = docx(more={"word/media/lie.bin": b"\x00" * real_bytes})
    honest = struct.pack("<I", real_bytes)
    return content.replace(honest, struct.pack("<I", 1000))


def backwards() -> bytes:
    """Return an archive whose list names its parts from the last to the first: who follows it, reads backwards each time."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for number in range(600):
            container.writestr(f"xl/part{number}.xml", noise(30_000, seed=number))
        container.filelist.reverse()
    return target.getvalue()


def ole(*streams: str) -> bytes:
    """Return an OLE container with empty streams of these names, as encrypted and old Office files are."""
    names = ["Root Entry", *streams]
    entries = b"".join(_ole_entry(name, index, len(names)) for index, name in enumerate(names))
    entries += b"\x00" * (-len(entries) % 512)
    sectors = len(entries) // 512
    fat = [_FAT_SECTOR, *range(2, sectors + 1), _END]
    fat += [_FREE] * (128 - len(fat))
    difat = [0] + [_FREE] * 108
    header = struct.pack(
        "<8s16sHHHHH6s9I", OLE_SIGNATURE, b"", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, 1, 1, 0, 4096, _END, 0, _END, 0
    )
    return header + struct.pack("<109I", *difat) + struct.pack("<128I", *fat) + entries


OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE, _END, _FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _ole_entry(name: str, index: int, count: int) -> bytes:
    """Return a directory entry: the root holds the first stream, each stream the next to its right."""
    encoded = name.encode("utf-16-le") + b"\x00\x00"
    is_root = index == 0
    right = index + 1 if not is_root and index + 1 < count else _FREE
    child = 1 if is_root and count > 1 else _FREE
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        encoded,
        len(encoded),
        5 if is_root else 2,
        1,
        _FREE,
        right,
        child,
        b"",
        0,
        0,
        0,
        _END,
        0,
    )


def _image(form: str, width: int, height: int, mode: str) -> bytes:
    target = io.BytesIO()
    Image.new(mode, (width, height)).save(target, form)
    return target.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

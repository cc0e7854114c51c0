"""JPEG and PNG: complete images of a bearable size, with nothing hidden behind their end."""

import re
import warnings
from typing import IO

from PIL import Image, MpoImagePlugin, TiffImagePlugin  # noqa: F401 - photographs bring parts of both

from evidence.kinds.catalogue import BY_CODE, MAX_PIXELS, PNG_SIGNATURE, FileKind
from evidence.kinds.refusals import Refused

_NEAR_BYTES, _WINDOW_BYTES = 4 * 1024, 256 * 1024
# The library would look for its readers on the disk when the first image is opened, when nothing may be opened any more.
Image.preinit()

#: In compressed image data FF is followed by 00, by a restart mark or by more FF; anything else is a marker.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_EOI, _SOS = 0xD9, 0xDA
#: Real images have up to a few thousand parts; a file of nothing but parts would keep us busy.
_MAX_PARTS = 50_000
#: Marks of other files that must not follow the end of an image; at its very start also the short ones.
_FOREIGN = (b"rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"%pdf-", b"<script", b"<html", b"<?php")
_FOREIGN_STARTS = (b"MZ", b"\x7fELF", b"PK\x03\x04", b"#!")
#: Phones put their own data behind a picture.
_MAX_TAIL_BYTES = 8 * 1024 * 1024


def check(file: IO[bytes], *, head: bytes, size: int) -> FileKind:
    """Return the kind of a complete image.

    Raises Refused when damaged, too large or followed by another file.
    """
    kind = BY_CODE["png"] if head.startswith(PNG_SIGNATURE) else BY_CODE["jpeg"]
    end = _png_end(file, size=size) if kind.code == "png" else _jpeg_end(file, size=size)
    if end is None:
        raise Refused("damaged_image", kind.code)
    _demand_header(file, kind=kind)
    if b"%PDF-" in head[:1024]:
        raise Refused("hidden", kind.code)
    if end < size:
        _demand_harmless_tail(file, kind=kind, end=end, size=size)
    return kind


def _demand_header(file: IO[bytes], *, kind: FileKind) -> None:
    """Raise Refused unless the image can be opened and has few enough pixels."""
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(file, formats=[kind.code.upper()]) as image:
                width, height = image.size
    except Image.DecompressionBombError as error:
        raise Refused("too_many_dots") from error
    except Exception as error:  # a parser of hostile bytes raises whatever it likes
        raise Refused("damaged_image", kind.code) from error
    if width * height > MAX_PIXELS:
        raise Refused("too_many_dots")


def _png_end(file: IO[bytes], *, size: int) -> int | None:
    """Return where the image ends, from its chunks, without reading their data; None when they do not fit."""
    at = len(PNG_SIGNATURE)
    for _chunk in range(_MAX_PARTS):
        if at + 12 > size:
            return None
        file.seek(at)
        header = file.read(8)
        length, name = int.from_bytes(header[:4], "big"), header[4:]
        at += 12 + length
        if name == b"IEND":
            return at if at <= size else None
    return None


def _jpeg_end(file: IO[bytes], *, size: int) -> int | None:
    """Return where the image ends, from its segments, skipping compressed data; None without an end."""
    at = 2
    for _segment in range(_MAX_PARTS):
        if at + 2 > size:
            return None
        file.seek(at)
        header = file.read(4)
        if header[0] != 0xFF:
            return None
        marker = header[1]
        if marker == 0xFF:
            at += 1
        elif marker == _EOI:
            return at + 2
        elif 0xD0 <= marker <= 0xD7 or marker == 0x01:
            at += 2
        else:
            at += 2 + int.from_bytes(header[2:4], "big")
            if marker == _SOS:
                at = _next_marker(file, at, size=size)
    return None


def _next_marker(file: IO[bytes], at: int, *, size: int) -> int:
    """Return the position of the first marker after compressed data, or the file's size."""
    width = _NEAR_BYTES
    while at < size:
        file.seek(at)
        window = file.read(width)
        found = _MARKER.search(window)
        if found:
            return at + found.start()
        # A marker may lie across two windows: the last byte is read again, unless it is the file's last.
        at += len(window) - 1 if len(window) == width else len(window)
        width = _WINDOW_BYTES
    return size


def _demand_harmless_tail(file: IO[bytes], *, kind: FileKind, end: int, size: int) -> None:
    """Raise Refused for a suspicious tail.

    Phones append previews and short films to a JPEG; nothing else may follow, and nothing at all a PNG.
    """
    if size - end > _MAX_TAIL_BYTES or (kind.code == "png" and size - end > 1024):
        raise Refused("hidden", kind.code)
    file.seek(end)
    window = file.read(_WINDOW_BYTES)
    if window.startswith(_FOREIGN_STARTS):
        raise Refused("hidden", kind.code)
    overlap = b""
    while window:
        lowered = (overlap + window).lower()
        if any(mark in lowered for mark in _FOREIGN):
            raise Refused("hidden", kind.code)
        overlap = window[-16:]
        window = file.read(_WINDOW_BYTES)

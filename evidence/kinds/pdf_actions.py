"""What a PDF does by itself when it is opened: scripts, programs that it starts, programs attached to it.

The file is read in order, as in `pdf`, and its compressed lists of objects are unpacked within a budget; references are
followed for the action on opening alone. Scripts of single form fields, which check what is typed, are not refused.
"""

import re
import zlib
from collections.abc import Iterator
from typing import IO

from evidence.kinds.active import PROGRAM_NAME
from evidence.kinds.refusals import Refused

_CHUNK_BYTES = 256 * 1024
_OVERLAP_BYTES = 2048
_MAX_UNPACKED_BYTES = 64 * 1024 * 1024
_MAX_PACKED_BYTES = 8 * 1024 * 1024
_PROGRAM_STARTS = (b"MZ", b"\x7fELF", b"#!/")

_SPACE = rb"[\x00\t\n\f\r ]"
_END = rb"(?=[\x00\t\n\f\r \[\]<>(){}/%])"


def _name(text: str) -> bytes:
    """Return a pattern of a PDF name, also where its letters are written as numbers."""
    letters = (f"(?:{letter}|#{ord(letter):02X}|#{ord(letter):02x})" for letter in text)
    return b"/" + "".join(letters).encode() + _END


_STREAM = rb"(?:(?!endobj|stream)[\x00-\xff]){0,1000}?stream\r?\n"
_OBJECTS = re.compile(_name("ObjStm") + _STREAM)
_ATTACHED = re.compile(_name("EmbeddedFile") + _STREAM)
_FIRST = re.compile(rb"/First" + _SPACE + rb"+(\d{1,9})")
_LAUNCH = re.compile(_name("S") + _SPACE + rb"*" + _name("Launch"))
#: As the name of a list of scripts that run on opening; as the kind of an action, a script's own name follows.
_SCRIPTS = re.compile(_name("JavaScript") + _SPACE + rb"*(?:\d+" + _SPACE + rb"+\d+" + _SPACE + rb"+R|<<)")
_OPENING = re.compile(
    _name("OpenAction")
    + _SPACE
    + rb"*(?:(\d+)"
    + _SPACE
    + rb"+(\d+)"
    + _SPACE
    + rb"+R|<<([\x00-\xff]{0,1000}))"
)
_ACTION = re.compile(_name("S") + _SPACE + rb"*(?:" + _name("JavaScript") + rb"|" + _name("Launch") + rb")")
_FILE_NAME = re.compile(rb"/U?F" + _SPACE + rb"*\(((?:[^()\\]|\\[\x00-\xff]){0,600})\)")
_ESCAPED = re.compile(rb"\\([0-7]{1,3})")
_PROGRAM_FILE = re.compile(PROGRAM_NAME + rb"$", re.IGNORECASE)
_OBJECT = rb"(?<!\d)%d" + _SPACE + rb"+%d" + _SPACE + rb"+obj\b((?:(?!endobj)[\x00-\xff]){0,1000})"


def demand_inert(file: IO[bytes]) -> None:
    """Raise Refused if a PDF runs a script or a program when it is opened, or if a program is attached to it."""
    opening: set[tuple[int, int]] = set()
    packed: set[int] = set()
    for at, window in _windows(file):
        _demand_inert(window, opening)
        packed |= {at + match.end() for match in _OBJECTS.finditer(window)}
        for match in _ATTACHED.finditer(window):
            _demand_no_program(file, at + match.end())
    lists = list(_unpacked(file, sorted(packed)))
    for _first, objects in lists:
        _demand_inert(objects, opening)
    for number, generation in opening:
        if _acts(file, lists, number, generation):
            raise Refused("acts_on_opening")


def _demand_inert(text: bytes, opening: set[tuple[int, int]]) -> None:
    """Raise Refused for what acts in this piece; add the objects that its actions on opening name."""
    if _LAUNCH.search(text) or _SCRIPTS.search(text):
        raise Refused("acts_on_opening")
    if any(map(_is_program_file, _FILE_NAME.findall(text))):
        raise Refused("holds_program")
    for number, generation, action in _OPENING.findall(text):
        if number:
            opening.add((int(number[:9]), int(generation[:9])))
        elif _ACTION.search(action.partition(b">>")[0] + b" "):
            raise Refused("acts_on_opening")


def _is_program_file(name: bytes) -> bool:
    """Whether the name of an attached file, as it is written in a PDF, is that of a program or script."""
    plain = _ESCAPED.sub(lambda octal: bytes([int(octal[1], 8) & 0xFF]), name)
    return bool(_PROGRAM_FILE.search(plain.replace(b"\0", b"")))


def _windows(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield the file in pieces, each with the end of the one before, and where each begins."""
    at, overlap = 0, b""
    while True:
        file.seek(at)
        chunk = file.read(_CHUNK_BYTES)
        if not chunk:
            return
        yield at - len(overlap), overlap + chunk
        at += len(chunk)
        overlap = (overlap + chunk)[-_OVERLAP_BYTES:]


def _unpacked(file: IO[bytes], places: list[int]) -> Iterator[tuple[int, bytes]]:
    """Yield each compressed list of objects with the offset of its first one. Raises Refused over the budget."""
    left = _MAX_UNPACKED_BYTES
    for place in places:
        file.seek(max(0, place - _OVERLAP_BYTES))
        head = file.read(min(place, _OVERLAP_BYTES))
        first = _FIRST.findall(head[head.rfind(b"obj") :])
        file.seek(place)
        unpacker = zlib.decompressobj()
        try:
            objects = unpacker.decompress(file.read(_MAX_PACKED_BYTES), left)
        except zlib.error:
            continue
        left -= len(objects)
        if left <= 0 or unpacker.unconsumed_tail:
            raise Refused("too_much")
        yield int(first[-1]) if first else 0, objects


def _demand_no_program(file: IO[bytes], place: int) -> None:
    """Raise Refused if the attached file at a place begins as a program does, plain or deflated."""
    file.seek(place)
    start = file.read(4096)
    try:
        unpacked = zlib.decompressobj().decompress(start, 16)
    except zlib.error:
        unpacked = b""
    if start.startswith(_PROGRAM_STARTS) or unpacked.startswith(_PROGRAM_STARTS):
        raise Refused("holds_program")


def _acts(file: IO[bytes], lists: list[tuple[int, bytes]], number: int, generation: int) -> bool:
    """Whether an object is an action that runs a script or a program."""
    pattern = re.compile(_OBJECT % (number, generation))
    if any(
        _ACTION.search(found + b" ") for _at, window in _windows(file) for found in pattern.findall(window)
    ):
        return True
    return any(_ACTION.search(found + b" ") for found in _listed(lists, number))


def _listed(lists: list[tuple[int, bytes]], number: int) -> Iterator[bytes]:
    """Yield the bodies of an object in compressed lists; a list begins with pairs of number and offset."""
    for first, objects in lists:
        pairs = [int(each[:9]) for each in objects[:first].split() if each.isdigit()]
        starts = sorted(pairs[1::2])
        for listed, offset in zip(pairs[::2], pairs[1::2], strict=False):
            if listed == number:
                end = next((start for start in starts if start > offset), len(objects))
                yield objects[first + offset : first + end]

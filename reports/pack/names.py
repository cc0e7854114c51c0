"""Names inside a pack: as people gave them, but safe to unpack on any machine, and never the same one twice."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from evidence.names import clean_name

#: Short enough for Windows with the folders around it, and for file systems that count bytes.
MOST_CHARACTERS, MOST_BYTES = 120, 240
#: Room for " (12345)" before the extension.
_ROOM = 8
#: What Windows does not take in a name.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
#: Devices of Windows, with any extension, whatever stands between.
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)", re.IGNORECASE)


def safe_name(raw: str, *, instead: str) -> str:
    """One part of a path: without path parts, hidden characters, names of devices, and dots or spaces at its ends.

    `instead` is taken where nothing is left of it.
    """
    name = _FORBIDDEN.sub("_", clean_name(raw))
    if _RESERVED.match(name):
        name = f"_{name}"
    return _cut(name) or instead


class Names:
    """Gives out the names of one pack: two that a file system might take for one are told apart by a number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: Counter[str] = Counter()

    def give(self, folder: str, name: str) -> str:
        """The path of a safe name in a folder ("" for none): the first keeps it, the second is "name (2).pdf"."""
        wanted = path = f"{folder}/{name}" if folder else name
        first = _alike(wanted)
        while _alike(path) in self._taken:
            self._numbers[first] += 1
            path = _numbered(wanted, self._numbers[first] + 1)
        self._taken.add(_alike(path))
        return path


def _alike(path: str) -> str:
    """The same for all paths that some file system takes for one: in any case, in any way of writing a letter."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())


def _numbered(path: str, number: int) -> str:
    folder, slash, name = path.rpartition("/")
    stem, dot, extension = _split(name)
    return f"{folder}{slash}{stem} ({number}){dot}{extension}"


def _cut(name: str) -> str:
    """Short enough, with its extension, and with room for a number."""
    stem, dot, extension = _split(name)
    tail = f"{dot}{extension}"
    stem = stem[: MOST_CHARACTERS - _ROOM - len(tail)]
    while len(f"{stem}{tail}".encode()) > MOST_BYTES - _ROOM:
        stem = stem[:-1]
    return f"{stem.rstrip('. ')}{tail}"


def _split(name: str) -> tuple[str, str, str]:
    """Stem, dot and extension; what is long or holds a space is no extension, and no name is all extension."""
    stem, dot, extension = name.rpartition(".")
    if stem and extension.isalnum() and len(extension) <= 20:
        return stem, dot, extension
    return name, "", ""

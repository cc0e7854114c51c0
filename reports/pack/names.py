"""Names inside a pack: those of our own folders and files, and those that people gave, safe to unpack on any machine."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from evidence.names import clean_name
from recommendations.states import ItemKind
from reports.states import SummaryLanguage

#: Short enough for Windows with the folders around it, and for file systems that count bytes.
MOST_CHARACTERS, MOST_BYTES = 120, 240
#: Room for " (12345)" before the extension.
_NUMBER_ROOM = 8
#: What Windows does not take in a name.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
#: Devices of Windows, with any extension, whatever stands between.
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PackNames:
    """Our own names in one language: short, without spaces; `kinds` by the kind of an item."""

    readme: str
    updates: str
    evidence: str
    document: str
    kinds: dict[str, str]

    def item(self, key: str) -> str:
        """Return "syor-04", given "recommendation-4"."""
        kind, _dash, number = key.partition("-")
        return f"{self.kinds[kind]}-{int(number):02}"


_MALAY = PackNames(
    readme="BACA-SAYA.txt",
    updates="kemas-kini",
    evidence="bukti",
    document="dokumen",
    kinds={ItemKind.RECOMMENDATION.value: "syor", ItemKind.WEAKNESS.value: "kelemahan"},
)
_ENGLISH = PackNames(
    readme="README.txt",
    updates="updates",
    evidence="evidence",
    document="document",
    kinds={ItemKind.RECOMMENDATION.value: "recommendation", ItemKind.WEAKNESS.value: "weakness"},
)


#: A pack in both languages has Malay names.
PACK_NAMES = {SummaryLanguage.MALAY: _MALAY, SummaryLanguage.ENGLISH: _ENGLISH, SummaryLanguage.BOTH: _MALAY}


def safe_name(raw: str, *, instead: str) -> str:
    """Return a name without path parts, hidden characters, names of devices, and dots or spaces at its ends.

    `instead` is returned where nothing is left of it.
    """
    name = _FORBIDDEN.sub("_", clean_name(raw))
    if _RESERVED.match(name):
        name = f"_{name}"
    return _shortened(name) or instead


class UniqueNames:
    """Gives out the names of one pack: two that a file system might take for one are told apart by a number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._numbers: Counter[str] = Counter()

    def give(self, folder: str, name: str) -> str:
        """Return the path of a safe name in a folder ("" for none): the first as it is, the second as "name (2).pdf"."""
        wanted = path = f"{folder}/{name}" if folder else name
        first = _comparable(wanted)
        while _comparable(path) in self._taken:
            self._numbers[first] += 1
            stem, extension = _split(name)
            numbered = f"{stem} ({self._numbers[first] + 1}){extension}"
            path = f"{folder}/{numbered}" if folder else numbered
        self._taken.add(_comparable(path))
        return path


def _comparable(path: str) -> str:
    """Return the same for all paths that some file system takes for one: in any case, however a letter is encoded."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())


def _shortened(name: str) -> str:
    """Return a name that is short enough, with its extension, and with room for a number."""
    stem, extension = _split(name)
    stem = stem[: MOST_CHARACTERS - _NUMBER_ROOM - len(extension)]
    while len(f"{stem}{extension}".encode()) > MOST_BYTES - _NUMBER_ROOM:
        stem = stem[:-1]
    return f"{stem.rstrip('. ')}{extension}"


def _split(name: str) -> tuple[str, str]:
    """Return stem and extension with its dot; what is long or holds a space is no extension."""
    stem, dot, extension = name.rpartition(".")
    if stem and extension.isalnum() and len(extension) <= 20:
        return stem, f"{dot}{extension}"
    return name, ""

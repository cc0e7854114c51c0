"""The faces of the papers that are set, and which signs each can show.

All lie in installed packages and are read where they lie: nothing is downloaded, cut or kept. Typst embeds of each what
a document uses. A sign that no face has is shown by its number, [U+1F9FF]: nothing that was typed vanishes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import fontpkg_amiri
import fontpkg_inter
import fontpkg_poppins
import manimgx_fonts
import manimgx_fonts_cjk
import typst
from fontTools.ttLib import TTCollection, TTFont

_NOTO = Path(manimgx_fonts.__file__).parent
_CJK = Path(manimgx_fonts_cjk.__file__).parent
_TEXT = fontpkg_inter.ROOT / "files"
_HEADS = fontpkg_poppins.ROOT / "files"
_JAWI = fontpkg_amiri.ROOT / "files"
_SCRIPTS = (
    "Tamil", "Devanagari", "Thai", "Bengali", "Khmer", "Myanmar", "Lao", "Sinhala", "Telugu", "Malayalam", "Kannada",
    "Gujarati", "Gurmukhi", "Oriya", "Hebrew", "Armenian", "Georgian", "Ethiopic",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Face:
    """A family as Typst calls it, and the file that says which signs it has."""

    family: str
    path: Path


#: In the order in which they are asked for a sign: Latin, Jawi, pictures and symbols, other scripts, Chinese.
FACES = (
    Face("Inter", _TEXT / "Inter[opsz,wght].ttf"),
    Face("Amiri", _JAWI / "Amiri-Regular.ttf"),
    Face("Noto Emoji", _NOTO / "NotoEmoji[wght].ttf"),
    Face("Noto Sans", _NOTO / "NotoSans[wght].ttf"),
    Face("Noto Sans Symbols", _NOTO / "NotoSansSymbols[wght].ttf"),
    *(Face(f"Noto Sans {script}", _NOTO / f"NotoSans{script}[wght].ttf") for script in _SCRIPTS),
    Face("Noto Sans CJK SC", _CJK / "NotoSansCJK-VF.otf.ttc"),
)
FAMILIES = tuple(face.family for face in FACES)

#: They have no shape of their own, and no face needs to have them: joiners, marks of direction, selectors of form.
_UNSEEN = {"\u200b", "\u200c", "\u200d", "\u2060", "\u00ad"}
_UNSEEN |= {chr(number) for start, end in ((0x200E, 0x2010), (0x202A, 0x202F), (0x2066, 0x206A), (0xFE00, 0xFE10))
            for number in range(start, end)}  # fmt: skip
_JOINER = "\u200d"
_SKIN_TONES = {chr(number) for number in range(0x1F3FB, 0x1F400)}
#: Lines end where they were ended.
_LINE_ENDS = {"\n"}
#: PDF/UA takes no mark of byte order, whatever a face says. (Nor does a sign of private use mean the same twice.)
_REFUSED = {"\ufeff", "\ufffe", "\0"}


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """Every face for the compiler; none of the system's, so that a paper is the same on every machine."""
    folders = [str(folder) for folder in (_TEXT, _HEADS, _JAWI, _NOTO, _CJK)]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(folders))


@lru_cache(maxsize=len(FACES))
def _signs_of(place: int) -> frozenset[str]:
    """What the face at a place can show; read when it is first needed (the largest takes half a second)."""
    path = FACES[place].path
    if path.suffix == ".ttc":
        with TTCollection(path, lazy=True) as faces:
            return frozenset(map(chr, faces.fonts[2].getBestCmap()))
    with TTFont(path, lazy=True) as face:
        return frozenset(map(chr, face.getBestCmap()))


@lru_cache(maxsize=1)
def _usual() -> frozenset[str]:
    private = {sign for sign in _signs_of(0) if unicodedata.category(sign) == "Co"}
    return frozenset((_signs_of(0) - _UNSEEN - _REFUSED - private) | _LINE_ENDS)


def showable(text: str, *, plainly: bool = False) -> str:
    """The text with what no face can show as its number; everything else as it was typed, to the letter.

    A tab becomes an em space, since paper has no tabs; line ends become line feeds. `plainly`: every sign that stands
    outside of the text face as its number, and every mark that sits on another; such a text can always be set.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "\u2003")
    if plainly:
        return "".join(sign if _is_plain(sign) else _number(sign) for sign in text)
    if _usual().issuperset(text):
        return text
    return "".join(_shown(cluster) for cluster in _clusters(text))


def _is_plain(sign: str) -> bool:
    return sign in _usual() and unicodedata.category(sign)[0] != "M"


def _shown(cluster: str) -> str:
    if cluster in _REFUSED or unicodedata.category(cluster[0]) == "Co":
        return "".join(map(_number, cluster))
    if cluster in _LINE_ENDS:
        return cluster
    seen = {sign for sign in cluster if sign not in _UNSEEN}
    if any(_signs_of(place).issuperset(seen) for place in range(len(FACES))):
        return cluster
    if len(cluster) == 1:
        return _number(cluster)
    return "".join(_shown(sign) for sign in cluster)


def _number(sign: str) -> str:
    return f"[U+{ord(sign):04X}]"


def _clusters(text: str) -> Iterator[str]:
    """A sign with the marks that sit on it: one face has to have all of them."""
    cluster = ""
    for sign in text:
        joins = (
            unicodedata.category(sign)[0] == "M"
            or sign in _UNSEEN
            or sign in _SKIN_TONES
            or cluster.endswith(_JOINER)
        )
        if joins and cluster and sign not in _REFUSED and cluster not in _LINE_ENDS | _REFUSED:
            cluster += sign
            continue
        if cluster:
            yield cluster
        cluster = sign
    if cluster:
        yield cluster

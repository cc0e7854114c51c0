"""The fonts of PDF files, and which characters each can show.

All fonts lie in installed packages and are read where they lie: nothing is downloaded, cut or kept. Typst embeds of each
font what a document uses. A character that no font has is printed as its code point, [U+1F9FF]: nothing typed vanishes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import fontpkg_amiri
import fontpkg_inter
import fontpkg_poppins
import manimgx_fonts
import manimgx_fonts_cjk
import typst
from fontTools.ttLib import TTCollection, TTFont

from reports.writers.characters import code_point
from ui.line_ends import with_line_feeds

_NOTO = Path(manimgx_fonts.__file__).parent
_CJK = Path(manimgx_fonts_cjk.__file__).parent
_TEXT = fontpkg_inter.ROOT / "files"
_HEADINGS = fontpkg_poppins.ROOT / "files"
_JAWI = fontpkg_amiri.ROOT / "files"
_SCRIPTS = (
    "Tamil", "Devanagari", "Thai", "Bengali", "Khmer", "Myanmar", "Lao", "Sinhala", "Telugu", "Malayalam", "Kannada",
    "Gujarati", "Gurmukhi", "Oriya", "Hebrew", "Armenian", "Georgian", "Ethiopic",
)  # fmt: skip


class FontFile(NamedTuple):
    """A font family as Typst calls it, and the file that says which characters it has."""

    family: str
    path: Path


#: In the order in which they are asked for a character: Latin, Jawi, emoji and symbols, other scripts, Chinese.
FONT_FILES = (
    FontFile("Inter", _TEXT / "Inter[opsz,wght].ttf"),
    FontFile("Amiri", _JAWI / "Amiri-Regular.ttf"),
    FontFile("Noto Emoji", _NOTO / "NotoEmoji[wght].ttf"),
    FontFile("Noto Sans", _NOTO / "NotoSans[wght].ttf"),
    FontFile("Noto Sans Symbols", _NOTO / "NotoSansSymbols[wght].ttf"),
    *(FontFile(f"Noto Sans {script}", _NOTO / f"NotoSans{script}[wght].ttf") for script in _SCRIPTS),
    FontFile("Noto Sans CJK SC", _CJK / "NotoSansCJK-VF.otf.ttc"),
)
FONT_FAMILIES = [font.family for font in FONT_FILES]

#: Have no shape of their own, and need no font: joiners, marks of direction, variation selectors.
_INVISIBLE = {"\u200b", "\u200c", "\u200d", "\u2060", "\u00ad"}
_INVISIBLE |= {chr(number) for start, end in ((0x200E, 0x2010), (0x202A, 0x202F), (0x2066, 0x206A), (0xFE00, 0xFE10))
               for number in range(start, end)}  # fmt: skip
_JOINER = "\u200d"
_SKIN_TONES = {chr(number) for number in range(0x1F3FB, 0x1F400)}
_LINE_END = "\n"
#: PDF/UA takes no byte order mark, whatever a font says.
_REFUSED = {"\ufeff", "\ufffe", "\0"}


@lru_cache(maxsize=1)
def typst_fonts() -> typst.Fonts:
    """Return every font for the compiler; none of the system's, so that a PDF is the same on every machine."""
    folders = [str(folder) for folder in (_TEXT, _HEADINGS, _JAWI, _NOTO, _CJK)]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(folders))


@lru_cache(maxsize=len(FONT_FILES))
def _characters_of(path: Path) -> frozenset[str]:
    """Return the characters of a font; read when first needed (the largest takes half a second)."""
    if path.suffix == ".ttc":
        with TTCollection(path, lazy=True) as fonts:
            return frozenset(map(chr, fonts.fonts[2].getBestCmap()))
    with TTFont(path, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


@lru_cache(maxsize=1)
def _plain_characters() -> frozenset[str]:
    """Return the characters of the text font that mean the same everywhere, and the line end."""
    characters = _characters_of(FONT_FILES[0].path) - _INVISIBLE - _REFUSED
    return frozenset(each for each in characters if unicodedata.category(each) != "Co") | {_LINE_END}


def printable(text: str, *, is_plain: bool = False) -> str:
    """Return the text with each character that no font can show as its code point, and all others as typed.

    A tab becomes an em space, since a PDF has no tabs; line ends become line feeds. With `is_plain` every character
    outside of the text font, and every combining mark, becomes its code point: such a text can always be printed.
    """
    text = with_line_feeds(text).replace("\t", "\u2003")
    if is_plain:
        return "".join(each if _stands_alone(each) else code_point(each) for each in text)
    if _plain_characters().issuperset(text):
        return text
    return "".join(_printable_cluster(cluster) for cluster in _clusters(text))


def _stands_alone(character: str) -> bool:
    return character in _plain_characters() and not _is_mark(character)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


def _printable_cluster(cluster: str) -> str:
    """Return a cluster as it is when one font has all of it; else its characters, those without a font as code points."""
    if cluster in _REFUSED or unicodedata.category(cluster[0]) == "Co":
        return "".join(map(code_point, cluster))
    visible = {character for character in cluster if character not in _INVISIBLE}
    if cluster == _LINE_END or any(_characters_of(font.path).issuperset(visible) for font in FONT_FILES):
        return cluster
    if len(cluster) == 1:
        return code_point(cluster)
    return "".join(map(_printable_cluster, cluster))


def _clusters(text: str) -> Iterator[str]:
    """Yield each character with the marks on it: one font has to have all of them."""
    cluster = ""
    for character in text:
        if cluster and _joins(cluster, character):
            cluster += character
            continue
        if cluster:
            yield cluster
        cluster = character
    if cluster:
        yield cluster


def _joins(cluster: str, character: str) -> bool:
    """Return whether a character is printed together with the cluster before it."""
    if character in _REFUSED or cluster in _REFUSED or cluster == _LINE_END:
        return False
    is_attached = _is_mark(character) or character in _INVISIBLE or character in _SKIN_TONES
    return is_attached or cluster.endswith(_JOINER)

"""The product's fonts: cut from installed packages to the characters of Malay and English, as WOFF2.

Nothing is downloaded or committed: the files are built once for each version of the packages and cached.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path

import fontpkg_inter
import fontpkg_poppins
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from ui.built_files import build_files

# Latin with its accents, and the punctuation, arrows and signs that the pages print.
_CHARACTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x2010, 0x2028),
    *(
        ord(sign)
        for sign in "\u202f\u2030\u2032\u2033\u2039\u203a\u20ac\u2122\u2190\u2191\u2192\u2193\u2212\u2215\u2260\u2264\u2265\u2713"
    ),
]
_FEATURES = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "case", "sups"]
_RECIPE = "1"  # Change it when the cut below changes, so that the files are made anew.


@dataclass(frozen=True, slots=True)
class FontFace:
    """One font file: where it is cut from, and how; without `prepare` as it is."""

    name: str
    source: Path
    package: str
    prepare: Callable[[TTFont], TTFont] = lambda font: font


def _text_weights(font: TTFont) -> TTFont:
    """Return the font with weights 400 to 700 and the optical size for small text."""
    return instantiateVariableFont(font, {"opsz": 14, "wght": (400, 700)})


FACES = (
    FontFace(
        "inter.woff2", fontpkg_inter.ROOT / "files" / "Inter[opsz,wght].ttf", "fontpkg-inter", _text_weights
    ),
    *(
        FontFace(f"poppins-{weight}.woff2", fontpkg_poppins.ROOT / "files" / file, "fontpkg-poppins")
        for weight, file in ((500, "Poppins-Medium.ttf"), (600, "Poppins-SemiBold.ttf"))
    ),
)


def built(root: Path) -> Path:
    """Return the folder with every font file; the first call builds them, which takes about five seconds."""
    return build_files(root, _version(), {face.name: partial(_write, face) for face in FACES})


def _version() -> str:
    """Return the name of the cache folder, which changes with the packages and with the recipe."""
    parts = [_RECIPE, *(f"{face.package}={version(face.package)}" for face in FACES)]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:12]


def _write(face: FontFace, path: Path) -> None:
    """Build one font file at `path`."""
    font = TTFont(face.source)
    subsetter = Subsetter(Options(layout_features=_FEATURES, hinting=False, notdef_outline=True))
    subsetter.populate(unicodes=_CHARACTERS)
    subsetter.subset(font)
    font = face.prepare(font)
    font.flavor = "woff2"
    font.save(path)

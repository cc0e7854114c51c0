"""The fonts that LibreOffice and Chromium see in a test run: those of installed packages, none of the machine's."""

from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape

#: The product's fonts, and Arimo, which is as wide as Arial, letter by letter.
PACKAGES = (
    "fontpkg_inter",
    "fontpkg_poppins",
    "fontpkg_amiri",
    "manimgx_fonts",
    "manimgx_fonts_cjk",
    "fontpkg_arimo",
)
#: Stands for Arial, and for every family that no package has.
ARIAL_TWIN = "Arimo"
#: Shows Jawi, which the twin has no letters for.
JAWI = "Amiri"

_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
{folders}
  <cachedir>{cache}</cachedir>
  <alias binding="same"><family>Arial</family><accept><family>{twin}</family></accept></alias>
  <match target="pattern">
    <edit name="family" mode="append_last"><string>{twin}</string><string>{jawi}</string></edit>
  </match>
</fontconfig>
"""


def environment(folder: Path) -> dict[str, str]:
    """Write a fontconfig file and an empty cache below `folder`; return the variables that make programs use it."""
    file = folder / "fonts.conf"
    folders = "\n".join(f"  <dir>{escape(str(_folder_of(package)))}</dir>" for package in PACKAGES)
    cache = escape(str(folder / "fontconfig"))
    text = _CONFIGURATION.format(folders=folders, cache=cache, twin=ARIAL_TWIN, jawi=JAWI)
    file.write_text(text, encoding="utf-8")
    return {"FONTCONFIG_FILE": str(file), "FONTCONFIG_PATH": str(folder)}


def _folder_of(package: str) -> Path:
    """Return the folder of an installed package. Raises ImportError when it is not installed."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ImportError(f"{package} is not installed: run `make test`, which installs it.")
    return Path(spec.origin).parent

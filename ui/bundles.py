"""One style sheet and one script, put together from the files of `static/ui`, so that a page asks for two files.

Scripts are ES modules while they are written. The bundle turns each into a function that is called once, in the order of
their imports (docs/adr/0019). Nothing is minified: the bundle reads like its sources, and is sent compressed.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from ui.built_files import build_files

SOURCES = Path(__file__).parent / "static" / "ui"
#: In the order in which later rules win over earlier ones.
STYLESHEETS = (
    "tokens",
    "base",
    "layout",
    "components",
    "forms",
    "dates",
    "sheet",
    "panels",
    "directory",
    "thread",
    "search",
    "reminders",
    "charts",
    "figures",
    "choosing",
    "guides",
    "touch",
    "print",
)
_FIRST_MODULE = "app"
_IMPORT = re.compile(r'^import \{([\w\s,]+)\} from "\./([\w-]+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
_OTHER_FORM = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def stylesheet() -> str:
    """Return the rules of all style sheets."""
    return "\n".join(_read(f"{name}.css") for name in STYLESHEETS)


def script() -> str:
    """Return all modules as one script.

    Raises ValueError for a form of import or export that it does not know, and for modules that import each other.
    """
    return "\n".join(_as_function(name) for name in _in_order(_FIRST_MODULE, ()))


def bundled_files() -> set[str]:
    """Return the names of the sources that a bundle holds."""
    return {f"{name}.css" for name in STYLESHEETS} | {f"{name}.js" for name in _in_order(_FIRST_MODULE, ())}


def _in_order(name: str, importers: tuple[str, ...]) -> Iterator[str]:
    """Yield the modules that a module needs, then itself, each once."""
    ordered: dict[str, None] = {}
    if name in importers:
        raise ValueError(f"modules import each other: {' → '.join((*importers, name))}")
    for _names, needed in _IMPORT.findall(_read(f"{name}.js")):
        ordered.update(dict.fromkeys(_in_order(needed, (*importers, name))))
    yield from (*ordered, name)


def _as_function(name: str) -> str:
    """Return a module as a constant that holds what it exports."""
    text = _IMPORT.sub(lambda found: f"const {{{found[1]}}} = {_constant(found[2])};", _read(f"{name}.js"))
    exported = ", ".join(_EXPORT.findall(text))
    text = _EXPORT.sub("", text)
    if other := _OTHER_FORM.search(text):
        raise ValueError(f"{name}.js: the bundle does not know this form: {other[0]}")
    return f"const {_constant(name)} = (() => {{\n{text}return {{ {exported} }};\n}})();\n"


def _constant(name: str) -> str:
    """Return the constant of a module, which no name inside a module can hide."""
    return f"module_{name.replace('-', '_')}"


def _read(name: str) -> str:
    return (SOURCES / name).read_text(encoding="utf-8")


#: File name of each bundle → the function that returns its text.
BUNDLES: dict[str, Callable[[], str]] = {"site.css": stylesheet, "site.js": script}


def built(root: Path) -> Path:
    """Return the folder with the bundles of the present sources; the first call makes them."""
    return build_files(root, _version(), {name: partial(_write, text) for name, text in BUNDLES.items()})


def _version() -> str:
    """Return the name of the folder, which changes with every source and with this module."""
    sources = [Path(__file__), *sorted(SOURCES.glob("*.css")), *sorted(SOURCES.glob("*.js"))]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()[:12]


def _write(text: Callable[[], str], path: Path) -> None:
    path.write_text(text(), encoding="utf-8")

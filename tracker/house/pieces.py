"""Lists CSS classes and properties, templates and static files that nothing uses, and files that are too long."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from tracker.house.apps import APPS
from ui.bundles import bundled_files

BASE = Path(__file__).resolve().parent.parent.parent
#: Django and gunicorn look for these by name.
FOUND_BY_NAME = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
#: Template folders that a library fills in: a file there is alive when the library names it.
FOLDERS_OF_LIBRARIES = {
    "account": "allauth",
    "allauth": "allauth",
    "usersessions": "allauth",
    "jejak": "crispy_forms",
}
LONGEST_FILE_LINES = 400

_CSS_NOISE = re.compile(r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"|'[^']*'", re.DOTALL)
_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_OPEN_NAME = re.compile(r"([A-Za-z][\w-]*-)(?:\{|\$\{)")
_WORD = re.compile(r"[A-Za-z_][\w-]*")


def _files(folders: Iterable[Path], *endings: str) -> list[Path]:
    found = (
        path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix in endings
    )
    return sorted(path for path in found if not {"migrations", "house"} & set(path.relative_to(BASE).parts))


TEMPLATES = BASE / "templates"
STATIC = BASE / "ui" / "static"
PYTHON = _files((BASE / app for app in APPS), ".py")
PAGES = _files([TEMPLATES], ".html", ".txt", ".svg")
STYLES = _files([STATIC], ".css")
SCRIPTS = _files([STATIC], ".js")


def _read(paths: Iterable[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def _shown(path: Path) -> str:
    return path.relative_to(BASE).as_posix()


def dead_classes() -> Iterator[str]:
    """Yield CSS classes that no template, script or Python file names (whole, or as `name-{…}`)."""
    users = _read([*PAGES, *SCRIPTS, *PYTHON])
    words, beginnings = set(_WORD.findall(users)), tuple(set(_OPEN_NAME.findall(users)))
    for path in STYLES:
        selectors = re.sub(r"\{[^{}]*\}", "{}", _CSS_NOISE.sub("", path.read_text(encoding="utf-8")))
        for name in sorted(set(_CLASS.findall(selectors))):
            if name not in words and not name.startswith(beginnings):
                yield f"{_shown(path)}: the class .{name} is used nowhere"


def dead_properties() -> Iterator[str]:
    """Yield custom properties that are set and never read."""
    everything = _read([*STYLES, *SCRIPTS, *PAGES])
    for path in STYLES:
        text = _CSS_NOISE.sub("", path.read_text(encoding="utf-8"))
        for name in sorted(set(re.findall(r"(?<![\w.-])(--[\w-]+)\s*:", text))):
            if not re.search(rf"var\(\s*{name}\b(?!-)", everything) and f'"{name}"' not in everything:
                yield f"{_shown(path)}: the property {name} is read nowhere"


def _template_names() -> tuple[set[str], list[re.Pattern[str]]]:
    """Return the names of templates in Python, and patterns for names that are put together."""
    names: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
                names.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(str(v.value)) if isinstance(v, ast.Constant) else r"[\w/-]+"
                    for v in node.values
                ]
                patterns.append(re.compile("".join(parts)))
    return names, [pattern for pattern in patterns if "/" in pattern.pattern or r"\." in pattern.pattern]


def dead_templates() -> Iterator[str]:
    """Yield templates that neither code nor another template nor the library that they serve names."""
    names, patterns = _template_names()
    pages = _read(PAGES)
    for path in PAGES:
        name = path.relative_to(TEMPLATES).as_posix()
        alive = (
            name in FOUND_BY_NAME
            or name in names
            or f'"{name}"' in pages
            or f"'{name}'" in pages
            or any(pattern.fullmatch(name) for pattern in patterns)
            or _serves_library(name)
        )
        if not alive:
            yield f"{_shown(path)}: nothing shows this template"


def _serves_library(name: str) -> bool:
    """Return whether the library behind the folder names this template, or has one of the same name."""
    library = FOLDERS_OF_LIBRARIES.get(name.split("/")[0])
    spec = find_spec(library) if library else None
    if spec is None or spec.origin is None:
        return False
    root = Path(spec.origin).parent
    if any(root.rglob(f"templates/{name}")):
        return True
    ending = name.split("/", 1)[1]
    return any(
        ending in path.read_text(encoding="utf-8") for path in [*root.rglob("*.py"), *root.rglob("*.html")]
    )


def dead_statics() -> Iterator[str]:
    """Yield static files that no bundle holds and whose name stands nowhere."""
    users = _read([*PAGES, *SCRIPTS, *STYLES, *PYTHON])
    bundled = bundled_files()
    for path in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        if path.name not in users and path.name not in bundled:
            yield f"{_shown(path)}: nothing loads this file"


def long_files() -> Iterator[str]:
    """Yield files of code that are too long and should become a package."""
    for path in [*PYTHON, *SCRIPTS, *_files([TEMPLATES], ".html")]:
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > LONGEST_FILE_LINES:
            yield f"{_shown(path)}: {lines} lines; split it along a noun ({LONGEST_FILE_LINES} at most)"


def main() -> None:
    """Print the findings; ends with 1 when there is one."""
    found = [
        line
        for finder in (dead_classes, dead_properties, dead_templates, dead_statics, long_files)
        for line in finder()
    ]
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()

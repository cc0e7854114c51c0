"""Checks that every text has its translation, without gettext's programs (docs/adr/0019).

`python -m tracker.house.words` lists texts that are missing, left over, doubtful or have other placeholders;
`--update` adds missing texts to the catalogues, empty, and removes those that the source no longer has. The Malay
catalogue holds every text; the English one only the libraries' own (tracker/library_words.py), which we say otherwise.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.utils.translation.template import templatize

from tracker.house import retired
from tracker.house.apps import APPS

BASE = Path(__file__).resolve().parent.parent.parent
MALAY = BASE / "locale" / "ms" / "LC_MESSAGES" / "django.po"
ENGLISH = BASE / "locale" / "en" / "LC_MESSAGES" / "django.po"
LIBRARY_WORDS = "tracker/library_words.py"
#: Guides for users, by the terms that they must not use.
GUIDES = {
    retired.ENGLISH: ("docs/tour.md", "guides/texts/*.en.md"),
    retired.MALAY: ("docs/lawatan.md", "guides/texts/*.ms.md"),
}
TEMPLATE_ENDINGS = {".html", ".txt"}

#: Function name → how many leading arguments are texts, and whether the first is a context.
_CALLS = {
    "_": (1, False),
    "gettext": (1, False),
    "gettext_lazy": (1, False),
    "gettext_noop": (1, False),
    "ngettext": (2, False),
    "ngettext_lazy": (2, False),
    "pgettext": (2, True),
    "pgettext_lazy": (2, True),
    "npgettext": (3, True),
    "npgettext_lazy": (3, True),
}
_LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_TEMPLATE_CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)", re.DOTALL)
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}|%[sd]")


class Text(NamedTuple):
    """One translatable text."""

    msgid: str
    plural: str = ""
    context: str | None = None


class FoundText(NamedTuple):
    """A text and the file that shows it."""

    text: Text
    file: str


def _text(name: str, arguments: list[str]) -> Text:
    count, has_context = _CALLS[name]
    context = arguments[0] if has_context else None
    texts = arguments[1:count] if has_context else arguments[:count]
    return Text(texts[0], texts[1] if len(texts) > 1 else "", context)


def in_python(path: Path) -> Iterator[Text]:
    """Yield the texts of a Python file. Raises ValueError for a text that is put together at run time."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in _CALLS:
            continue
        wanted = node.args[: _CALLS[name][0]]
        values = [argument.value for argument in wanted if isinstance(argument, ast.Constant)]
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) != _CALLS[name][0]:
            raise ValueError(
                f"{path.relative_to(BASE)}:{node.lineno}: the text of {name}() must stand there whole"
            )
        yield _text(name, texts)


def in_template(path: Path) -> Iterator[Text]:
    """Yield the texts of a template."""
    for match in _TEMPLATE_CALL.finditer(templatize(path.read_text(encoding="utf-8"))):
        literals = [ast.literal_eval(literal) for literal in re.findall(_LITERAL, match[2], re.DOTALL)]
        yield _text(match[1], literals)


def findings() -> list[FoundText]:
    """Return every text of the product with one file that shows it, in a stable order."""
    found: dict[Text, str] = {}
    for path in _sources():
        texts = in_python(path) if path.suffix == ".py" else in_template(path)
        for text in texts:
            found.setdefault(text, path.relative_to(BASE).as_posix())
    return [
        FoundText(text, file)
        for text, file in sorted(found.items(), key=lambda pair: (pair[1], pair[0].msgid))
    ]


def _sources() -> Iterator[Path]:
    for app in APPS:
        for path in sorted((BASE / app).rglob("*.py")):
            if not {"migrations", "house"} & set(path.relative_to(BASE).parts):
                yield path
    for path in sorted((BASE / "templates").rglob("*")):
        if path.suffix in TEMPLATE_ENDINGS:
            yield path


def _expected() -> dict[Path, list[FoundText]]:
    """Return the texts that each catalogue has to hold."""
    shown = findings()
    return {MALAY: shown, ENGLISH: [finding for finding in shown if finding.file == LIBRARY_WORDS]}


def _read(path: Path) -> polib.POFile:
    return polib.pofile(str(path), wrapwidth=100)


def _key(entry: polib.POEntry) -> Text:
    return Text(entry.msgid, entry.msgid_plural or "", entry.msgctxt)


def _names(text: str) -> set[str]:
    """Return the names of a text's placeholders; a %s or {} without a name counts as itself."""
    return {match[1] or match[2] or match[0] for match in _PLACEHOLDER.finditer(text)}


def problems_of(entry: polib.POEntry) -> Iterator[str]:
    """Yield what is wrong with a translation."""
    written = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not written or not all(written):
        yield "is not translated"
    elif entry.fuzzy:
        yield "is marked doubtful (fuzzy)"
    elif any(_names(text) != _names(entry.msgid_plural or entry.msgid) for text in written):
        yield "has other placeholders than its translation"


def problems() -> Iterator[str]:
    """Yield one line for each text that is missing, wrong or left over in a catalogue."""
    for path, shown in _expected().items():
        yield from _problems_in(path, shown)


def _problems_in(path: Path, shown: list[FoundText]) -> Iterator[str]:
    entries = {_key(entry): entry for entry in _read(path) if not entry.obsolete}
    for text, file in shown:
        if text not in entries:
            yield f"{file}: {text.msgid!r} has no entry in the translations"
            continue
        for problem in problems_of(entries[text]):
            yield f"{file}: {text.msgid!r} {problem}"
    for text in entries.keys() - {finding.text for finding in shown}:
        yield f"{path.relative_to(BASE)}: {text.msgid!r} is shown nowhere"


def retired_words() -> Iterator[str]:
    """Yield one line for each text or guide with a word that Jejak no longer says."""
    yield from _retired_in_texts()
    yield from _retired_in_guides()


def _retired_in_texts() -> Iterator[str]:
    for entry in _read(MALAY):
        if any(file == LIBRARY_WORDS for file, _line in entry.occurrences):
            continue
        for text in (entry.msgid, entry.msgid_plural):
            yield from (f"{text!r}: {found}" for found in retired.retired_in(text, retired.ENGLISH))
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            yield from (f"{text!r}: {found}" for found in retired.retired_in(text, retired.MALAY))


def _retired_in_guides() -> Iterator[str]:
    for terms, patterns in GUIDES.items():
        for path in (path for pattern in patterns for path in sorted(BASE.glob(pattern))):
            text = " ".join(path.read_text(encoding="utf-8").split())
            yield from (f"{path.relative_to(BASE)}: {found}" for found in retired.retired_in(text, terms))


def update() -> int:
    """Rewrite the catalogues: keep known translations, add missing texts empty, drop left-over ones.

    Returns how many texts have no translation.
    """
    return sum(_update(path, shown) for path, shown in _expected().items())


def _update(path: Path, shown: list[FoundText]) -> int:
    old = {_key(entry): entry for entry in _read(path) if not entry.obsolete}
    catalogue = _read(path)
    catalogue.clear()
    for text, file in shown:
        entry = old.get(text) or polib.POEntry(
            msgid=text.msgid,
            msgid_plural=text.plural,
            msgctxt=text.context,
            msgstr_plural={0: ""} if text.plural else {},
        )
        entry.occurrences = [(file, "")]
        entry.flags = [flag for flag in entry.flags if flag == "fuzzy"] + _format_flag(text)
        catalogue.append(entry)
    catalogue.save(str(path))
    return len(catalogue.untranslated_entries())


def _format_flag(text: Text) -> list[str]:
    return ["python-format"] if re.search(r"%\(\w+\)[sd]|%[sd]", text.msgid) else []


def main(arguments: list[str]) -> None:
    """Update the catalogue, or print what is wrong and end with 1 if something is."""
    if arguments == ["--update"]:
        print(f"{update()} texts wait for their translation")
        return
    found = [*problems(), *retired_words()]
    print("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main(sys.argv[1:])

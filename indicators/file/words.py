"""Reads what all parts of the section have: texts, codes, headings, numbers."""

import re
from decimal import Decimal

import yaml
from django.utils.translation import gettext as _

from cycles.file import FileSection
from cycles.file.yaml_source import line_of
from indicators.file.entries import CodeEntry, HeadingEntry
from indicators.states import CODE_LENGTH, NAME_LENGTH

LANGUAGES = ("ms", "en")
#: More than any table needs.
MAX_LINE = 100_000
#: What stands at the beginning of a formula in a spreadsheet.
FORMULA_SIGNS = ("=", "@")

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,2})?")


def plain_text(section: FileSection, key: str, *, max_length: int | None) -> str:
    """Return a text under a key that is no formula; "" if the key is absent, or after adding the problem."""
    return plain_text_of(section, section.values.get(key), key=key, max_length=max_length)


def plain_text_of(section: FileSection, node: yaml.Node | None, *, key: str, max_length: int | None) -> str:
    """Return the text of a node that is no formula; "" if there is none, or after adding the problem."""
    text = section.text_of(node, key=key, max_length=max_length)
    if node is not None and text.startswith(FORMULA_SIGNS):
        section.problems.add(line_of(node), _("“%(text)s” is a formula.") % {"text": text})
        return ""
    return text


def code(section: FileSection, node: yaml.Node | None, *, key: str) -> CodeEntry:
    """Return a code with its line; its code is "" if there is none, or after adding the problem."""
    text = section.text_of(node, key=key, max_length=CODE_LENGTH)
    line = section.line if node is None else line_of(node)
    if text and not _CODE.fullmatch(text):
        words = {"code": text}
        section.problems.add(
            line, _("“%(code)s” is not a code; use letters without accents, digits, - and _.") % words
        )
    return CodeEntry(line, text)


def names(section: FileSection) -> dict[str, str]:
    """Return the names under `ms` and `en` by column."""
    return {
        f"name_{language}": plain_text(section, language, max_length=NAME_LENGTH) for language in LANGUAGES
    }


def heading(section: FileSection) -> HeadingEntry:
    """Return a heading: `ms`, `en`, and under `own` the languages in which it is the project's own."""
    own = [section.text_of(node, key="own") for node in section.nodes("own")]
    for language in own:
        if language and language not in LANGUAGES:
            section.add_unknown(section.line_for("own"), language, key="own", known=LANGUAGES)
    ms, en = (plain_text(section, language, max_length=NAME_LENGTH) for language in LANGUAGES)
    return HeadingEntry(section.line, ms, en, frozenset(own))


def heading_under(section: FileSection, key: str) -> HeadingEntry:
    """Return the heading under a key."""
    return heading(section.section(key, required=set(LANGUAGES), optional={"own"}))


def number_of(section: FileSection, node: yaml.Node, *, key: str) -> Decimal | None:
    """Return the number of a node, written plainly (1234.50) or `null`; None after adding the problem."""
    value = str(node.value) if isinstance(node, yaml.ScalarNode) and not node.style else ""
    if value in ("null", "~"):
        return None
    if _NUMBER.fullmatch(value):
        return Decimal(value)
    shown = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
    words = {"key": key, "value": shown}
    section.problems.add(
        line_of(node), _("“%(key)s” must be a number such as 1234.50, not “%(value)s”.") % words
    )
    return None

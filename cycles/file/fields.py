"""Reads single values from YAML nodes. A wrong value adds a problem with its line, and an empty value is returned."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

import yaml
from django.utils.translation import gettext as _

from cycles.file.entries import BothLanguages
from cycles.file.problems import ProblemList
from cycles.file.yaml_source import line_of

_STR = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,8}")
_FLAGS = {"true": True, "false": False}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

#: Control, invisible and half characters: they have no place in an official text.
_REFUSED_CATEGORIES = {"Cc", "Cf", "Cs"}


class FileSection:
    """A YAML mapping, checked for unknown, repeated and missing keys.

    After adding a problem the methods return an empty value: what they return counts only if `problems` stays empty.
    """

    def __init__(
        self,
        node: yaml.Node | None,
        *,
        required: set[str],
        optional: set[str],
        line: int,
        problems: ProblemList,
    ) -> None:
        self.line = line_of(node) if node is not None else line
        self.problems = problems
        self.values: dict[str, yaml.Node] = {}
        self.key_lines: dict[str, int] = {}
        if node is None:
            return
        if not isinstance(node, yaml.MappingNode):
            problems.add(
                self.line, _("Keys with values are expected here: %(keys)s.") % {"keys": _listed(required)}
            )
            return
        self._read_keys(node, known=required | optional)
        for key in sorted(required - self.key_lines.keys()):
            problems.add(self.line, _("The key “%(key)s” is missing.") % {"key": key})

    def _read_keys(self, node: yaml.MappingNode, *, known: set[str]) -> None:
        for key_node, value in node.value:
            line = line_of(key_node)
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
            if key not in known:
                words = {"key": key, "keys": _listed(known)}
                self.problems.add(line, _("The key “%(key)s” is not known here; known are %(keys)s.") % words)
            elif key in self.key_lines:
                words = {"key": key, "line": self.key_lines[key]}
                self.problems.add(line, _("The key “%(key)s” stands twice; first in line %(line)s.") % words)
            else:
                self.key_lines[key] = line
                self.values[key] = value

    def line_for(self, key: str) -> int:
        """Return the line of a key, or of the section if the key is absent."""
        return self.key_lines.get(key, self.line)

    def section(self, key: str, *, required: set[str], optional: set[str] | None = None) -> FileSection:
        """Return the mapping under a key; an empty section if the key is absent."""
        return FileSection(
            self.values.get(key),
            required=required,
            optional=optional or set(),
            line=self.line_for(key),
            problems=self.problems,
        )

    def nodes(self, key: str) -> list[yaml.Node]:
        """Return the entries of the list under a key; none if the key is absent."""
        node = self.values.get(key)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.problems.add(
                self.line_for(key), _("“%(key)s” must be a list; write [] for none.") % {"key": key}
            )
            return []
        return list(node.value)

    def sections(
        self, key: str, *, required: set[str], optional: set[str] | None = None
    ) -> Iterator[FileSection]:
        """Yield each mapping of the list under a key."""
        for node in self.nodes(key):
            yield FileSection(
                node,
                required=required,
                optional=optional or set(),
                line=line_of(node),
                problems=self.problems,
            )

    def text(self, key: str, *, max_length: int | None = None) -> str:
        """Return a text: not empty, of one or more paragraphs, without invisible characters; "" if the key is absent."""
        node = self.values.get(key)
        return (
            text_of(node, key=key, max_length=max_length, problems=self.problems) if node is not None else ""
        )

    def both(self, key: str, *, max_length: int | None = None) -> BothLanguages:
        """Return a text in both languages; empty if the key is absent."""
        section = self.section(key, required={"ms", "en"})
        return BothLanguages(
            section.text("ms", max_length=max_length), section.text("en", max_length=max_length)
        )

    def whole(self, key: str, *, least: int, most: int, absent: int = 0) -> int:
        """Return a whole number from `least` to `most`; `absent` if there is no such key."""
        node = self.values.get(key)
        if node is None:
            return absent
        return whole_of(node, key=key, least=least, most=most, problems=self.problems)

    def flag(self, key: str) -> bool:
        """Return whether the value of a key is true; False if the key is absent."""
        node = self.values.get(key)
        if node is None:
            return False
        value = node.value if isinstance(node, yaml.ScalarNode) and not node.style else ""
        if value not in _FLAGS:
            self.problems.add(line_of(node), _("“%(key)s” must be true or false.") % {"key": key})
        return _FLAGS.get(value, False)

    def day(self, key: str) -> date:
        """Return a date, written year-month-day; `date.min` if the key is absent."""
        node = self.values.get(key)
        if node is None:
            return date.min
        value = node.value if isinstance(node, yaml.ScalarNode) else ""
        try:
            if not _DAY.fullmatch(value):
                raise ValueError
            return date.fromisoformat(value)
        except ValueError:
            words = {"key": key, "value": value}
            reason = _("“%(key)s” must be a date such as 2024-03-31, not “%(value)s”.") % words
            self.problems.add(line_of(node), reason)
            return date.min


def text_of(node: yaml.Node, *, key: str, max_length: int | None, problems: ProblemList) -> str:
    """Return the text of a node, or "" after adding the problem."""
    line = line_of(node)
    if not isinstance(node, yaml.ScalarNode) or node.tag not in {_STR, _NULL}:
        problems.add(line, _("“%(key)s” must be a text; put it in quotes.") % {"key": key})
        return ""
    value = str(node.value) if node.tag == _STR else ""
    reason = _why_not_text(value, key=key, max_length=max_length)
    if reason:
        problems.add(line, reason)
        return ""
    return value


def _why_not_text(value: str, *, key: str, max_length: int | None) -> str:
    if not value.strip():
        return _("“%(key)s” is empty.") % {"key": key}
    if value != value.strip():
        words = {"key": key}
        return _("“%(key)s” begins or ends with a space or a line break; in a block, write >- for >.") % words
    refused = next(
        (c for c in value if unicodedata.category(c) in _REFUSED_CATEGORIES and (c != "\n" or max_length)), ""
    )
    if refused:
        words = {"key": key, "code": f"U+{ord(refused):04X}"}
        return _("“%(key)s” holds a character that cannot be seen (%(code)s).") % words
    if max_length and len(value) > max_length:
        return _("“%(key)s” is longer than %(most)s characters.") % {"key": key, "most": max_length}
    return ""


def whole_of(node: yaml.Node, *, key: str, least: int, most: int, problems: ProblemList) -> int:
    """Return the whole number of a node, or 0 after adding the problem."""
    value = node.value if isinstance(node, yaml.ScalarNode) else ""
    if (
        isinstance(node, yaml.ScalarNode)
        and not node.style
        and _WHOLE.fullmatch(value)
        and least <= int(value) <= most
    ):
        return int(value)
    words = {"key": key, "least": least, "most": most, "value": value}
    reason = _("“%(key)s” must be a whole number from %(least)s to %(most)s, not “%(value)s”.") % words
    problems.add(line_of(node), reason)
    return 0


def _listed(keys: set[str]) -> str:
    return ", ".join(sorted(keys))

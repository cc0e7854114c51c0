"""Reads single values from YAML nodes. A wrong value adds a problem with its line, and an empty value is returned."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Set
from datetime import date

import yaml
from django.utils.translation import gettext as _

from cycles.file.yaml_source import ProblemList, line_of
from ui.typed_days import FIRST_DAY, LAST_DAY

_STR = "tag:yaml.org,2002:str"
_NULL = "tag:yaml.org,2002:null"
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,8}")
_FLAGS = {"true": True, "false": False}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

#: Control, invisible and half characters: they have no place in an official text.
_REFUSED_CATEGORIES = {"Cc", "Cf", "Cs"}
#: A text of these alone is a place of the example that nobody has filled in.
_PLACEHOLDER = "….\u00a0 "


class FileSection:
    """A YAML mapping, checked for unknown, repeated and missing keys.

    After adding a problem the methods return an empty value: what they return counts only if `problems` stays empty.
    """

    def __init__(
        self,
        node: yaml.Node | None,
        *,
        required: Set[str],
        optional: Set[str],
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

    def _read_keys(self, node: yaml.MappingNode, *, known: Set[str]) -> None:
        for key_node, value in node.value:
            line = line_of(key_node)
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
            if key not in known:
                words = {"key": key, "keys": _listed(known)}
                self.problems.add(
                    line, _("The key “%(key)s” is not known here; known keys: %(keys)s.") % words
                )
            elif key in self.key_lines:
                words = {"key": key, "line": self.key_lines[key]}
                self.problems.add(line, _("The key “%(key)s” appears twice; first on line %(line)s.") % words)
            else:
                self.key_lines[key] = line
                self.values[key] = value

    def line_for(self, key: str) -> int:
        """Return the line of a key, or of the section if the key is absent."""
        return self.key_lines.get(key, self.line)

    def section(self, key: str, *, required: Set[str], optional: Set[str] = frozenset()) -> FileSection:
        """Return the mapping under a key; an empty section if the key is absent."""
        return FileSection(
            self.values.get(key),
            required=required,
            optional=optional,
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
        self, key: str, *, required: Set[str], optional: Set[str] = frozenset()
    ) -> Iterator[FileSection]:
        """Yield each mapping of the list under a key."""
        for node in self.nodes(key):
            yield FileSection(
                node, required=required, optional=optional, line=line_of(node), problems=self.problems
            )

    def text(self, key: str, *, max_length: int | None = None) -> str:
        """Return a text: not empty, of one or more paragraphs, without invisible characters; "" if the key is absent."""
        return self.text_of(self.values.get(key), key=key, max_length=max_length)

    def text_of(self, node: yaml.Node | None, *, key: str, max_length: int | None = None) -> str:
        """Return the text of a node; "" if there is none, or after adding the problem."""
        if node is None:
            return ""
        value, reason = "", _("“%(key)s” must be a text; put it in quotes.") % {"key": key}
        if isinstance(node, yaml.ScalarNode) and node.tag in {_STR, _NULL}:
            value = str(node.value) if node.tag == _STR else ""
            reason = _why_not_text(value, key=key, max_length=max_length)
        if reason:
            self.problems.add(line_of(node), reason)
        return "" if reason else value

    def both(self, key: str, *, column: str = "", max_length: int | None = None) -> dict[str, str]:
        """Return a text in both languages by column, `key_ms` and `key_en`; empty texts if the key is absent.

        `column` is given where it differs from the key.
        """
        return self.section(key, required={"ms", "en"}).languages(column or key, max_length=max_length)

    def languages(self, column: str, *, max_length: int | None = None) -> dict[str, str]:
        """Return the texts under `ms` and `en` by column."""
        return {f"{column}_{code}": self.text(code, max_length=max_length) for code in ("ms", "en")}

    def whole(self, key: str, *, least: int, most: int, absent: int = 0) -> int:
        """Return a whole number from `least` to `most`; `absent` if there is no such key."""
        node = self.values.get(key)
        return absent if node is None else self.whole_of(node, key=key, least=least, most=most)

    def whole_of(self, node: yaml.Node, *, key: str, least: int, most: int) -> int:
        """Return the whole number of a node, or 0 after adding the problem."""
        value = _plain_value(node)
        if not getattr(node, "style", None) and _WHOLE.fullmatch(value) and least <= int(value) <= most:
            return int(value)
        words = {"key": key, "least": least, "most": most, "value": value}
        reason = _("“%(key)s” must be a whole number from %(least)s to %(most)s, not “%(value)s”.") % words
        self.problems.add(line_of(node), reason)
        return 0

    def choice(self, key: str, known: Collection[str]) -> str:
        """Return the text under a key; one that is not known is noted as a problem. "" if the key is absent."""
        value = self.text(key)
        if value and value not in known:
            self.add_unknown(self.line_for(key), value, key=key, known=known)
        return value

    def add_unknown(self, line: int, value: str, *, key: str, known: Collection[str]) -> None:
        """Add the problem of a value that is none of the known ones."""
        words = {"value": value, "key": key, "known": ", ".join(known)}
        self.problems.add(
            line, _("“%(value)s” is not known under “%(key)s”; known values: %(known)s.") % words
        )

    def flag(self, key: str) -> bool:
        """Return whether the value of a key is true; False if the key is absent."""
        node = self.values.get(key)
        if node is None:
            return False
        value = "" if getattr(node, "style", None) else _plain_value(node)
        if value not in _FLAGS:
            self.problems.add(line_of(node), _("“%(key)s” must be true or false.") % {"key": key})
        return _FLAGS.get(value, False)

    def day(self, key: str) -> date:
        """Return a date, written year-month-day; `date.min` if the key is absent."""
        node = self.values.get(key)
        if node is None:
            return date.min
        value = _plain_value(node)
        try:
            if not _DAY.fullmatch(value):
                raise ValueError
            found = date.fromisoformat(value)
            if not FIRST_DAY <= found <= LAST_DAY:
                raise ValueError
            return found
        except ValueError:
            words = {"key": key, "value": value}
            reason = _("“%(key)s” must be a date such as 2024-03-31, not “%(value)s”.") % words
            self.problems.add(line_of(node), reason)
            return date.min


def _plain_value(node: yaml.Node) -> str:
    """Return what stands in the file; "" for a list or keys with values."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _why_not_text(value: str, *, key: str, max_length: int | None) -> str:
    if not value.strip():
        return _("“%(key)s” is empty.") % {"key": key}
    if not value.strip(_PLACEHOLDER):
        return _("“%(key)s” still has the “…” of the example: write the text there.") % {"key": key}
    if value != value.strip():
        words = {"key": key}
        return _("“%(key)s” begins or ends with a space or a line break; in a block, write >- for >.") % words
    refused = next(
        (c for c in value if unicodedata.category(c) in _REFUSED_CATEGORIES and (c != "\n" or max_length)), ""
    )
    if refused:
        words = {"key": key, "code": f"U+{ord(refused):04X}"}
        return _("“%(key)s” contains an invisible character (%(code)s).") % words
    if max_length and len(value) > max_length:
        return _("“%(key)s” is longer than %(most)s characters.") % {"key": key, "most": max_length}
    return ""


def _listed(keys: Set[str]) -> str:
    return ", ".join(sorted(keys))

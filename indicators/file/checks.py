"""Reads checks: which numbers must agree with which.

A term is written "KBB sex_age=men in 2022": an indicator, values of its dimensions, and a period by its short name. Without
a period the check is judged for each. `periods` makes one check of each period listed, which its terms then take.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import yaml
from django.utils.translation import gettext as _

from cycles.file import FileSection, NumberedEntry
from cycles.file.yaml_source import line_of
from indicators.file import words
from indicators.file.entries import CheckEntry, PrintedPlace, SeriesEntry, TermEntry
from indicators.states import CheckKind, Side
from recommendations.states import ItemKind

_REQUIRED = {"code", "kind", "note", "left", "right"}
_OPTIONAL = {"periods", "printed", "claim"}
_MAX_ACHIEVEMENT = 999

_TERM = re.compile(r"([A-Za-z][A-Za-z0-9_-]*)((?: [a-z0-9_]+=[a-z0-9_]+)*)(?: in ([0-9A-Za-z/-]+))?")
_PLACE = re.compile(r"([A-Z][A-Z0-9]{0,3}) ([1-9][0-9]{0,2})/([1-9][0-9]{0,2})(?: ([1-9]))?")


def read_checks(section: FileSection) -> tuple[CheckEntry, ...]:
    """Return the checks of the file, in order; one with `periods` gives several."""
    entries = section.sections("checks", required=_REQUIRED, optional=_OPTIONAL)
    return tuple(check for entry in entries for check in _checks(entry))


def _checks(section: FileSection) -> Iterator[CheckEntry]:
    check = CheckEntry(
        section.line,
        words.code(section, section.values.get("code"), key="code").code,
        kind=section.choice("kind", CheckKind.values),
        notes=section.both("note"),
        left=tuple(_terms(section, Side.LEFT)),
        right=tuple(_terms(section, Side.RIGHT)),
        printed=_printed(section),
        claim=_claim(section),
    )
    if "periods" not in section.values:
        yield check
        return
    for node in section.nodes("periods"):
        name = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
        yield replace(
            check,
            code=f"{check.code}-{name.replace('/', '-')}",
            left=tuple(_in_period(term, name) for term in check.left),
            right=tuple(_in_period(term, name) for term in check.right),
        )


def _in_period(term: TermEntry, period: str) -> TermEntry:
    return term if term.period else replace(term, period=period)


def _terms(section: FileSection, key: str) -> Iterator[TermEntry]:
    nodes = section.nodes(key)
    if key in section.values and not nodes:
        section.problems.add(section.line_for(key), _("“%(key)s” names no number.") % {"key": key})
    for node in nodes:
        text = section.text_of(node, key=key)
        match = _TERM.fullmatch(text)
        if match is None:
            if text:
                reason = _("“%(text)s” is not of the form “KBB sex_age=men in 2022”.") % {"text": text}
                section.problems.add(line_of(node), reason)
            continue
        pairs = [pair.split("=") for pair in match[2].split()]
        if len({dimension for dimension, _value in pairs}) < len(pairs):
            reason = _("“%(text)s” names a dimension twice.") % {"text": text}
            section.problems.add(line_of(node), reason)
        yield TermEntry(line_of(node), text, SeriesEntry(match[1], dict(pairs)), match[3] or "")


def _printed(section: FileSection) -> PrintedPlace | None:
    """Return the place of the printed change, written as "C 1/3" or, of several values in one place, "C 1/3 2"."""
    text = section.text("printed")
    if not text:
        return None
    line = section.line_for("printed")
    match = _PLACE.fullmatch(text)
    if match is None:
        reason = _("“%(text)s” is not a place in a table such as “C 1/3” or “C 1/3 2”.") % {"text": text}
        section.problems.add(line, reason)
        return None
    return PrintedPlace(line, match[1], int(match[2]) - 1, int(match[3]) - 1, int(match[4] or 1) - 1)


def _claim(section: FileSection) -> NumberedEntry | None:
    """Return the achievement whose sentence is put to the test."""
    if "claim" not in section.values:
        return None
    number = section.whole("claim", least=1, most=_MAX_ACHIEVEMENT)
    return NumberedEntry(section.line_for("claim"), ItemKind.ACHIEVEMENT, number)

"""Reads the facts of a cycle file, and checks how they fit together with its items."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from cycles.file.entries import KIND_KEYS, MAX_NUMBER, CycleFile, FactEntry, NumberedEntry
from cycles.file.fields import FileSection
from cycles.file.yaml_source import ProblemList, line_of
from recommendations.models.cycle_fact import FACT_SOURCE_LENGTH, FACT_TITLE_LENGTH
from recommendations.states import FactKind

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


def read_facts(top: FileSection) -> list[FactEntry]:
    """Return the entries under `facts`, which a file may lack."""
    keys = {"key", "kind", "title", "text"}
    found = top.sections("facts", required=keys, optional={"on", "source", "items"})
    return [_fact(section) for section in found]


def _fact(section: FileSection) -> FactEntry:
    return FactEntry(
        line=section.line,
        key=_key(section),
        kind=_kind(section),
        happened_on=section.day("on") if "on" in section.values else None,
        columns=section.both("title", max_length=FACT_TITLE_LENGTH)
        | section.both("text")
        | section.both("source", max_length=FACT_SOURCE_LENGTH),
        items=tuple(_items(section)),
    )


def _key(section: FileSection) -> str:
    key = section.text("key")
    if key and not _KEY.fullmatch(key):
        reason = _("“%(key)s” is not the key of a fact; use small letters and figures.") % {"key": key}
        section.problems.add(section.line_for("key"), reason)
    return key


def _kind(section: FileSection) -> str:
    kind = section.text("kind")
    if kind and kind not in FactKind.values:
        words = {"value": kind, "known": ", ".join(FactKind.values)}
        reason = _("“%(value)s” is not a kind of fact; the kinds are %(known)s.") % words
        section.problems.add(section.line_for("kind"), reason)
    return kind


def _items(section: FileSection) -> list[NumberedEntry]:
    items = section.section("items", required=set(), optional=set(KIND_KEYS.values()))
    return [
        NumberedEntry(line_of(node), kind, items.whole_of(node, key=key, least=1, most=MAX_NUMBER))
        for kind, key in KIND_KEYS.items()
        for node in items.nodes(key)
    ]


def check_facts(cycle_file: CycleFile, problems: ProblemList) -> None:
    """Add a problem for each key that appears twice, and each item that is unknown or named twice for one fact."""
    known = {item.key for item in cycle_file.items}
    lines: dict[str, int] = {}
    for fact in cycle_file.facts:
        if lines.setdefault(fact.key, fact.line) != fact.line:
            words = {"key": fact.key, "line": lines[fact.key]}
            problems.add(fact.line, _("The fact “%(key)s” appears twice; first on line %(line)s.") % words)
        _check_items(fact, known, problems)


def _check_items(fact: FactEntry, known: set[tuple[str, int]], problems: ProblemList) -> None:
    named = set()
    for item in fact.items:
        words = {"kind": item.kind.label, "number": item.number}
        if item.key not in known:
            problems.add(item.line, _("%(kind)s %(number)s is linked but is not in the file.") % words)
        if item.key in named:
            problems.add(item.line, _("%(kind)s %(number)s is named twice for one fact.") % words)
        named.add(item.key)

"""The tables of a summary: a line for each item, who is late, what waits, and how the agencies are called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import ngettext

from recommendations.states import Kind
from reports.content import Content, ReportedAgency, ReportedItem
from reports.selection import KINDS
from reports.tongues import speaking
from reports.writers.key import key_sentences
from reports.writers.pdf.parts import Gathered, count_of_kind, state_of
from reports.writers.pdf.voice import Said, Voice


def lines(gathered: Gathered) -> list[dict[str, Any]]:
    """For each kind its title and a row for each of its items."""
    items = gathered.content.items
    tables = ((kind, [item for item in items if item.kind == kind]) for kind in KINDS)
    return [_table(gathered, kind, rows) for kind, rows in tables if rows]


def _table(gathered: Gathered, kind: Kind, items: list[ReportedItem]) -> dict[str, Any]:
    rows = [state_of(gathered, item) | {"attention": _attention(gathered.voice, item)} for item in items]
    return {
        "kind": kind.value,
        "title": gathered.voice.says(lambda: count_of_kind(kind, len(items))),
        "rows": rows,
    }


def _attention(voice: Voice, item: ReportedItem) -> list[Said]:
    """How many of its agencies are late, and how many updates wait."""
    late = sum(each.late_days is not None for each in item.in_force)
    waiting = sum(each.waiting_since is not None for each in item.in_force)
    found = []
    if late:
        found.append(voice.says(lambda: ngettext("%(count)s late", "%(count)s late", late) % {"count": late}))
    if waiting:
        told = {"count": waiting}
        found.append(voice.says(lambda: ngettext("%(count)s waiting", "%(count)s waiting", waiting) % told))
    return found


def _parts(gathered: Gathered) -> Iterator[tuple[ReportedItem, ReportedAgency]]:
    return ((item, each) for item in gathered.content.items for each in item.in_force)


def late(gathered: Gathered) -> list[dict[str, Any]]:
    """Who owes an update: the longest first."""
    voice = gathered.voice
    found = [(each.late_days, item, each) for item, each in _parts(gathered) if each.late_days is not None]
    found.sort(key=lambda one: -one[0])
    return [
        {
            "agency": each.code,
            "item": voice.item(item.key),
            "line": state_of(gathered, item)["line"],
            "due": voice.day(each.next_due_on),
            "late": voice.days(days),
        }
        for days, item, each in found
    ]


def waiting(gathered: Gathered) -> list[dict[str, Any]]:
    """What waits for MAPO: the longest first."""
    voice, day = gathered.voice, gathered.content.selection.day
    found = [(each.waiting_since, item, each) for item, each in _parts(gathered) if each.waiting_since]
    found.sort(key=lambda one: one[0])
    return [
        {
            "agency": each.code,
            "item": voice.item(item.key),
            "line": state_of(gathered, item)["line"],
            "since": voice.day(since),
            "days": voice.days((day - since).days),
        }
        for since, item, each in found
    ]


def agency_names(gathered: Gathered) -> list[dict[str, Any]]:
    """Every code that stands in the summary, with its name of the day."""
    codes = sorted({each.code for item in gathered.content.items for each in item.agencies})
    names = gathered.content.names
    told = gathered.voice.tongues
    return [
        {"code": code, "name": [getattr(names[code], f"name_{tongue}") for tongue in told]}
        for code in codes
        if code in names
    ]


def how_to_read(gathered: Gathered) -> list[Said]:
    """What the reader of a summary should know, one paragraph each."""
    told = [_in(tongue, gathered.content) for tongue in gathered.voice.tongues]
    return [list(sentence) for sentence in zip(*told, strict=True)]


def _in(tongue: str, content: Content) -> list[str]:
    with speaking(tongue):
        return list(key_sentences(content))

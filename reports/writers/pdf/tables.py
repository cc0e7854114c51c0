"""The tables of a summary: a line for each item, who is late, what waits or was returned, and how the agencies are called."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import ngettext

from recommendations.states import Kind
from reports.summary.rows import ReportedAgency, ReportedItem
from reports.summary.selection import KINDS
from reports.writers import sentences
from reports.writers.key import key_sentences
from reports.writers.pdf.parts import Gathered, state_of
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
        "title": gathered.voice.says(lambda: sentences.count_of_kind(kind, len(items))),
        "rows": rows,
    }


def _attention(voice: Voice, item: ReportedItem) -> list[Said]:
    """How many of its agencies are late, and how many updates wait or were returned."""
    late = sum(each.late_days is not None for each in item.in_force)
    waiting = sum(each.waiting_since is not None for each in item.in_force)
    back = sum(each.returned_since is not None for each in item.in_force)
    found = []
    if late:
        found.append(voice.says(lambda: ngettext("%(count)s late", "%(count)s late", late) % {"count": late}))
    if waiting:
        told = {"count": waiting}
        found.append(voice.says(lambda: ngettext("%(count)s waiting", "%(count)s waiting", waiting) % told))
    if back:
        told_back = {"count": back}
        found.append(
            voice.says(lambda: ngettext("%(count)s returned", "%(count)s returned", back) % told_back)
        )
    return found


def late(gathered: Gathered) -> list[dict[str, Any]]:
    """Who owes an update: the longest first."""
    voice = gathered.voice
    found, _waiting, _returned = sentences.parts_that_stand_out(gathered.content)
    return [
        _stands_out(gathered, item, each)
        | {"due": voice.day(each.next_due_on), "late": voice.days(each.late_days or 0)}
        for item, each in found
    ]


def waiting(gathered: Gathered) -> list[dict[str, Any]]:
    """What waits for MAPO: the longest first."""
    _late, found, _returned = sentences.parts_that_stand_out(gathered.content)
    return [_stands_out(gathered, item, each) | _since(gathered, each.waiting_since) for item, each in found]


def returned(gathered: Gathered) -> list[dict[str, Any]]:
    """What was returned and has not been sent again: the longest first."""
    _late, _waiting, found = sentences.parts_that_stand_out(gathered.content)
    return [_stands_out(gathered, item, each) | _since(gathered, each.returned_since) for item, each in found]


def _stands_out(gathered: Gathered, item: ReportedItem, each: ReportedAgency) -> dict[str, Any]:
    line = state_of(gathered, item)["line"]
    return {"agency": each.code, "item": gathered.voice.item(item.key), "line": line}


def _since(gathered: Gathered, since: date | None) -> dict[str, Any]:
    day = gathered.content.selection.day
    return {
        "since": gathered.voice.day(since),
        "days": gathered.voice.days((day - (since or day)).days),
    }


def agency_names(gathered: Gathered) -> list[dict[str, Any]]:
    """Every code that stands in the summary, with its name of the day."""
    names, told = gathered.content.names, gathered.voice.tongues
    return [
        {"code": code, "name": [getattr(names[code], f"name_{tongue}") for tongue in told]}
        for code in sentences.agency_codes(gathered.content)
    ]


def how_to_read(gathered: Gathered) -> list[Said]:
    """What the reader of a summary should know, one paragraph each."""
    return gathered.voice.sentences(lambda: key_sentences(gathered.content))

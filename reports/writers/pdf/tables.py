"""The tables of a summary: a line for each item, who is late, what waits, and how the agencies are called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.states import Kind
from reports.content import ReportedAgency, ReportedItem
from reports.selection import KINDS
from reports.writers.pdf.parts import Gathered, count_of_kind, state_of
from reports.writers.pdf.voice import Said, Voice
from ui import dates


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
    voice, content = gathered.voice, gathered.content
    day = content.selection.day
    found = [
        voice.says(
            lambda: (
                _(
                    "The status is MAPO’s decision on the updates that were accepted by the end of %(day)s, Malaysian"
                    " time. Drafts, and updates that still wait for MAPO, are not counted."
                )
                % {"day": dates.day(day)}
            )
        ),
        voice.says(
            lambda: _(
                "An item stands where its lead agency stands, and is completed only when all its supporting agencies"
                " are; where MAPO has decided otherwise, its reason is given."
            )
        ),
        voice.says(
            lambda: _(
                "A document is named by its number in Jejak. SHA-256 is the fingerprint of its bytes: whoever holds"
                " the file can prove with it that nothing has been changed."
            )
        ),
    ]
    if content.sees_marks and not content.reader.is_mapo:
        found.append(voice.says(lambda: _("What is late and what waits is told of your own agency alone.")))
    found.append(
        voice.says(
            lambda: _(
                "This file can be verified in Jejak, under Verify: it says whether Jejak made the file, and whether"
                " the answer for that day is still the same."
            )
        )
    )
    return found

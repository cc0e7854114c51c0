"""The page of each item: its agencies, what was accepted, and the documents that prove it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.clearance import Clearance
from reports.content import ReportedAgency, ReportedDocument, ReportedItem, ReportedUpdate
from reports.tongues import role_label, status_label
from reports.tongues import told as told_by
from reports.writers.pdf.parts import Gathered, state_of
from reports.writers.pdf.typed import Typed
from reports.writers.pdf.voice import Said, Voice, joined
from ui import dates
from ui.numbers import file_size, percent

#: A hash in short: its first and its last digits.
_HEAD, _TAIL = 8, 4

#: An update of more signs than these may be broken between pages; a line end counts as a line.
_LONG, _LINE = 1_600, 100

ByItem = dict[str, list[dict[str, Any]]]


def pages(gathered: Gathered, updates: ByItem, documents: ByItem) -> list[dict[str, Any]]:
    """Everything that is told of each item."""
    return [
        state_of(gathered, item)
        | {
            "notes": _notes(gathered.voice, item),
            "agencies": [_agency(gathered.voice, each) for each in item.agencies],
            "updates": updates[item.key],
            "documents": documents[item.key],
        }
        for item in gathered.content.items
    ]


def _notes(voice: Voice, item: ReportedItem) -> list[list[str] | list[Typed]]:
    """Whose word the status is, what still holds it, and why MAPO has set it otherwise."""
    found: list[list[str] | list[Typed]] = []
    lead, state = item.lead, item.state
    if state.override:
        reason = state.override.reason
        told = voice.says(lambda: _("Set by MAPO: %(reason)s") % {"reason": reason})
        found.append([Typed(text) for text in told])
    elif lead is None:
        found.append(voice.says(lambda: _("No lead agency has been confirmed.")))
    else:
        code = lead.code
        found.append(
            voice.says(lambda: _("MAPO’s decision for %(agency)s, the lead agency.") % {"agency": code})
        )
    if state.held_by:
        held = ", ".join(state.held_by)
        found.append(
            voice.says(
                lambda: (
                    _("The lead agency is done; still to be completed: %(agencies)s.") % {"agencies": held}
                )
            )
        )
    return found


def _agency(voice: Voice, each: ReportedAgency) -> dict[str, Any]:
    names = {"ms": each.name_ms, "en": each.name_en}
    return {
        "code": each.code,
        "name": [names[tongue] for tongue in voice.tongues],
        "role": voice.each(lambda tongue: role_label(each.role, tongue)),
        "suggested": voice.says(lambda: _("Suggested, not confirmed yet")) if each.is_suggested else [],
        "status": each.status,
        "percent": percent(each.percent),
        "claim": _claim(voice, each),
        "accepted": voice.day(each.decided_on),
        "next": _next(voice, each),
        "is_late": each.late_days is not None,
    }


def _claim(voice: Voice, part: ReportedAgency | ReportedUpdate) -> Said:
    """What the agency claimed, where MAPO decided otherwise."""
    status, claimed = part.claim_status, percent(part.claim_percent)
    if status is None or not part.claim_differs:
        return []
    return voice.each(lambda tongue: _in(voice, tongue, lambda: _("Claimed: %(status)s, %(percent)s") % {
        "status": status_label(status, tongue), "percent": claimed,
    }))  # fmt: skip


def _in(voice: Voice, tongue: str, make: Callable[[], str]) -> str:
    return voice.says(make)[voice.tongues.index(tongue)]


def _next(voice: Voice, each: ReportedAgency) -> Said:
    """What is owed next, or since when it waits or was returned."""
    if each.waiting_since:
        since = each.waiting_since
        return voice.says(lambda: _("Awaiting MAPO since %(day)s") % {"day": dates.short_day(since)})
    if each.late_days is not None:
        due, days = each.next_due_on, each.late_days
        return voice.says(
            lambda: _("%(day)s, late by %(days)s") % {"day": dates.short_day(due), "days": dates.days(days)}
        )
    if each.returned_since:
        back = each.returned_since
        return voice.says(lambda: _("Returned %(day)s") % {"day": dates.short_day(back)})
    return voice.day(each.next_due_on)


def gather_updates(gathered_updates: Iterable[ReportedUpdate], voice: Voice, content: Any) -> ByItem:
    """What was accepted, by item, newest first."""
    found: ByItem = defaultdict(list)
    for update in gathered_updates:
        found[update.item].append(_update(voice, update, content))
    return found


def _update(voice: Voice, update: ReportedUpdate, content: Any) -> dict[str, Any]:
    is_typed = update.is_readable and not update.is_nothing_new
    return {
        "agency": update.code,
        "status": update.status,
        "percent": percent(update.percent),
        "day": voice.day(update.decided_at),
        "text": Typed(update.narrative) if is_typed else [],
        "said": [] if is_typed else voice.each(lambda tongue: told_by(update, tongue)),
        "foot": _foot(voice, update, content),
        "is_long": len(update.narrative) + _LINE * update.narrative.count("\n") > _LONG,
    }


def _foot(voice: Voice, update: ReportedUpdate, content: Any) -> Said:
    """Dates covered and their place in the window, documents, claim, and how it came about."""
    parts = [_covers(voice, update, content), _cited(voice, update), _claim(voice, update)]
    if update.is_by_letter:
        parts.append(voice.says(lambda: _("Received by letter")))
    if update.corrected:
        parts.append(voice.says(lambda: _("This decision took the place of an earlier one")))
    if update.classification is not None and update.classification > Clearance.RESTRICTED:
        label = Clearance(update.classification).label
        parts.append(voice.says(lambda: str(label)))
    return joined(parts)


def _covers(voice: Voice, update: ReportedUpdate, content: Any) -> Said:
    if update.is_nothing_new or not (update.covers_from or update.covers_to):
        return []
    start, end = update.covers_from, update.covers_to
    covers = voice.says(lambda: _("Covers %(days)s") % {"days": dates.day_range(start, end)})
    place = voice.place(start, end, content.dates)
    return (
        [f"{days}, {word[:1].lower()}{word[1:]}" for days, word in zip(covers, place, strict=True)]
        if place
        else covers
    )


def _cited(voice: Voice, update: ReportedUpdate) -> Said:
    if not update.documents:
        return []
    numbers = ", ".join(map(str, update.documents))
    return voice.says(lambda: pgettext("by number", "Document %(numbers)s") % {"numbers": numbers})


def gather_documents(documents: Iterable[ReportedDocument], voice: Voice, content: Any) -> ByItem:
    """The documents that are cited, by item, each once."""
    found: ByItem = defaultdict(list)
    seen: set[tuple[str, int]] = set()
    for document in documents:
        if (document.item, document.number) not in seen:
            seen.add((document.item, document.number))
            found[document.item].append(_document(voice, document, content))
    return found


def _document(voice: Voice, document: ReportedDocument, content: Any) -> dict[str, Any]:
    start, end = document.evidence_from, document.evidence_to
    number, level = document.number, Clearance(document.classification)
    return {
        "label": voice.says(lambda: _("Document %(number)s") % {"number": number}),
        "number": number,
        "name": Typed(document.name, in_cell=True) if document.name else [],
        "note": _instead_of_name(voice, document),
        "agency": document.code,
        "days": voice.says(lambda: dates.day_range(start, end)) if start or end else [],
        "place": voice.place(start, end, content.dates),
        "classification": voice.says(lambda: str(level.label)),
        "size": file_size(document.size) if document.sha256 else "",
        "sha256": document.sha256,
        "short_hash": _short(document.sha256),
    }


def _instead_of_name(voice: Voice, document: ReportedDocument) -> list[str] | list[Typed]:
    if document.is_sealed:
        return voice.says(lambda: _("Sealed"))
    if document.reference_number:
        reference = document.reference_number
        told = voice.says(lambda: _("Paper file %(reference)s") % {"reference": reference})
        return [Typed(text, in_cell=True) for text in told]
    return []


def _short(digest: str) -> str:
    """b2e4906a…17cf."""
    return f"{digest[:_HEAD]}…{digest[-_TAIL:]}" if digest else ""

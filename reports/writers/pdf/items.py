"""The page of each item: its agencies, what was accepted, and the documents that prove it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from recommendations.states import Status
from reports.languages import role_label
from reports.summary.rows import ReportedAgency, ReportedDocument, ReportedItem, ReportedUpdate
from reports.summary.rows import accepted_text as told_by
from reports.writers import sentences
from reports.writers.pdf.parts import Gathered, state_of
from reports.writers.pdf.typed import Typed
from reports.writers.pdf.voice import Said, Voice
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
            "agencies": [_agency(gathered, each) for each in item.agencies],
            "updates": updates[item.key],
            "documents": documents[item.key],
        }
        for item in gathered.content.items
    ]


def _notes(voice: Voice, item: ReportedItem) -> list[list[str] | list[Typed]]:
    """Whose word the status is, what still holds it, and why MAPO has set it otherwise."""
    state = item.state
    if state.override is None:
        return [voice.says(lambda: sentences.whose_words(state))]
    override = state.override
    said = voice.says(lambda: sentences.override_words(override, state.beneath))
    return [said, [Typed(override.reason)]]


def _agency(gathered: Gathered, each: ReportedAgency) -> dict[str, Any]:
    voice, on = gathered.voice, gathered.content.selection.day
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
        "next": voice.day(each.next_due_on),
        "stands_out": voice.sentences(lambda: sentences.next_words(each, on)),
        "is_late": each.late_days is not None,
    }


def _claim(voice: Voice, each: ReportedAgency) -> Said:
    """What the agency claimed, where the reader may know it."""
    status, claimed = each.claim_status, each.claim_percent
    if status is None:
        return []
    words = {"percent": percent(claimed)}
    return voice.says(
        lambda: _("Claimed: %(status)s, %(percent)s") % (words | {"status": Status(status).label})
    )


def gather_updates(gathered_updates: Iterable[ReportedUpdate], voice: Voice, content: Any) -> ByItem:
    """What was accepted, by item, newest first."""
    found: ByItem = defaultdict(list)
    for update in gathered_updates:
        found[update.item].append(_update(voice, update, content))
    return found


def _update(voice: Voice, update: ReportedUpdate, content: Any) -> dict[str, Any]:
    return {
        "agency": update.code,
        "status": update.status,
        "percent": percent(update.percent),
        "day": voice.day(update.decided_at),
        "text": Typed(update.narrative) if update.has_text else [],
        "said": [] if update.has_text else voice.each(lambda tongue: told_by(update, tongue)),
        "foot": [said for said in voice.says(lambda: sentences.update_notes(update, content)) if said],
        "is_long": len(update.narrative) + _LINE * update.narrative.count("\n") > _LONG,
    }


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
        "label": voice.says(lambda: sentences.document_numbers([number])),
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
        told = voice.says(lambda: sentences.paper_file(reference))
        return [Typed(text, in_cell=True) for text in told]
    return []


def _short(digest: str) -> str:
    """b2e4906a…17cf."""
    return f"{digest[:_HEAD]}…{digest[-_TAIL:]}" if digest else ""

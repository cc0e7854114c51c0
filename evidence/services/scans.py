"""The life of a scan: claimed by one task, answered or put off. No row is locked while a file is scanned."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from evidence import permissions
from evidence.models import Document
from evidence.queue import PREVIEW_TASK, SCAN_TASK, enqueue_after_commit
from evidence.services.rows import locked_document, record_on
from evidence.services.texts import ask_for_text, remove_text
from evidence.states import SCAN_MOVES, ScanState

#: How long a claim stands: longer than the scanner's timeout, so that two tasks never scan the same file.
CLAIM_MINUTES = 5
_FIRST_WAIT_SECONDS = 30
_LONGEST_WAIT_SECONDS = 30 * 60
#: What could not be scanned is tried again a few times a day: the scanner's limits may have been raised.
_FAILED_WAIT_HOURS = 6


@transaction.atomic
def claim_scan(document_id: int, *, now: datetime) -> Document | None:
    """The document, claimed for this task; None when it is not due or another task has it."""
    rows = Document.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    document = rows.waiting_for_scan(now).filter(pk=document_id).first()
    return _claim(document, now) if document is not None else None


@transaction.atomic
def claim_waiting_scans(*, limit: int, now: datetime) -> list[Document]:
    """Up to `limit` documents that are due, oldest first, claimed for this task; skips what others hold."""
    rows = Document.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    return [_claim(document, now) for document in rows.waiting_for_scan(now)[:limit]]


@transaction.atomic
def postpone_scan(document: Document, *, now: datetime) -> None:
    """The scanner did not answer: the document waits, twice as long each time, up to half an hour."""
    row = locked_document(document)
    doubled = _FIRST_WAIT_SECONDS * 2 ** min(max(row.scan_attempts - 1, 0), 10)
    row.scan_after = now + timedelta(seconds=min(doubled, _LONGEST_WAIT_SECONDS))
    row.save(update_fields=["scan_after"])


@transaction.atomic
def record_scan(document: Document, *, state: ScanState, note: str = "", now: datetime) -> Document:
    """Keeps the verdict, with its Event; a verdict that the document has already changes nothing.

    An infected file is held for good, and its text is emptied. A clean one is queued for its preview or its text.
    """
    row = locked_document(document)
    if state == ScanState.FAILED:
        row.scan_after = now + timedelta(hours=_FAILED_WAIT_HOURS)
        row.save(update_fields=["scan_after"])
    before = row.scan_state
    if before == state or (before, state.value) not in SCAN_MOVES:
        return row
    row.scan_state, row.scan_note, row.scanned_at = state, note[:200], now
    row.save(update_fields=["scan_state", "scan_note", "scanned_at"])
    record_on(
        row,
        action="document.scanned",
        actor=None,
        before={"scan_state": before},
        after={"scan_state": row.scan_state, "note": row.scan_note},
        now=now,
    )
    if row.is_held:
        remove_text(row)
    elif row.is_image:
        enqueue_after_commit(PREVIEW_TASK, row.pk)
    else:
        ask_for_text(row)
    return row


@transaction.atomic
def ask_for_rescan(document: Document, *, actor: User, now: datetime) -> Document:
    """Lets a file that could not be scanned be tried again at once. Raises NotAllowed and NotNow."""
    row = locked_document(document)
    if not (actor.is_administrator and permissions.sees(actor, row)):
        raise NotAllowed(_("Only an administrator has a file scanned again."))
    if row.scan_state != ScanState.FAILED:
        raise NotNow(_("This file has its verdict already, or is waiting for it."))
    row.scan_after = None
    row.save(update_fields=["scan_after"])
    record_on(
        row,
        action="document.rescan_asked",
        actor=actor,
        now=now,
    )
    enqueue_after_commit(SCAN_TASK, row.pk)
    return row


@transaction.atomic
def claim_preview(document_id: int, *, now: datetime) -> Document | None:
    """The image, claimed for its one try at a preview; None when it may not be shown or was tried."""
    rows = Document.objects.select_for_update(no_key=True, skip_locked=True)
    document = rows.waiting_for_preview().filter(pk=document_id).first()
    if document is not None:
        document.preview_tried_at = now
        document.save(update_fields=["preview_tried_at"])
    return document


def note_preview(document: Document) -> None:
    """The preview lies on the disk: pages may show it."""
    Document.objects.filter(pk=document.pk).update(has_preview=True)


def _claim(document: Document, now: datetime) -> Document:
    document.scan_after = now + timedelta(minutes=CLAIM_MINUTES)
    document.scan_attempts = min(document.scan_attempts + 1, 1000)
    document.save(update_fields=["scan_after", "scan_attempts"])
    return document

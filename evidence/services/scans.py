"""The life of a scan: claimed by one task, answered or postponed.

No row is locked while a file is scanned.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from evidence import permissions
from evidence.models import Document, DocumentText
from evidence.queue import PREVIEW_TASK, SCAN_TASK, TEXT_TASK, enqueue_after_commit
from evidence.services.rows import locked_document, record_on, remove_text
from evidence.states import FAILED_SCAN_PAUSE, LONGEST_SCAN_PAUSE, SCAN_MOVES, ScanState, TextState

#: How long a claim stands: longer than the scanner's timeout, so that two tasks never scan the same file.
CLAIM_MINUTES = 5
_FIRST_WAIT_SECONDS = 30


@transaction.atomic
def claim_scan(document_id: int | None = None, *, now: datetime) -> Document | None:
    """Return the document, or the oldest that is due, claimed for this task: no other gets it for some minutes.

    None when it is not due, or another task has it.
    """
    rows = Document.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    due = rows.waiting_for_scan(now)
    document = (due if document_id is None else due.filter(pk=document_id)).first()
    if document is not None:
        document.scan_after = now + timedelta(minutes=CLAIM_MINUTES)
        document.scan_attempts = min(document.scan_attempts + 1, 1000)
        document.save(update_fields=["scan_after", "scan_attempts"])
    return document


@transaction.atomic
def postpone_scan(document: Document, *, now: datetime) -> None:
    """Let the document wait because the scanner did not answer: twice as long each time, up to half an hour."""
    row = locked_document(document)
    doubled = _FIRST_WAIT_SECONDS * 2 ** min(max(row.scan_attempts - 1, 0), 10)
    row.scan_after = now + min(timedelta(seconds=doubled), LONGEST_SCAN_PAUSE)
    row.save(update_fields=["scan_after"])


@transaction.atomic
def record_scan(document: Document, *, state: ScanState, note: str = "", now: datetime) -> Document:
    """Record the scan's result, with its Event; a result that the document has already changes nothing.

    An infected file is held for good, and its text is emptied. A clean one is queued for its preview or its
    text.
    """
    row = locked_document(document)
    if state == ScanState.FAILED:
        row.scan_after = now + FAILED_SCAN_PAUSE
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
        # A text that was removed is extracted again.
        DocumentText.objects.filter(document=row, state=TextState.REMOVED).update(state=TextState.WAITING)
        enqueue_after_commit(TEXT_TASK, row.pk)
    return row


@transaction.atomic
def ask_for_rescan(document: Document, *, actor: User, now: datetime) -> Document:
    """Make a file that could not be scanned due at once. Raises NotAllowed and NotNow."""
    row = locked_document(document)
    if not (actor.is_administrator and permissions.sees(actor, row)):
        raise NotAllowed(_("Only an administrator may have a file scanned again."))
    if row.scan_state != ScanState.FAILED:
        raise NotNow(_("This file was already scanned, or is waiting for its scan."))
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
    """Return the image, claimed for its one try at a preview; None when it may not be shown or was tried."""
    rows = Document.objects.select_for_update(no_key=True, skip_locked=True)
    document = rows.waiting_for_preview().filter(pk=document_id).first()
    if document is not None:
        document.preview_tried_at = now
        document.save(update_fields=["preview_tried_at"])
    return document


def mark_previewed(document: Document) -> None:
    """Record that the preview is on the disk, so that pages may show it."""
    Document.objects.filter(pk=document.pk).update(has_preview=True)

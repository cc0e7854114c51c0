"""Celery tasks: an id in, load, call the service, log."""

import logging
import time
from datetime import timedelta
from typing import BinaryIO

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from audit import clock
from evidence import previews, scanner_state, scanning, storage, text_extraction
from evidence.kinds.catalogue import BY_MEDIA_TYPE
from evidence.models import Document
from evidence.services.file_checks import read_share
from evidence.services.integrity import record_check
from evidence.services.scans import (
    claim_preview,
    claim_scan,
    mark_previewed,
    postpone_scan,
    record_scan,
)
from evidence.services.texts import claim_text, save_text
from evidence.states import Harm, ScanState

logger = logging.getLogger(__name__)

#: An orphan is a day old before it is swept: no upload takes that long between its bytes and its row.
ORPHAN_AGE = timedelta(hours=24)
_SCANS_AT_A_TIME = 20
#: A scanner that sends now and then a byte would never be too slow for its socket. Shorter than the claim of a scan.
_SCAN_SECONDS = 150
#: A turn of the beat begins no other text after this time, so that what else the worker has to do is not kept waiting.
_TEXTS_TURN_SECONDS = 40
_TEXTS_AT_A_TIME = 200
#: A turn of the night's share of files that are read again: what else waits in the queue waits no longer for it.
_CHECKS_TURN_SECONDS = 60
#: No single file takes so long, unless its disk hangs.
_CHECK_SECONDS = 120


@shared_task(
    name="evidence.tasks.scan_document", soft_time_limit=_SCAN_SECONDS, time_limit=_SCAN_SECONDS + 30
)
def scan_document(document_id: int) -> str:
    """Scan one document if it is due; return the outcome."""
    document = claim_scan(document_id, now=clock.now())
    return _scan(document) if document is not None else "not due"


@shared_task(name="evidence.tasks.scan_waiting")
def scan_waiting() -> int:
    """Every minute: scan what is due and make missing previews, whatever the queue lost; return how many
    scans.
    """
    scanned = 0
    while scanned < _SCANS_AT_A_TIME and (document := claim_scan(now=clock.now())) is not None:
        scanned += 1
        if _scan(document) == "postponed":
            break
    for document_id in Document.objects.waiting_for_preview().values_list("pk", flat=True)[:_SCANS_AT_A_TIME]:
        make_preview(document_id)
    return scanned


@shared_task(name="evidence.tasks.look_at_scanner")
def look_at_scanner() -> str:
    """Every five minutes: note for administrators whether the scanner takes what people may send; return the state."""
    return scanner_state.look_and_note() if scanning.is_on() else "off"


@shared_task(name="evidence.tasks.make_preview")
def make_preview(document_id: int) -> bool:
    """Draw the preview of one image that may be shown; tried once. Return whether there is one."""
    document = claim_preview(document_id, now=clock.now())
    if document is None:
        return False
    file = _opened(document)
    if file is None:
        return False
    with file:
        content = previews.draw_preview(file)
    if content is None:
        logger.warning("Document %s has no preview: it could not be drawn", document_id)
        return False
    storage.store_preview(document.stored_name, content=content)
    mark_previewed(document)
    return True


@shared_task(name="evidence.tasks.extract_text")
def extract_text(document_id: int) -> str:
    """Extract the text of one file for searching; return the outcome."""
    document = claim_text(document_id, now=clock.now())
    if document is None:
        return "not due"
    file = _opened(document)
    if file is None:
        return "no bytes"
    with file:
        found = text_extraction.extract(file, kind=BY_MEDIA_TYPE[document.media_type].code)
    kept = save_text(document, state=found.state, text=found.text, is_cut=found.is_cut, now=clock.now())
    logger.info("The text of document %s: %s", document.pk, kept)
    return str(kept)


@shared_task(name="evidence.tasks.extract_waiting")
def extract_waiting() -> int:
    """Every minute: extract the texts that are due, for less than a minute; return how many."""
    ends = time.monotonic() + _TEXTS_TURN_SECONDS
    due = Document.objects.waiting_for_text(clock.now()).values_list("pk", flat=True)
    read = 0
    for document_id in list(due[:_TEXTS_AT_A_TIME]):
        if time.monotonic() > ends:
            break
        read += extract_text(document_id) != "not due"
    return read


@shared_task(name="evidence.tasks.sweep_orphans")
def sweep_orphans() -> int:
    """Every day: delete files that no row names; return how many. Ages are by the machine's clock."""
    removed = storage.sweep(
        written_before=time.time() - ORPHAN_AGE.total_seconds(), is_live=Document.objects.stored_among
    )
    if removed:
        logger.warning("%d orphaned files were removed: %s", len(removed), ", ".join(removed[:50]))
    return len(removed)


@shared_task(
    name="evidence.tasks.check_files",
    soft_time_limit=_CHECKS_TURN_SECONDS + _CHECK_SECONDS,
    time_limit=_CHECKS_TURN_SECONDS + _CHECK_SECONDS + 30,
)
def check_files() -> int:
    """Every ten minutes of the night: read some files of its share again, for a minute; return how many."""
    ends = time.monotonic() + _CHECKS_TURN_SECONDS
    turn = read_share(read_clock=clock.now, may_continue=lambda: time.monotonic() < ends)
    if turn.read or turn.left:
        logger.info(
            "Files were read again: %d, of which %d are harmed; %d are left",
            turn.read,
            turn.harmed,
            turn.left,
        )
    return turn.read


def _scan(document: Document) -> str:
    """Scan a claimed document and record the result; return the scan state, "postponed", or "no bytes"."""
    now = clock.now()
    if not scanning.is_on():
        return record_scan(document, state=ScanState.UNSCANNED, now=now).scan_state
    file = _opened(document)
    if file is None:
        postpone_scan(document, now=clock.now())
        return "no bytes"
    try:
        with file:
            result = scanning.scan(file)
    except (scanning.ScannerDown, SoftTimeLimitExceeded) as error:
        postpone_scan(document, now=clock.now())
        logger.warning("Document %s waits: the scanner did not answer (%s)", document.pk, error)
        return "postponed"
    row = record_scan(document, state=result.state, note=result.note, now=clock.now())
    logger.info("Document %s was scanned: %s %s", document.pk, row.scan_state, row.scan_note)
    return row.scan_state


def _opened(document: Document) -> BinaryIO | None:
    """Return the open file of a document; None, and keep that on record, where it is missing or cannot be opened.

    What else waits is not to wait for it.
    """
    try:
        return storage.path_of(document.stored_name).open("rb")
    except OSError as error:
        harm = Harm.MISSING if isinstance(error, FileNotFoundError) else Harm.UNREADABLE
        record_check(document, harm, now=clock.now())
        return None

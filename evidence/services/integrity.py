"""Stored bytes that are no longer those that were recorded: kept with the document, recorded, and told once a day."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection, models, transaction
from django.urls import reverse

from audit import clock
from audit.context import Origin, acting_from
from audit.models import Event, audit_type_of
from audit.services import record
from evidence import storage
from evidence.extensions import HarmedFile, harm_listeners
from evidence.models import Document, FileCheck
from evidence.outgoing import BytesHarmed, OutgoingBytes, harm_of
from evidence.services.rows import locked_document
from evidence.states import Harm

logger = logging.getLogger(__name__)

#: Of more files a day administrators learn from the page alone, as when the disk is not there.
_MOST_TOLD = 20
#: One after the other, so that of two downloads at the same moment the second sees what the first recorded.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('jejak.harm'))"


def open_received(document: Document, *, now: datetime) -> OutgoingBytes:
    """Open the bytes of a document for sending. Raises BytesHarmed where they are known to be others than were received.

    Of a document that was found harmed before, all bytes are read first: it may have been restored since.
    """
    if known_harm(document) is not None:
        harm = harm_of_document(document)
        if harm is not None:
            raise BytesHarmed(harm)
        record_check(document, None, now=now)
    path = storage.path_of(document.stored_name)
    return OutgoingBytes(path, sha256=document.sha256, size=document.size)


def known_harm(document: Document) -> Harm | None:
    """Return what the newest check found wrong with the bytes; no query where `file_check` was loaded with it."""
    check = getattr(document, "file_check", None)
    return Harm(check.harm) if check is not None and check.harm and not document.is_destroyed else None


def harm_of_document(document: Document) -> Harm | None:
    """Read the bytes of a document to their end; return what is wrong with them, or None."""
    path = storage.path_of(document.stored_name)
    return harm_of(path, sha256=document.sha256, size=document.size)


@transaction.atomic
def record_check(document: Document, harm: Harm | None, *, now: datetime) -> Harm | None:
    """Keep what a reading of a document's bytes found, and return it; None where the bytes were destroyed meanwhile.

    What is harmed is recorded and told once a day; what is whole again is recorded once.
    """
    row = locked_document(document)
    if row.is_destroyed:
        return None
    before = FileCheck.objects.filter(document=row).first()
    since = before.harmed_at if before is not None and before.harm else now
    values = {"checked_at": now, "harm": harm or "", "harmed_at": since if harm else None}
    FileCheck.objects.update_or_create(document=row, defaults=values)
    about = {"label": f"#{row.pk} {row.sha256[:8]}", "agency_id": row.agency_id}
    if harm is not None:
        told = HarmedFile(
            "document", row.pk, harm, reverse("evidence:detail", args=[row.pk]), row.classification
        )
        record_harm(row, told, sha256=row.sha256, about=about, now=now)
    elif before is not None and before.harm:
        logger.warning("The bytes of document %s are those that were received again", row.pk)
        _record(row, "document.found_whole", about, {"sha256": row.sha256}, now)
    return harm


@transaction.atomic
def record_harm(
    obj: models.Model, file: HarmedFile, *, sha256: str, about: Mapping[str, object], now: datetime
) -> bool:
    """Record that stored bytes are harmed and tell whoever registered; return False where that was done today already.

    Of many files a day the first few are told.

    `obj` is the row that holds the hash, `about` are the label and the agency of the Event.
    """
    logger.error("The bytes of %s %s are not those that were recorded: %s", file.noun, file.number, file.harm)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    action = f"{file.noun}.found_harmed"
    earlier = Event.objects.about(audit_type_of(obj), obj.pk).filter(action=action).order_by("-id")
    last = earlier.values_list("occurred_at", flat=True).first()
    if last is not None and clock.local_date(last) == clock.local_date(now):
        return False
    _record(obj, action, about, {"harm": file.harm.value, "sha256": sha256}, now)
    since = clock.end_of_day(clock.local_date(now) - timedelta(days=1))
    if Event.objects.filter(action=action, occurred_at__gte=since).count() <= _MOST_TOLD:
        for listener in harm_listeners.values():
            listener(file, now)
    return True


def _record(
    obj: models.Model, action: str, about: Mapping[str, object], after: Mapping[str, object], now: datetime
) -> None:
    """Add the Event as the system's own: whoever happened to download the file has nothing to do with it."""
    with acting_from(Origin()):
        record(action=action, actor=None, obj=obj, after=after, now=now, **about)  # type: ignore[arg-type]

"""A file arrives, or the number of a paper file that may not be stored here."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.models import Agency, User
from audit.errors import NotAllowed, NotNow
from audit.services import digest, record
from evidence import kinds, permissions, storage
from evidence.errors import BadEvidence
from evidence.models import Document
from evidence.names import clean_name
from evidence.queue import PREVIEW_TASK, SCAN_TASK, TEXT_TASK, enqueue_after_commit
from evidence.services.rows import record_on
from evidence.states import ScanState
from evidence.storage import Spool
from evidence.uploads import spool_upload
from ui.numbers import file_size


def receive_file(
    upload: UploadedFile,
    *,
    agency: Agency,
    actor: User,
    classification: int,
    evidence_from: date | None = None,
    evidence_to: date | None = None,
    now: datetime,
) -> Document:
    """Checks and keeps a file: bytes first, synced, then the row, its Event and the call for a scan.

    The transaction is its own and durable: when this returns, the document stands. One date alone stands for a
    single day. Raises NotAllowed (not this person's agency, or a class above their clearance), NotNow (a class
    above the installation's ceiling, or dates the wrong way round), BadEvidence (the file; recorded as refused)
    and StorageFailed (the disk). After any of them nothing of the file is kept.
    """
    first, last = demand_dates(evidence_from, evidence_to)
    demand_may_add(actor, agency=agency, classification=classification)
    spool = spool_upload(upload)
    try:
        kept = keep_bytes(spool, name=upload.name or "", agency=agency, actor=actor, now=now)
        with transaction.atomic(durable=True):
            return add_row(
                kept,
                agency=agency,
                actor=actor,
                classification=classification,
                dates=(first, last),
                now=now,
            )
    finally:
        spool.close()


def register_reference(
    *,
    reference_number: str,
    agency: Agency,
    actor: User,
    classification: int,
    evidence_from: date | None = None,
    evidence_to: date | None = None,
    now: datetime,
) -> Document:
    """Notes the reference number of a paper file whose class is above the installation's ceiling; no bytes.

    Anybody who adds files for the agency may, whatever their clearance: the number tells nothing of the content.
    Raises NotAllowed; NotNow when the class is within the ceiling, the number is empty or the dates are wrong.
    """
    first, last = demand_dates(evidence_from, evidence_to)
    if not permissions.may_add(actor, agency_id=agency.pk):
        raise NotAllowed(_("Only the agency's own officers and MAPO add evidence for an agency."))
    if classification <= settings.CLASSIFICATION_CEILING:
        raise NotNow(_("A file of this classification can be uploaded; it needs no reference number."))
    number = " ".join(reference_number.split())[:100]
    if not number:
        raise NotNow(_("Give the reference number of the paper file."))
    with transaction.atomic(durable=True):
        document = Document.objects.create(
            agency=agency,
            reference_number=number,
            classification=classification,
            evidence_from=first,
            evidence_to=last,
            received_at=now,
            uploaded_by=actor,
            scan_state=ScanState.UNSCANNED,
        )
        record_on(
            document,
            action="document.registered",
            actor=actor,
            after={"classification": classification, "reference_number": digest(number)},
            now=now,
        )
    return document


def record_oversize(*, agency_id: int, announced_bytes: int, actor: User, now: datetime) -> None:
    """Notes that a file was refused by its announced size alone, before a byte of it was read."""
    _record_refused("too_big", about={"size": announced_bytes}, agency_id=agency_id, actor=actor, now=now)


def demand_may_add(actor: User, *, agency: Agency, classification: int) -> None:
    """Raises NotAllowed or NotNow unless this person may store a file of this class for the agency."""
    if not permissions.may_add(actor, agency_id=agency.pk):
        raise NotAllowed(_("Only the agency's own officers and MAPO add evidence for an agency."))
    if classification not in Clearance.values:
        raise NotNow(_("Choose a classification from the list."))
    demand_within_ceiling(classification)
    if classification > actor.clearance:
        raise NotAllowed(
            _("You are cleared up to %(clearance)s, so you cannot store a file that is %(classification)s.")
            % {
                "clearance": Clearance(actor.clearance).label,
                "classification": Clearance(classification).label,
            }
        )


def demand_within_ceiling(classification: int) -> None:
    """Raises NotNow for a class whose bytes this installation may not hold."""
    if classification > settings.CLASSIFICATION_CEILING:
        raise NotNow(
            _(
                "Files above %(ceiling)s are not stored here, and nothing of this one was kept. "
                "Keep the paper file, and register its reference number instead."
            )
            % {"ceiling": Clearance(settings.CLASSIFICATION_CEILING).label}
        )


def demand_dates(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """Both dates or none; one alone is a single day. Raises NotNow when they are the wrong way round."""
    first, last = first or last, last or first
    if first is not None and last is not None and first > last:
        raise NotNow(_("The evidence dates are the wrong way round: the first day comes after the last."))
    return first, last


class KeptBytes:
    """Bytes that are safely at their final place, and what was found out about them on the way."""

    def __init__(self, *, stored_name: str, name: str, kind: kinds.Kind, spool: Spool) -> None:
        self.stored_name = stored_name
        self.name = name
        self.media_type = kind.media_type
        self.sha256 = spool.sha256
        self.size = spool.size


def keep_bytes(spool: Spool, *, name: str, agency: Agency, actor: User, now: datetime) -> KeptBytes:
    """Checks the spooled file and moves it to its final place; a refusal is recorded, then raised again."""
    name = clean_name(name)
    try:
        kind = _examine(spool, name=name)
    except BadEvidence as refusal:
        _record_refusal(refusal, spool=spool, agency=agency, actor=actor, now=now)
        raise
    stored_name = storage.new_stored_name()
    spool.keep(stored_name)
    return KeptBytes(stored_name=stored_name, name=name, kind=kind, spool=spool)


def add_row(
    kept: KeptBytes,
    *,
    agency: Agency,
    actor: User,
    classification: int,
    dates: tuple[date | None, date | None],
    now: datetime,
) -> Document:
    """Adds the row of bytes that lie at their final place, with its Event; belongs inside a transaction."""
    document = Document.objects.create(
        agency=agency,
        original_name=kept.name,
        sha256=kept.sha256,
        size=kept.size,
        media_type=kept.media_type,
        stored_name=kept.stored_name,
        classification=classification,
        evidence_from=dates[0],
        evidence_to=dates[1],
        received_at=now,
        uploaded_by=actor,
        scan_state=ScanState.UNSCANNED if settings.SCANNER == "none" else ScanState.PENDING,
    )
    record_on(
        document,
        action="document.received",
        actor=actor,
        after={
            "name": digest(document.original_name),
            "sha256": document.sha256,
            "size": document.size,
            "media_type": document.media_type,
            "classification": classification,
            "evidence_from": str(dates[0] or ""),
            "evidence_to": str(dates[1] or ""),
            "scan_state": document.scan_state,
        },
        now=now,
    )
    if document.scan_state == ScanState.PENDING:
        enqueue_after_commit(SCAN_TASK, document.pk)
    else:
        enqueue_after_commit(PREVIEW_TASK if document.is_image else TEXT_TASK, document.pk)
    return document


def _examine(spool: Spool, *, name: str) -> kinds.Kind:
    spool.demand_whole()
    if spool.is_too_big:
        raise BadEvidence(
            _("The file is larger than %(limit)s. Split it, or save it with smaller pictures, and try again.")
            % {"limit": file_size(spool.max_bytes)},
            code="too_big",
        )
    return kinds.identify(spool.file, name=name, size=spool.size)


def _record_refusal(
    refusal: BadEvidence, *, spool: Spool, agency: Agency, actor: User, now: datetime
) -> None:
    """The hash is kept when the file was read to the end; never its content."""
    about: dict[str, object] = {"size": spool.size}
    if not spool.is_too_big:
        about["sha256"] = spool.sha256
    _record_refused(refusal.code, about=about, agency_id=agency.pk, actor=actor, now=now)


@transaction.atomic
def _record_refused(
    code: str, *, about: dict[str, object], agency_id: int, actor: User, now: datetime
) -> None:
    """The Event of a refused file, which has no row."""
    record(
        action="document.refused",
        actor=actor,
        object_type=Document._meta.label,
        label=code,
        agency_id=agency_id,
        after={"reason_code": code, **about},
        now=now,
    )

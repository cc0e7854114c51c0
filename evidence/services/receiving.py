"""Receive a file, or the reference number of a paper file that may not be stored here."""

from collections.abc import Mapping
from contextlib import closing
from datetime import date, datetime

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.models import Agency, User
from audit.errors import NotAllowed, NotNow
from audit.services import digest, record
from evidence import permissions, storage
from evidence.errors import BadEvidence
from evidence.judging import judge
from evidence.kinds.catalogue import FileKind
from evidence.models import Document
from evidence.names import clean_name
from evidence.queue import PREVIEW_TASK, SCAN_TASK, TEXT_TASK, enqueue_after_commit
from evidence.services.rows import (
    demand_dates,
    demand_in_use,
    demand_may_change,
    locked_document,
    record_on,
)
from evidence.states import DocumentState, ScanState
from evidence.storage import Spool
from evidence.uploads import spool_upload
from privacy.checks import (
    FILE_NAMES,
    NO_IDENTITIES,
    IdentitiesFound,
    IdentityNote,
    check_identities,
    identities_in_names,
    refuse_identities,
)
from privacy.kinds import count_words
from ui.numbers import file_size


def receive_file(
    upload: UploadedFile,
    *,
    agency: Agency,
    actor: User,
    classification: int,
    evidence_from: date | None = None,
    evidence_to: date | None = None,
    identities_reason: str = "",
    now: datetime,
) -> Document:
    """Check and store a file: bytes first, synced, then the row, its Event and the request for a scan.

    Opens its own durable transaction: when this returns, the document is saved. One date alone stands for a
    single day. Raises NotAllowed (not this person's agency, or a class above their clearance), NotNow (a
    class above the installation's ceiling, dates in the wrong order, or a name that seems to identify a person without
    a reason), BadEvidence (the file; recorded as refused) and StorageFailed (the disk). After any of them nothing of the
    file is kept.
    """
    first, last = demand_dates(evidence_from, evidence_to)
    demand_may_add(actor, agency=agency, classification=classification)
    identities = _check_name(upload, reason=identities_reason)
    with closing(spool_upload(upload)) as spool:
        document = store_file(spool, name=upload.name or "", agency=agency, actor=actor, now=now)
        with transaction.atomic(durable=True):
            save_document(document, classification=classification, dates=(first, last), identities=identities)
    return document


def replace_document(
    document: Document,
    upload: UploadedFile,
    *,
    actor: User,
    classification: int | None = None,
    evidence_from: date | None = None,
    evidence_to: date | None = None,
    identities_reason: str = "",
    now: datetime,
) -> Document:
    """Put a new file in the place of one in use; return the new document, to which the old one points.

    Class and dates are the old ones' unless given; the class is never lower than the old one's. Opens its own
    durable transaction. What a submission cited stays readable. Raises what `receive_file` raises, and
    NotAllowed or NotNow for a document that may not be changed; then the old document is as it was.
    """
    first, last = demand_dates(evidence_from or document.evidence_from, evidence_to or document.evidence_to)
    level = document.classification if classification is None else classification
    _demand_may_replace(document, actor=actor, classification=level)
    identities = _check_name(upload, reason=identities_reason)
    with closing(spool_upload(upload)) as spool:
        successor = store_file(spool, name=upload.name or "", agency=document.agency, actor=actor, now=now)
        with transaction.atomic(durable=True):
            row = locked_document(document)
            _demand_may_replace(row, actor=actor, classification=level)
            save_document(successor, classification=level, dates=(first, last), identities=identities)
            row.state, row.replaced_by = DocumentState.REPLACED, successor
            row.save(update_fields=["state", "replaced_by"])
            record_on(
                row,
                action="document.replaced",
                actor=actor,
                before={"state": DocumentState.KEPT.value},
                after={"state": row.state, "replaced_by": successor.pk},
                now=now,
            )
    return successor


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
    """Record the reference number of a paper file whose class is above the installation's ceiling; no bytes.

    Anybody who adds files for the agency may, whatever their clearance: the number tells nothing of the
    content. Raises NotAllowed; NotNow when the class is within the ceiling, the number is empty or the dates
    are wrong; BadValue where the number seems to identify a person.
    """
    first, last = demand_dates(evidence_from, evidence_to)
    if not permissions.may_add(actor, agency_id=agency.pk):
        raise NotAllowed(_("Only the agency's own officers and MAPO may add evidence for an agency."))
    if classification <= settings.CLASSIFICATION_CEILING:
        raise NotNow(_("A file of this classification can be uploaded; it needs no reference number."))
    number = " ".join(reference_number.split())[:100]
    if not number:
        raise NotNow(_("Give the reference number of the paper file."))
    refuse_identities(number, field="reference_number")
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


def demand_may_add(actor: User, *, agency: Agency, classification: int) -> None:
    """Raise NotAllowed or NotNow unless this person may store a file of this class for the agency."""
    if not permissions.may_add(actor, agency_id=agency.pk):
        raise NotAllowed(_("Only the agency's own officers and MAPO may add evidence for an agency."))
    if classification not in Clearance.values:
        raise NotNow(_("Choose a classification from the list."))
    if classification > settings.CLASSIFICATION_CEILING:
        raise NotNow(
            _(
                "Files above %(ceiling)s are not stored here, and this one was not kept. Keep the paper file "
                "and register its reference number instead."
            )
            % {"ceiling": Clearance(settings.CLASSIFICATION_CEILING).label}
        )
    if classification > actor.clearance:
        raise NotAllowed(
            _("You are cleared up to %(clearance)s, so you cannot store a file that is %(classification)s.")
            % {
                "clearance": Clearance(actor.clearance).label,
                "classification": Clearance(classification).label,
            }
        )


def _demand_may_replace(document: Document, *, actor: User, classification: int) -> None:
    """Raise NotAllowed or NotNow unless a file of this class may take the document's place."""
    demand_may_change(document, actor)
    demand_in_use(document)
    demand_may_add(actor, agency=document.agency, classification=classification)
    if classification < document.classification:
        raise NotNow(_("The new file cannot have a lower classification than the one that it replaces."))


def _check_name(upload: UploadedFile, *, reason: str) -> IdentityNote:
    """Return what the name of a file seems to identify. Raises NotNow if that is something without a good reason."""
    name = clean_name(upload.name or "")
    try:
        return check_identities({}, file_names=[name], reason=reason)
    except IdentitiesFound as found:
        if reason.strip():
            raise NotNow(found.problems[FILE_NAMES]) from found
        sentence = _(
            "The name of this file seems to identify a person (%(found)s), so the file was not stored. Rename it and "
            "upload it again. If the name must stay, add the file on the page “Evidence”, with a reason."
        )
        raise NotNow(sentence % {"found": count_words(identities_in_names([name]))}) from found


def store_file(spool: Spool, *, name: str, agency: Agency, actor: User, now: datetime) -> Document:
    """Check the spooled file, move it to its final place, and return its row, for `save_document`.

    A refusal is recorded, then raised again.
    """
    name = clean_name(name)
    try:
        kind = _examine(spool, name=name)
    except BadEvidence as refusal:
        # Its hash where it was read to the end, never its content.
        about = {"size": spool.size} | ({} if spool.is_too_big else {"sha256": spool.sha256})
        record_refused(refusal.code, about=about, agency_id=agency.pk, actor=actor, now=now)
        raise
    stored_name = storage.new_stored_name()
    spool.store(storage.path_of(stored_name))
    return Document(
        agency=agency,
        original_name=name,
        sha256=spool.sha256,
        size=spool.size,
        media_type=kind.media_type,
        stored_name=stored_name,
        received_at=now,
        uploaded_by=actor,
        scan_state=ScanState.UNSCANNED if settings.SCANNER == "none" else ScanState.PENDING,
    )


def save_document(
    document: Document,
    *,
    classification: int,
    dates: tuple[date | None, date | None],
    identities: IdentityNote = NO_IDENTITIES,
) -> None:
    """Save the row of stored bytes under a class, with its Event; call it inside a transaction."""
    document.classification, (document.evidence_from, document.evidence_to) = classification, dates
    document.save(force_insert=True)
    record_on(
        document,
        action="document.received",
        actor=document.uploaded_by,
        after={
            "name": digest(document.original_name),
            "sha256": document.sha256,
            "size": document.size,
            "media_type": document.media_type,
            "classification": classification,
            "evidence_from": str(dates[0] or ""),
            "evidence_to": str(dates[1] or ""),
            "scan_state": document.scan_state,
            **identities.event_facts,
        },
        reason=identities.reason,
        now=document.received_at,
    )
    if document.scan_state == ScanState.PENDING:
        enqueue_after_commit(SCAN_TASK, document.pk)
    else:
        enqueue_after_commit(PREVIEW_TASK if document.is_image else TEXT_TASK, document.pk)


def _examine(spool: Spool, *, name: str) -> FileKind:
    """Return the kind of the spooled file. Raises BadEvidence and StorageFailed."""
    spool.demand_whole()
    if spool.is_too_big:
        raise BadEvidence(
            _("The file is larger than %(limit)s. Split it, or save it with smaller pictures, and try again.")
            % {"limit": file_size(spool.max_bytes)},
            code="too_big",
        )
    return judge(spool.path, name=name, size=spool.size)


@transaction.atomic
def record_refused(
    code: str, *, about: Mapping[str, object], agency_id: int, actor: User, now: datetime
) -> None:
    """Add the Event of a refused file, which has no row."""
    record(
        action="document.refused",
        actor=actor,
        object_type=Document._meta.label,
        label=code,
        agency_id=agency_id,
        after={"reason_code": code, **about},
        now=now,
    )

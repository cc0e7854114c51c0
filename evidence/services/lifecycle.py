"""What is said about a document, and whether the agency stands by it. The bytes never change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.models import User
from audit.errors import NotAllowed, NotNow
from evidence import permissions
from evidence.models import Document
from evidence.services.receiving import (
    add_row,
    demand_dates,
    demand_may_add,
    keep_bytes,
)
from evidence.services.rows import locked_document, record_on
from evidence.services.texts import remove_text
from evidence.states import DocumentState, ScanState
from evidence.uploads import spool_upload

MAX_REASON_CHARACTERS = 500


@transaction.atomic
def describe_document(
    document: Document,
    *,
    classification: int,
    evidence_from: date | None,
    evidence_to: date | None,
    actor: User,
    now: datetime,
) -> Document:
    """Sets the class and the dates that the file is evidence of; the same values again write nothing.

    Once a submission cited it, only a higher class is accepted, from its agency or from MAPO.
    Raises NotAllowed (not this person's document, or above their clearance) and NotNow (frozen, sealed, not in
    use, above the ceiling, dates the wrong way round).
    """
    first, last = demand_dates(evidence_from, evidence_to)
    row = locked_document(document)
    before = _description(row)
    after = {
        "classification": classification,
        "evidence_from": str(first or ""),
        "evidence_to": str(last or ""),
    }
    changed = {key for key in after if before[key] != after[key]}
    _demand_may_describe(row, changed=changed, classification=classification, actor=actor)
    if not changed:
        return row
    row.classification, row.evidence_from, row.evidence_to = classification, first, last
    row.save(update_fields=["classification", "evidence_from", "evidence_to"])
    record_on(
        row,
        action="document.described",
        actor=actor,
        before={key: before[key] for key in sorted(changed)},
        after={key: after[key] for key in sorted(changed)},
        now=now,
    )
    return row


@transaction.atomic
def withdraw_document(document: Document, *, reason: str, actor: User, now: datetime) -> Document:
    """Takes a document out of use; what a submission cited stays readable. Raises NotAllowed and NotNow."""
    reason = demand_reason(reason)
    row = locked_document(document)
    _demand_may_change(row, actor)
    _demand_in_use(row)
    row.state, row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = (
        DocumentState.WITHDRAWN,
        now,
        actor,
        reason,
    )
    row.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _record_move(
        row, action="document.withdrawn", before=DocumentState.KEPT, actor=actor, reason=reason, now=now
    )
    return row


@transaction.atomic
def restore_document(document: Document, *, actor: User, now: datetime) -> Document:
    """Undoes a withdrawal, as a new act. Raises NotAllowed; NotNow when it is not withdrawn, or since sealed."""
    row = locked_document(document)
    _demand_may_change(row, actor)
    if not row.is_withdrawn:
        raise NotNow(_("This document is not withdrawn, so there is nothing to bring back."))
    if row.is_sealed:
        raise NotNow(_("This document was sealed after it was withdrawn, so it cannot be brought back."))
    row.state, row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = DocumentState.KEPT, None, None, ""
    row.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _record_move(row, action="document.restored", before=DocumentState.WITHDRAWN, actor=actor, now=now)
    return row


def replace_document(
    document: Document,
    upload: UploadedFile,
    *,
    actor: User,
    classification: int | None = None,
    evidence_from: date | None = None,
    evidence_to: date | None = None,
    now: datetime,
) -> Document:
    """Puts a new file in the place of one in use; returns the new document, to which the old one points.

    Class and dates are the old ones' unless given; the class is never lower than the old one's. The transaction
    is its own and durable. What a submission cited stays readable. Raises what `receive_file` and
    `withdraw_document` raise; then the old document stands as it was.
    """
    first, last = demand_dates(evidence_from or document.evidence_from, evidence_to or document.evidence_to)
    level = document.classification if classification is None else classification
    _demand_may_change(document, actor)
    _demand_in_use(document)
    demand_may_add_instead(document, actor=actor, classification=level)
    spool = spool_upload(upload)
    try:
        kept = keep_bytes(spool, name=upload.name or "", agency=document.agency, actor=actor, now=now)
        with transaction.atomic(durable=True):
            row = locked_document(document)
            _demand_may_change(row, actor)
            _demand_in_use(row)
            demand_may_add_instead(row, actor=actor, classification=level)
            successor = add_row(
                kept, agency=row.agency, actor=actor, classification=level, dates=(first, last), now=now
            )
            row.state, row.replaced_by = DocumentState.REPLACED, successor
            row.save(update_fields=["state", "replaced_by"])
            _record_move(
                row,
                action="document.replaced",
                before=DocumentState.KEPT,
                more={"replaced_by": successor.pk},
                actor=actor,
                now=now,
            )
    finally:
        spool.close()
    return successor


@transaction.atomic
def seal_document(document: Document, *, reason: str, actor: User, now: datetime) -> Document:
    """Makes bytes, name and text unreadable to everyone, for good: no search finds them. Hash, act and Event stay.

    Raises NotAllowed for everybody but administrators; NotNow when it is sealed already or the reason is empty.
    """
    reason = demand_reason(reason)
    row = locked_document(document)
    if not permissions.may_seal(actor, row):
        raise NotAllowed(_("Only an administrator seals a document."))
    if row.is_sealed:
        raise NotNow(_("This document is sealed already."))
    row.sealed_at, row.sealed_by, row.sealed_reason = now, actor, reason
    row.save(update_fields=["sealed_at", "sealed_by", "sealed_reason"])
    remove_text(row)
    record_on(
        row,
        action="document.sealed",
        actor=actor,
        after={"sha256": row.sha256},
        reason=reason,
        now=now,
    )
    return row


def freeze_documents(documents: Iterable[Document], *, agency_id: int, now: datetime) -> list[Document]:
    """Marks documents as submitted, inside the transaction of the submission; returns the locked rows by pk.

    From then on their description stands. Locks the rows, so that a withdrawal at the same instant either comes
    first (and is told here) or waits. Raises NotNow when one is another agency's, withdrawn, replaced, sealed or
    has a virus; RuntimeError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("freeze_documents belongs inside the transaction of the submission")
    wanted = {document.pk for document in documents}
    locked = Document.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    rows = list(locked)
    for row in rows:
        _demand_citable(row, agency_id=agency_id)
    fresh = [row for row in rows if row.frozen_at is None]
    for row in fresh:
        row.frozen_at = now
    Document.objects.bulk_update(fresh, ["frozen_at"])
    return rows


def demand_reason(reason: str) -> str:
    """The reason without space around it. Raises NotNow when it is empty or longer than 500 characters."""
    reason = reason.strip()
    if not reason:
        raise NotNow(_("Give a reason; it is kept with the document."))
    if len(reason) > MAX_REASON_CHARACTERS:
        raise NotNow(_("Shorten the reason to %(limit)d characters.") % {"limit": MAX_REASON_CHARACTERS})
    return reason


def demand_may_add_instead(document: Document, *, actor: User, classification: int) -> None:
    """Raises unless a file of this class may stand in the document's place."""
    demand_may_add(actor, agency=document.agency, classification=classification)
    if classification < document.classification:
        raise NotNow(_("The new file cannot have a lower classification than the one that it replaces."))


def _description(row: Document) -> dict[str, object]:
    return {
        "classification": row.classification,
        "evidence_from": str(row.evidence_from or ""),
        "evidence_to": str(row.evidence_to or ""),
    }


def _demand_may_describe(row: Document, *, changed: set[str], classification: int, actor: User) -> None:
    only_raises = changed <= {"classification"} and classification >= row.classification
    may = permissions.may_raise if only_raises else permissions.may_change
    if not may(actor, row):
        raise NotAllowed(_("Only the agency's own officers describe its evidence; MAPO may raise its class."))
    if row.has_bytes:
        demand_within_ceiling_or_seal(classification)
    elif classification <= settings.CLASSIFICATION_CEILING:
        raise NotNow(_("A file of this classification can be uploaded; it needs no reference number."))
    if classification > actor.clearance and row.has_bytes:
        raise NotAllowed(
            _("You are cleared up to %(clearance)s, so you cannot classify a file higher than that.")
            % {"clearance": Clearance(actor.clearance).label}
        )
    if only_raises:
        return
    if row.is_frozen:
        raise NotNow(
            _(
                "This document was submitted to MAPO, so what it says stays. Replace it by a corrected one instead."
            )
        )
    _demand_in_use(row)


def demand_within_ceiling_or_seal(classification: int) -> None:
    """Raises NotNow for a class that these bytes may not have here: then they must be sealed."""
    if classification not in Clearance.values:
        raise NotNow(_("Choose a classification from the list."))
    if classification > settings.CLASSIFICATION_CEILING:
        raise NotNow(
            _(
                "Files above %(ceiling)s may not be here at all. The document was left as it is: ask an "
                "administrator to seal it, and register the paper file's reference number."
            )
            % {"ceiling": Clearance(settings.CLASSIFICATION_CEILING).label}
        )


def _demand_may_change(row: Document, actor: User) -> None:
    if not permissions.may_change(actor, row):
        raise NotAllowed(_("Only the agency's own officers change its evidence."))


def _demand_in_use(row: Document) -> None:
    if row.is_sealed:
        raise NotNow(_("This document is sealed; it can no longer be changed."))
    if row.is_withdrawn:
        raise NotNow(_("This document was withdrawn on the way; nothing was changed."))
    if row.is_replaced:
        raise NotNow(_("This document was already replaced by a newer one; nothing was changed."))


def _demand_citable(row: Document, *, agency_id: int) -> None:
    name = {"name": row.display_name}
    if row.agency_id != agency_id:
        raise NotNow(_("“%(name)s” belongs to another agency. Remove it, then submit again.") % name)
    if row.is_sealed:
        raise NotNow(_("“%(name)s” is sealed. Remove it, then submit again.") % name)
    if row.state != DocumentState.KEPT:
        raise NotNow(_("“%(name)s” was withdrawn or replaced. Remove it, then submit again.") % name)
    if row.scan_state == ScanState.INFECTED:
        raise NotNow(_("“%(name)s” has a virus and is held. Remove it, then submit again.") % name)


def _record_move(
    row: Document,
    *,
    action: str,
    before: DocumentState,
    more: dict[str, object] | None = None,
    actor: User,
    reason: str = "",
    now: datetime,
) -> None:
    record_on(
        row,
        action=action,
        actor=actor,
        before={"state": before.value},
        after={"state": row.state, **(more or {})},
        reason=reason,
        now=now,
    )

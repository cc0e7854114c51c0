"""Change what is said about a document, and whether the agency uses it. The bytes never change."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeAlias

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.models import User
from audit.errors import NotAllowed, NotNow
from evidence import permissions
from evidence.models import Document
from evidence.services.rows import (
    demand_dates,
    demand_in_use,
    demand_may_change,
    locked_document,
    record_on,
    remove_text,
)
from evidence.states import DocumentState, ScanState
from privacy.checks import check_identities
from ui.invisible_characters import visible_line

MAX_REASON_CHARACTERS = 500

#: First and last day that a file is evidence of, or none.
Days: TypeAlias = tuple[date | None, date | None]


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
    """Set the class and the dates that the file is evidence of; the same values again write nothing.

    Once a submission cited it, only a higher class is accepted, from its agency or from MAPO. Raises
    NotAllowed (not this person's document, or above their clearance) and NotNow (frozen, sealed, not in use,
    above the ceiling, dates in the wrong order).
    """
    dates = demand_dates(evidence_from, evidence_to)
    row = locked_document(document)
    changed = set(_changes(row, classification=classification, dates=dates))
    _demand_may_describe(row, changed=changed, classification=classification, actor=actor)
    _describe(row, classification=classification, dates=dates, actor=actor, now=now)
    return row


def _changes(row: Document, *, classification: int, dates: Days) -> dict[str, tuple[object, object]]:
    """Return what would change in the description, by field: before and after, as the log keeps it."""
    first, last = dates
    pairs: dict[str, tuple[object, object]] = {
        "classification": (row.classification, classification),
        "evidence_from": (str(row.evidence_from or ""), str(first or "")),
        "evidence_to": (str(row.evidence_to or ""), str(last or "")),
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _describe(row: Document, *, classification: int, dates: Days, actor: User, now: datetime) -> None:
    """Write class and dates into the locked row, with one Event; nothing where they are the same."""
    changes = _changes(row, classification=classification, dates=dates)
    if not changes:
        return
    row.classification, (row.evidence_from, row.evidence_to) = classification, dates
    row.save(update_fields=["classification", "evidence_from", "evidence_to"])
    record_on(
        row,
        action="document.described",
        actor=actor,
        before={name: before for name, (before, _after) in changes.items()},
        after={name: after for name, (_before, after) in changes.items()},
        now=now,
    )


def describe_as_update(
    document_ids: Iterable[int],
    *,
    classification: int,
    covers: tuple[date | None, date | None],
    actor: User,
    now: datetime,
) -> None:
    """Raise documents to the class of the update that cites them, and give them the dates it covers where given.

    Inside the transaction that saves or sends the update. Leaves alone what this person may not describe (MAPO cites
    an agency's own file in a letter), what was submitted before, and what is sealed or not in use. Never lowers a
    class: another update may need it, or somebody may have chosen it; `describe_document` does. Paper files keep theirs.
    """
    open_rows = Document.objects.citable().filter(pk__in=document_ids, frozen_at__isnull=True)
    for row in open_rows.select_for_update(no_key=True, of=("self",)).order_by("pk"):
        level = max(classification, row.classification) if row.has_bytes else row.classification
        is_dated = all(covers) and permissions.may_change(actor, row)
        first, last = covers if is_dated else (row.evidence_from, row.evidence_to)
        _describe(row, classification=level, dates=(first, last), actor=actor, now=now)


@transaction.atomic
def withdraw_document(
    document: Document, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> Document:
    """Take a document out of use; what a submission cited stays readable.

    Raises NotAllowed and NotNow, and IdentitiesFound as `check_identities` does.
    """
    reason = demand_reason(reason)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    row = locked_document(document)
    demand_may_change(row, actor)
    demand_in_use(row)
    row.state, row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = (
        DocumentState.WITHDRAWN,
        now,
        actor,
        reason,
    )
    row.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    before, after = {"state": DocumentState.KEPT.value}, {"state": row.state, **identities.trail_facts}
    record_on(
        row, action="document.withdrawn", actor=actor, before=before, after=after, reason=reason, now=now
    )
    return row


@transaction.atomic
def restore_document(document: Document, *, actor: User, now: datetime) -> Document:
    """Undo a withdrawal, as a new act.

    Raises NotAllowed; NotNow when it is not withdrawn, or sealed since.
    """
    row = locked_document(document)
    demand_may_change(row, actor)
    if not row.is_withdrawn:
        raise NotNow(_("This document is not withdrawn, so there is nothing to restore."))
    if row.is_sealed:
        raise NotNow(_("This document was sealed after it was withdrawn, so it cannot be restored."))
    row.state, row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = DocumentState.KEPT, None, None, ""
    row.save(update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    before, after = {"state": DocumentState.WITHDRAWN.value}, {"state": row.state}
    record_on(row, action="document.restored", actor=actor, before=before, after=after, now=now)
    return row


@transaction.atomic
def seal_document(
    document: Document, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> Document:
    """Make bytes, name and text unreadable to everyone, for good; hash, act and Event stay.

    Raises NotAllowed for everybody but administrators; NotNow when it is sealed already or the reason is
    empty; IdentitiesFound as `check_identities` does.
    """
    reason = demand_reason(reason)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    row = locked_document(document)
    if not permissions.may_seal(actor, row):
        raise NotAllowed(_("Only an administrator may seal a document."))
    if row.is_sealed:
        raise NotNow(_("This document is already sealed."))
    row.sealed_at, row.sealed_by, row.sealed_reason = now, actor, reason
    row.save(update_fields=["sealed_at", "sealed_by", "sealed_reason"])
    remove_text(row)
    record_on(
        row,
        action="document.sealed",
        actor=actor,
        after={"sha256": row.sha256, **identities.trail_facts},
        reason=reason,
        now=now,
    )
    return row


def freeze_documents(documents: Iterable[Document], *, agency_id: int, now: datetime) -> list[Document]:
    """Mark documents as submitted, inside the transaction of the submission; return the locked rows by pk.

    From then on their description stays. Locks the rows, so that a withdrawal at the same instant either
    comes first (and is reported here) or waits. Raises NotNow when one belongs to another agency, is
    withdrawn, replaced or sealed, or has a virus; RuntimeError outside a transaction.
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
    """Return the reason without surrounding space. Raises NotNow when it is empty or over 500 characters."""
    reason = reason.strip()
    if not visible_line(reason):
        raise NotNow(_("Give a reason; it is kept with the document."))
    if len(reason) > MAX_REASON_CHARACTERS:
        raise NotNow(_("Shorten the reason to %(limit)d characters.") % {"limit": MAX_REASON_CHARACTERS})
    return reason


def _demand_may_describe(row: Document, *, changed: set[str], classification: int, actor: User) -> None:
    """Raise NotAllowed or NotNow unless this person may make these changes to the description."""
    only_raises = changed <= {"classification"} and classification >= row.classification
    may = permissions.may_raise if only_raises else permissions.may_change
    if not may(actor, row):
        raise NotAllowed(
            _("Only the agency's own officers may edit its evidence; MAPO may raise its classification.")
        )
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
                "This document was submitted to MAPO, so its details cannot change. Replace it with a "
                "corrected one instead."
            )
        )
    demand_in_use(row)


def demand_within_ceiling_or_seal(classification: int) -> None:
    """Raise NotNow for a class that stored bytes may not have here: then they must be sealed."""
    if classification not in Clearance.values:
        raise NotNow(_("Choose a classification from the list."))
    if classification > settings.CLASSIFICATION_CEILING:
        raise NotNow(
            _(
                "Files above %(ceiling)s must not be stored here. The document was not changed: ask an "
                "administrator to seal it, and register the paper file's reference number."
            )
            % {"ceiling": Clearance(settings.CLASSIFICATION_CEILING).label}
        )


def _demand_citable(row: Document, *, agency_id: int) -> None:
    """Raise NotNow unless a submission of this agency may cite the document."""
    name = {"name": row.display_name}
    if row.agency_id != agency_id:
        raise NotNow(_("“%(name)s” belongs to another agency. Remove it, then submit again.") % name)
    if row.is_sealed:
        raise NotNow(_("“%(name)s” is sealed. Remove it, then submit again.") % name)
    if row.state != DocumentState.KEPT:
        raise NotNow(_("“%(name)s” was withdrawn or replaced. Remove it, then submit again.") % name)
    if row.scan_state == ScanState.INFECTED:
        raise NotNow(_("“%(name)s” has a virus and is held. Remove it, then submit again.") % name)

"""Destroy bytes for good when the archives approve."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from evidence import permissions, storage
from evidence.models import Document
from evidence.services.rows import locked_document, record_on


def destroy_sealed_document(
    document: Document, *, approval_number: str, actor: User, now: datetime
) -> Document:
    """Delete the bytes of a sealed document for good, with the National Archives' approval; row and Events
    stay.

    The row is written first, then the bytes go: after a crash in between, the same call again finishes the
    work. Raises NotAllowed for everybody but administrators; NotNow when the document is not sealed, has no
    bytes, or the approval number is empty or differs from the first.
    """
    number = " ".join(approval_number.split())[:100]
    with transaction.atomic(durable=True):
        row = locked_document(document)
        if not permissions.may_seal(actor, row):
            raise NotAllowed(_("Only an administrator may destroy a sealed document."))
        if not row.is_sealed or not row.has_bytes:
            raise NotNow(_("Only the bytes of a sealed document can be destroyed."))
        if not number or (row.is_destroyed and row.destruction_approval != number):
            raise NotNow(_("Give the number of the National Archives' approval."))
        if not row.is_destroyed:
            row.destroyed_at, row.destruction_approval = now, number
            row.save(update_fields=["destroyed_at", "destruction_approval"])
            after = {"sha256": row.sha256, "approval": number}
            record_on(row, action="document.destroyed", actor=actor, after=after, now=now)
    storage.remove(row.stored_name)
    return row

"""Record who reads which bytes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from evidence import permissions
from evidence.models import Document
from evidence.services.rows import locked_document, record_on
from evidence.states import ScanState


@transaction.atomic
def record_download(document: Document, *, is_preview: bool = False, actor: User, now: datetime) -> Document:
    """Record that this person takes the bytes, or with `is_preview` looks at our small copy of an image.

    Call it before the first byte leaves. Raises NotAllowed when they may not see it, NotNow when it is held, sealed, out
    of use or without bytes.
    """
    row = locked_document(document)
    if not permissions.sees(actor, row):
        raise NotAllowed(_("You are not allowed to read this document."))
    if not row.is_available:
        raise NotNow(unavailable_text(row))
    record_on(
        row,
        action="document.previewed" if is_preview else "document.downloaded",
        actor=actor,
        after={"sha256": row.sha256},
        now=now,
    )
    return row


def unavailable_text(document: Document) -> str:
    """Return why nobody may download it at the moment, and what will happen next."""
    if document.is_sealed:
        return _("This document is sealed: nobody can read it.")
    if not document.has_bytes:
        return _("Only the reference number of the paper file is kept here.")
    if document.scan_state == ScanState.INFECTED:
        return _("A virus was found in this file. It is held and cannot be downloaded.")
    if document.scan_state == ScanState.FAILED:
        return _(
            "This file could not be scanned for viruses. It is held until an administrator has it scanned again."
        )
    if document.is_held:
        return _(
            "This file is waiting to be scanned for viruses. It can be downloaded as soon as it is found clean."
        )
    return _("This document was withdrawn or replaced before it was ever submitted.")

"""What the services of this room share: the locked row of a document, and its Events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from accounts.models import User
from audit.services import record
from evidence.models import Document


def locked_document(document: Document) -> Document:
    """The row as it stands now, locked until the transaction ends."""
    rows = Document.objects.select_for_update(no_key=True, of=("self",)).select_related("agency")
    return rows.get(pk=document.pk)


def record_on(
    document: Document,
    *,
    action: str,
    actor: User | None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
    now: datetime,
) -> None:
    """Adds one Event about a document.

    It is called for example "#12 9f2c41ab", the row and the beginning of its hash (of a paper file only the row):
    never by its name, which may be what a seal must hide.
    """
    record(
        action=action,
        actor=actor,
        obj=document,
        label=f"#{document.pk} {document.sha256[:8]}".strip(),
        agency_id=document.agency_id,
        before=before,
        after=after,
        reason=reason,
        now=now,
    )

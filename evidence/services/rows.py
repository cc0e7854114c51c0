"""What the services of documents share: the locked row, common checks, and Events."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from audit.services import record
from evidence import permissions
from evidence.models import Document, DocumentText
from evidence.states import TextState


def locked_document(document: Document) -> Document:
    """Return the row as it is now, locked until the transaction ends."""
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
    """Add one Event about a document.

    Its label is for example "#12 9f2c41ab", the row and the beginning of its hash (of a paper file only the
    row): never the name, which a seal may have to hide.
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


def demand_may_change(row: Document, actor: User) -> None:
    """Raise NotAllowed unless this person may change the document."""
    if not permissions.may_change(actor, row):
        raise NotAllowed(_("Only the agency's own officers may change its evidence."))


def demand_in_use(row: Document) -> None:
    """Raise NotNow for a document that is sealed, withdrawn or replaced."""
    if row.is_sealed:
        raise NotNow(_("This document is sealed; it can no longer be changed."))
    if row.is_withdrawn:
        raise NotNow(_("This document was withdrawn meanwhile. Nothing was changed."))
    if row.is_replaced:
        raise NotNow(_("This document was already replaced by a newer one. Nothing was changed."))


def remove_text(document: Document) -> None:
    """Empty the text of a document that nobody may read any more; call it inside the act's transaction."""
    DocumentText.objects.filter(document=document).update(
        state=TextState.REMOVED, text="", identities=None, is_cut=False, after=None
    )


def demand_dates(first: date | None, last: date | None) -> tuple[date | None, date | None]:
    """Return both dates or none; one alone is a single day.

    Raises NotNow when they are in the wrong order.
    """
    first, last = first or last, last or first
    if first is not None and last is not None and first > last:
        raise NotNow(_("The evidence dates are the wrong way round: the first day comes after the last."))
    return first, last

"""The life of the text inside a file: claimed by one task, saved, and removed with a seal."""

from datetime import datetime

from django.db import transaction

from evidence.models import Document, DocumentText
from evidence.services.rows import locked_document
from evidence.states import TEXT_CLAIM, TextState
from privacy.detector import find_identities
from privacy.kinds import count_kinds

#: A file at which the worker itself fell this often is left alone.
MAX_ATTEMPTS = 3
#: So much of a text is searched for what identifies a person: hundreds of pages, a second.
MOST_EXAMINED = 500_000


@transaction.atomic
def claim_text(document_id: int, *, now: datetime) -> Document | None:
    """Return the document, claimed for one try at its text; None when it is not due or another task has it."""
    rows = Document.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    document = rows.waiting_for_text(now).filter(pk=document_id).first()
    if document is None:
        return None
    words, _is_new = DocumentText.objects.get_or_create(document=document)
    if words.attempts >= MAX_ATTEMPTS:
        words.state, words.after = TextState.FAILED, None
    else:
        words.attempts, words.after = words.attempts + 1, now + TEXT_CLAIM
    words.save(update_fields=["state", "attempts", "after"])
    return document if words.state == TextState.WAITING else None


@transaction.atomic
def save_text(
    document: Document, *, state: TextState, text: str = "", is_cut: bool = False, now: datetime
) -> TextState:
    """Save an extracted text, unless the file was sealed or held meanwhile; return the state saved.

    Writes no Event: the text is a copy.
    """
    text = text.replace("\x00", "")
    # Looking takes about a second for a long text, during which nobody is to wait for the lock.
    identities = count_kinds(find_identities(text, most=MOST_EXAMINED)) if text else None
    read = {"text": text, "is_cut": is_cut, "identities": identities}
    row = locked_document(document)
    if row.is_sealed or row.is_held:
        state, read = TextState.REMOVED, {"text": "", "is_cut": False, "identities": None}
    DocumentText.objects.filter(document=row).update(
        state=state, attempts=0, after=None, extracted_at=now, **read
    )
    return state


@transaction.atomic
def read_texts_again() -> int:
    """Let the worker extract every readable file again; return how many.

    Old texts can be found until then.
    """
    readable = Document.objects.with_readable_text()
    DocumentText.objects.filter(document__in=readable).update(
        state=TextState.WAITING, text="", identities=None, is_cut=False, attempts=0, after=None
    )
    return readable.count()

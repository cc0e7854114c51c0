"""Loading is the access check: what a person may not see answers as if it did not exist."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from accounts.access import for_roles, person_of, refuse
from accounts.roles import AGENCY_ROLES, MAPO_ROLES
from evidence.models import Document

#: Who has to do with files at all; for observers these pages do not exist.
people_with_files = for_roles(*AGENCY_ROLES, *MAPO_ROLES)


def load_document(request: HttpRequest, document_id: int) -> Document:
    """The document with its agency and people, if this person may see it; else 404, recorded when it exists."""
    people = ("agency", "uploaded_by", "withdrawn_by", "sealed_by", "replaced_by")
    visible = Document.objects.visible_to(person_of(request)).select_related(*people)
    document = visible.filter(pk=document_id).first()
    if document is None:
        hidden = Document.objects.filter(pk=document_id).first()
        if hidden is None:
            raise Http404
        refuse(request, hidden, agency_id=hidden.agency_id)
    return document


def demand(request: HttpRequest, document: Document, *, is_allowed: bool) -> None:
    """Answers 404, recorded, when this person may see the document but never do this to it."""
    if not is_allowed:
        refuse(request, document, agency_id=document.agency_id)

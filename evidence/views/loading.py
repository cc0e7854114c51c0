"""Load a document for a view: loading is the access check."""

from collections.abc import Callable

from django.http import HttpRequest

from accounts.access import find_or_refuse, for_roles, person_of, refuse
from accounts.models import User
from accounts.roles import AGENCY_ROLES, MAPO_ROLES
from evidence.models import Document

#: The roles that work with files; for observers these pages do not exist.
people_with_files = for_roles(*AGENCY_ROLES, *MAPO_ROLES)


def load_document(
    request: HttpRequest, document_id: int, *, may: Callable[[User, Document], bool] | None = None
) -> Document:
    """Return the document with its agency and people, if this person sees it and `may` act on it.

    Otherwise answers 404, recorded when the document exists.
    """
    person = person_of(request)
    people = ("agency", "uploaded_by", "withdrawn_by", "sealed_by", "replaced_by")
    visible = Document.objects.visible_to(person).select_related(*people)
    document = find_or_refuse(request, visible, pk=document_id, agency_field="agency_id")
    if may is not None and not may(person, document):
        refuse(request, document, agency_id=document.agency_id)
    return document

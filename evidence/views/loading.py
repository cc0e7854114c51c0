"""What the views of documents share: loading, which is the access check, and answers for scripts."""

from collections.abc import Callable

from django.forms import Form
from django.http import HttpRequest, JsonResponse

from accounts.access import find_or_refuse, for_roles, person_of
from accounts.models import User
from accounts.roles import AGENCY_ROLES, MAPO_ROLES
from audit.refusals import refuse
from evidence.models import Document

#: The roles that work with files; for observers these pages do not exist.
people_with_files = for_roles(*AGENCY_ROLES, *MAPO_ROLES)


def load_document(
    request: HttpRequest, document_id: int, *, may: Callable[[User, Document], bool] | None = None
) -> Document:
    """Return the document with its agency, people and newest check, if this person sees it and `may` act on it.

    Otherwise answers 404, recorded when the document exists.
    """
    person = person_of(request)
    beside = ("agency", "uploaded_by", "withdrawn_by", "sealed_by", "replaced_by", "file_check")
    visible = Document.objects.visible_to(person).with_text_identities().select_related(*beside)
    document = find_or_refuse(request, visible, pk=document_id, agency_field="agency_id")
    if may is not None and not may(person, document):
        refuse(request, document, agency_id=document.agency_id)
    return document


def wants_json(request: HttpRequest) -> bool:
    """Return whether a script asks: for JSON or for anything, while a browser's page asks for HTML."""
    return request.get_preferred_type(["application/json", "text/html"]) != "text/html"


def first_error(form: Form) -> str:
    """Return one sentence for a script: the form's first error."""
    return str(next(iter(form.errors.values()))[0])


def refusal(message: object, *, status: int = 422) -> JsonResponse:
    """Return a refusal as JSON, which a script shows beside the file."""
    return JsonResponse({"error": str(message)}, status=status)

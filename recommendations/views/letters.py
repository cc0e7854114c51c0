"""MAPO enters what an agency reported by letter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import mapo_only, person_of
from accounts.acting import request_time
from audit.errors import DomainError
from evidence.display import document_summary
from evidence.kinds.catalogue import EXTENSIONS
from evidence.models import Document
from evidence.services.receiving import receive_file
from recommendations.errors import Incomplete
from recommendations.forms.letter import LetterForm
from recommendations.forms.update import classes_for
from recommendations.models import Assignment
from recommendations.services import enter_letter
from recommendations.views.assignments import loaded_assignment
from recommendations.views.refusals import closed_page
from ui.numbers import file_size


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def letter(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Enter an update that came by letter; somebody else must review it. Files that arrived are never lost."""
    assignment = loaded_assignment(request, assignment_id)
    if assignment.cycle.is_closed and request.method != "POST":
        return closed_page(request)
    form = _form(request, assignment)
    if request.method != "POST":
        return _show(request, assignment, form, kept=())
    is_whole = form.is_valid()
    arrived = _receive(request, assignment, form)
    kept = frozenset(form.cleaned_data.get("documents", frozenset())) | {each.pk for each in arrived}
    if is_whole and not form.errors and _enter(request, assignment, form, arrived):
        names = {"agency": assignment.agency.code, "item": str(assignment.item)}
        messages.success(
            request, _("The letter was entered: %(agency)s, %(item)s. Somebody else reviews it.") % names
        )
        return redirect("recommendations:assignment", assignment.pk)
    return _show(request, assignment, form, kept=kept)


def _form(request: HttpRequest, assignment: Assignment) -> LetterForm:
    back = reverse("recommendations:assignment", args=[assignment.pk])
    data, uploads = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return LetterForm(data, uploads, assignment=assignment, person=person_of(request), cancel_url=back)


def _receive(request: HttpRequest, assignment: Assignment, form: LetterForm) -> list[Document]:
    """Take the files that came with the form, each for itself; what is refused becomes an error of the form."""
    arrived: list[Document] = []
    uploads: list[UploadedFile] = form.cleaned_data.get("files", [])
    for upload in uploads:
        try:
            document = receive_file(
                upload,
                agency=assignment.agency,
                actor=person_of(request),
                classification=form.cleaned_data.get("classification", form.initial["classification"]),
                now=request_time(request),
            )
        except DomainError as error:
            form.add_error(None, f"{upload.name}: {error}")
        else:
            arrived.append(document)
    return arrived


def _enter(
    request: HttpRequest, assignment: Assignment, form: LetterForm, arrived: Iterable[Document]
) -> bool:
    values = form.cleaned_data
    try:
        enter_letter(
            assignment,
            content=form.content(added=arrived),
            reference=values["reference"],
            letter_on=values["letter_on"],
            actor=person_of(request),
            now=request_time(request),
        )
    except Incomplete as error:
        for name, problem in error.problems.items():
            form.add_error(name, str(problem))
        return False
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    return True


def _show(
    request: HttpRequest, assignment: Assignment, form: LetterForm, *, kept: Iterable[int]
) -> HttpResponse:
    documents = Document.objects.visible_to(person_of(request)).filter(
        agency=assignment.agency, pk__in=list(kept)
    )
    chosen = int(form["classification"].value() or form.initial["classification"])
    classes = [
        {"value": value, "label": label, "selected": value == chosen}
        for value, label in classes_for(person_of(request))
    ]
    context: dict[str, Any] = {
        "assignment": assignment,
        "form": form,
        "files": [document_summary(document) for document in documents.order_by("pk")],
        "classes": classes,
        "max_bytes": settings.MAX_UPLOAD_BYTES,
        "max_text": file_size(settings.MAX_UPLOAD_BYTES),
        "accept": ",".join(f".{extension}" for extension in EXTENSIONS),
        "upload_url": f"{reverse('evidence:upload')}?agency={assignment.agency_id}",
        "describe_url": reverse("evidence:describe", args=[0]),
    }
    status = 422 if form.errors else 200
    return render(request, "recommendations/assignments/letter.html", context, status=status)

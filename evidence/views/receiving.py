"""The door for files: who may come in is asked before a byte of the file is read."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.access import person_of
from accounts.clearance import Clearance
from accounts.models import Agency
from audit import clock
from audit.errors import DomainError
from evidence import permissions, services
from evidence.errors import BadEvidence, StorageFailed
from evidence.forms import FileForm, ReferenceForm, ReplacementForm, paper_classes
from evidence.models import Document
from evidence.presenting import document_summary
from evidence.uploads import EvidenceUploadHandler, drain, is_over_limit
from evidence.views.answers import first_error, refusal, wants_json
from evidence.views.loading import demand, load_document, people_with_files
from ui.numbers import file_size

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponseBase]

#: A browser in the middle of sending too much hears our answer if we listen this far.
_DRAIN_TIMES_LIMIT = 4


def receives_file(view: View) -> View:
    """Our upload handler for the body, and CSRF checked after it is in place. Lies inside the permission check.

    The address itself is exempt from the middleware's CSRF check, which would read the body with the wrong
    handlers, and before anybody asked who is sending.
    """
    protected = csrf_protect(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            if is_over_limit(request):
                return _over_limit(request)
            request.upload_handlers = [EvidenceUploadHandler(request)]
        response: HttpResponseBase = protected(request, *args, **kwargs)
        return response

    return guarded


@csrf_exempt
@require_http_methods(["GET", "POST"])
@people_with_files
@receives_file
def upload(request: HttpRequest) -> HttpResponseBase:
    """One file. A script gets JSON: 201 with the document, 422 or 503 with a sentence. A person gets a page."""
    form = _file_form(request)
    if request.method == "GET":
        return _upload_page(request, form)
    document, error = _receive(request, form)
    if wants_json(request):
        return _json_answer(document, error, form=form)
    if document is None:
        return _upload_page(request, form)
    messages.success(request, _("“%(name)s” was added.") % {"name": document.display_name})
    return redirect("evidence:detail", document_id=document.pk)


@require_http_methods(["GET", "POST"])
@people_with_files
def register(request: HttpRequest) -> HttpResponseBase:
    """The reference number of a paper file above the ceiling."""
    actor = person_of(request)
    form = ReferenceForm(request.POST or None, user=actor, cancel_url=reverse("evidence:list"))
    if form.is_valid():
        values = dict(form.cleaned_data)
        agency = values.pop("agency", actor.agency)
        try:
            document = services.register_reference(**values, agency=agency, actor=actor, now=clock.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The paper file's number was registered."))
            return redirect("evidence:detail", document_id=document.pk)
    return render(request, "evidence/register.html", {"form": form, "ceiling": _ceiling()})


@csrf_exempt
@require_http_methods(["GET", "POST"])
@people_with_files
def replace(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """A new file in the place of an old one; the old one stays where it was cited."""
    document = load_document(request, document_id)
    demand(request, document, is_allowed=permissions.may_change(person_of(request), document))
    return _replace(request, document)


@receives_file
def _replace(request: HttpRequest, document: Document) -> HttpResponseBase:
    detail_url = reverse("evidence:detail", args=[document.pk])
    form = ReplacementForm(
        request.POST or None,
        request.FILES or None,
        user=person_of(request),
        document=document,
        cancel_url=detail_url,
    )
    if form.is_valid():
        values = dict(form.cleaned_data)
        file = values.pop("file")
        try:
            successor = services.replace_document(
                document, file, **values, actor=person_of(request), now=clock.now()
            )
        except DomainError as error:
            form.add_error(_field_of(error), str(error))
        else:
            messages.success(request, _("The document was replaced; the earlier one is kept."))
            return redirect("evidence:detail", document_id=successor.pk)
    return render(
        request, "evidence/replace.html", {"form": form, "document": document, "detail_url": detail_url}
    )


def _file_form(request: HttpRequest) -> FileForm:
    """The form as posted, or empty. A script names MAPO's agency in the address, a page in the form."""
    about: dict[str, Any] = {"user": person_of(request), "cancel_url": reverse("evidence:list")}
    named = request.GET.get("agency")
    if request.method == "GET":
        return FileForm(**about, initial={"agency": named} if named else None)
    posted = request.POST.copy()
    if named and "agency" not in posted:
        posted["agency"] = named
    return FileForm(posted, request.FILES, **about)


def _receive(request: HttpRequest, form: FileForm) -> tuple[Document | None, DomainError | None]:
    """The document, or the refusal, which is then also in the form."""
    if not form.is_valid():
        return None, None
    actor = person_of(request)
    agency: Agency = form.cleaned_data.get("agency") or actor.agency
    dates: dict[str, date | None] = {
        name: form.cleaned_data[name] for name in ("evidence_from", "evidence_to")
    }
    try:
        document = services.receive_file(
            form.cleaned_data["file"],
            agency=agency,
            actor=actor,
            classification=form.cleaned_data["classification"],
            **dates,
            now=clock.now(),
        )
    except DomainError as error:
        form.add_error(_field_of(error), str(error))
        return None, error
    return document, None


def _json_answer(document: Document | None, error: DomainError | None, *, form: FileForm) -> JsonResponse:
    if document is not None:
        return JsonResponse(document_summary(document), status=201)
    if isinstance(error, StorageFailed):
        return refusal(error, status=503)
    return refusal(first_error(form))


def _upload_page(request: HttpRequest, form: FileForm) -> HttpResponse:
    context = {"form": form, "ceiling": _ceiling(), "has_paper": bool(paper_classes())}
    return render(request, "evidence/upload.html", context)


def _over_limit(request: HttpRequest) -> HttpResponseBase:
    """The body announces more than a file may have: nothing is parsed, the refusal is recorded."""
    actor = person_of(request)
    size = int(request.META["CONTENT_LENGTH"])
    services.record_oversize(agency_id=actor.agency_id, announced_bytes=size, actor=actor, now=clock.now())
    drain(request, max_bytes=_DRAIN_TIMES_LIMIT * settings.MAX_UPLOAD_BYTES)
    message = _(
        "The file is larger than %(limit)s. Split it, or save it with smaller pictures, and try again."
    ) % {"limit": file_size(settings.MAX_UPLOAD_BYTES)}
    if wants_json(request):
        return refusal(message)
    return render(
        request, "evidence/too_big.html", {"message": message, "back_url": request.path}, status=422
    )


def _field_of(error: DomainError) -> str | None:
    """Where the form shows a refusal: what is about the file stands at the file."""
    return "file" if isinstance(error, BadEvidence | StorageFailed) else None


def _ceiling() -> str:
    return str(Clearance(settings.CLASSIFICATION_CEILING).label)

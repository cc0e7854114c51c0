"""Views that receive files. Who may send is checked before a byte of the file is read."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.access import person_of
from accounts.acting import ActOutcome, act_by_form, acting, attempt, say_and_go
from accounts.clearance import Clearance
from accounts.models import Agency, User
from evidence import permissions
from evidence.display import document_summary
from evidence.errors import StorageFailed
from evidence.forms import DocumentUploadForm, ReferenceForm, ReplacementForm, paper_classes
from evidence.models import Document
from evidence.services.receiving import (
    receive_file,
    record_refused,
    register_reference,
    replace_document,
)
from evidence.uploads import EvidenceUploadHandler, drain, is_over_limit
from evidence.views.loading import first_error, load_document, people_with_files, refusal, wants_json
from ui.numbers import file_size

View = Callable[..., HttpResponseBase]

#: A browser in the middle of sending too much hears our answer if we listen this far.
DRAIN_TIMES_LIMIT = 4


def receives_file(view: View) -> View:
    """Give a view our upload handler, and check CSRF after it is in place. Use it inside the permission
    check.

    The address itself is exempt from the middleware's CSRF check, which would read the body with the wrong
    handlers, and before the permission check.
    """
    protected = csrf_protect(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            if is_over_limit(request, max_bytes=settings.MAX_UPLOAD_BYTES):
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
    """Add one file. A script gets JSON: 201 with the document, 422 or 503 with a sentence; a person gets a page."""
    form = _file_form(request)
    if request.method == "GET":
        return _upload_page(request, form)
    outcome = attempt(request, _receive_for_agency, form=form)
    if wants_json(request):
        return _json_answer(outcome, form)
    if not outcome.is_done:
        return _upload_page(request, form)
    done = _("“%(name)s” was added.") % {"name": outcome.result.display_name}
    return say_and_go(request, outcome.result, done=done, back_url=Document.get_absolute_url)


@require_http_methods(["GET", "POST"])
@people_with_files
def register(request: HttpRequest) -> HttpResponseBase:
    """Register the reference number of a paper file above the ceiling."""
    form = ReferenceForm(request.POST or None, user=person_of(request), cancel_url=reverse("evidence:list"))
    return act_by_form(
        request,
        form,
        act=_register_for_agency,
        done=_("The paper file's number was registered."),
        back_url=Document.get_absolute_url,
        template="evidence/register.html",
        context={
            "title": _("Register a paper file"),
            "note": _(
                "Keep files above %(ceiling)s on paper. Only the reference number is stored here, so that "
                "updates can cite it."
            )
            % {"ceiling": _ceiling()},
        },
    )


@csrf_exempt
@require_http_methods(["GET", "POST"])
@people_with_files
def replace(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Put a new file in the place of an old one, which stays where it was cited."""
    return _replace(request, load_document(request, document_id, may=permissions.may_change))


@receives_file
def _replace(request: HttpRequest, document: Document) -> HttpResponseBase:
    form = ReplacementForm(
        request.POST or None,
        request.FILES or None,
        user=person_of(request),
        document=document,
        cancel_url=document.get_absolute_url(),
    )
    return act_by_form(
        request,
        form,
        act=lambda *, file, **values: replace_document(document, file, **values),
        done=_("The document was replaced; the earlier one is kept."),
        back_url=Document.get_absolute_url,
        template="evidence/document_form.html",
        context={
            "document": document,
            "title": _("Replace"),
            "note": document.display_name,
            "explanation": _(
                "The new file replaces it from now on. The earlier one stays readable where a submission "
                "cited it."
            ),
        },
    )


def _receive_for_agency(
    *, file: UploadedFile, agency: Agency | None = None, actor: User, **values: Any
) -> Document:
    return receive_file(file, agency=agency or actor.agency, actor=actor, **values)


def _register_for_agency(*, agency: Agency | None = None, actor: User, **values: Any) -> Document:
    return register_reference(agency=agency or actor.agency, actor=actor, **values)


def _file_form(request: HttpRequest) -> DocumentUploadForm:
    """Return the form as posted, or empty. A script names MAPO's agency in the address, a page in the form."""
    about: dict[str, Any] = {"user": person_of(request), "cancel_url": reverse("evidence:list")}
    named = request.GET.get("agency")
    if request.method == "GET":
        return DocumentUploadForm(**about, initial={"agency": named} if named else None)
    posted = request.POST.copy()
    if named and "agency" not in posted:
        posted["agency"] = named
    return DocumentUploadForm(posted, request.FILES, **about)


def _json_answer(outcome: ActOutcome, form: DocumentUploadForm) -> JsonResponse:
    if outcome.is_done:
        return JsonResponse(document_summary(outcome.result), status=201)
    status = 503 if isinstance(outcome.refusal, StorageFailed) else 422
    return refusal(first_error(form), status=status)


def _upload_page(request: HttpRequest, form: DocumentUploadForm) -> HttpResponse:
    context = {"form": form, "ceiling": _ceiling(), "has_paper": bool(paper_classes())}
    return render(request, "evidence/upload.html", context)


def _over_limit(request: HttpRequest) -> HttpResponseBase:
    """Answer a body that announces more than a file may have: nothing is parsed, the refusal is recorded."""
    size = int(request.META["CONTENT_LENGTH"])
    agency_id = person_of(request).agency_id
    record_refused("too_big", about={"size": size}, agency_id=agency_id, **acting(request))
    drain(request, max_bytes=DRAIN_TIMES_LIMIT * settings.MAX_UPLOAD_BYTES)
    message = _(
        "The file is larger than %(limit)s. Split it, or save it with smaller pictures, and try again."
    ) % {"limit": file_size(settings.MAX_UPLOAD_BYTES)}
    if wants_json(request):
        return refusal(message)
    return render(
        request, "evidence/too_big.html", {"message": message, "back_url": request.path}, status=422
    )


def _ceiling() -> str:
    return str(Clearance(settings.CLASSIFICATION_CEILING).label)

"""What people do to a document that is here: describe, withdraw, bring back, seal, have it scanned again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import administrators_only, person_of
from accounts.acting import act_by_form
from accounts.models import User
from audit import clock
from audit.errors import DomainError
from evidence import permissions, services
from evidence.forms import DescriptionForm
from evidence.models import Document
from evidence.presenting import document_summary
from evidence.services.lifecycle import MAX_REASON_CHARACTERS
from evidence.views.answers import first_error, refusal, wants_json
from evidence.views.loading import demand, load_document, people_with_files
from evidence.views.pages import describable_classes, detail_page
from ui.forms import ReasonForm


@require_POST
@people_with_files
def describe(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Class and dates. A script gets 200 with the document or 422 with a sentence; a person goes to its page."""
    actor, document = person_of(request), load_document(request, document_id)
    demand(request, document, is_allowed=permissions.may_raise(actor, document))
    form = DescriptionForm(request.POST, levels=describable_classes(actor, document))
    message = _described(form, document, actor=actor)
    if wants_json(request):
        return refusal(message) if message else JsonResponse(document_summary(document))
    if message:
        return detail_page(request, document, problem=message, status=422)
    messages.success(request, _("Saved."))
    return redirect("evidence:detail", document_id=document.pk)


@require_http_methods(["GET", "POST"])
@people_with_files
def withdraw(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Out of use, with a reason."""
    actor, document = person_of(request), load_document(request, document_id)
    demand(request, document, is_allowed=permissions.may_change(actor, document))
    return _with_reason(
        request,
        document,
        act=services.withdraw_document,
        verb=_("Withdraw"),
        template="evidence/withdraw.html",
        done=_("The document was withdrawn. You can bring it back from its page."),
    )


@require_POST
@people_with_files
def restore(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Undoes a withdrawal."""
    actor, document = person_of(request), load_document(request, document_id)
    demand(request, document, is_allowed=permissions.may_change(actor, document))
    try:
        services.restore_document(document, actor=actor, now=clock.now())
    except DomainError as error:
        return detail_page(request, document, problem=str(error), status=409)
    messages.success(request, _("The document is in use again."))
    return redirect("evidence:detail", document_id=document.pk)


@require_http_methods(["GET", "POST"])
@administrators_only
def seal(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Unreadable to everyone from now on, with a reason."""
    actor, document = person_of(request), load_document(request, document_id)
    demand(request, document, is_allowed=permissions.may_seal(actor, document))
    return _with_reason(
        request,
        document,
        act=services.seal_document,
        verb=_("Seal for good"),
        template="evidence/seal.html",
        done=_("The document is sealed."),
    )


@require_POST
@administrators_only
def rescan(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Another try for a file that could not be scanned."""
    document = load_document(request, document_id)
    try:
        services.ask_for_rescan(document, actor=person_of(request), now=clock.now())
    except DomainError as error:
        return detail_page(request, document, problem=str(error), status=409)
    messages.success(request, _("The file will be scanned again within a minute."))
    return redirect("evidence:detail", document_id=document.pk)


def _described(form: DescriptionForm, document: Document, *, actor: User) -> str:
    """What was wrong, or nothing."""
    if not form.is_valid():
        return first_error(form)
    try:
        row = services.describe_document(document, **form.cleaned_data, actor=actor, now=clock.now())
    except DomainError as error:
        return str(error)
    for name in ("classification", "evidence_from", "evidence_to"):
        setattr(document, name, getattr(row, name))
    return ""


def _with_reason(
    request: HttpRequest,
    document: Document,
    *,
    act: Callable[..., Document],
    verb: str,
    template: str,
    done: str,
) -> HttpResponseBase:
    """A page that asks why, then the act."""
    detail_url = reverse("evidence:detail", args=[document.pk])
    form = ReasonForm(
        request.POST or None,
        verb=verb,
        cancel_url=detail_url,
        hint=_("Kept with the document. Write no names or numbers of victims."),
        max_length=MAX_REASON_CHARACTERS,
    )
    return act_by_form(
        request,
        form,
        act=partial(act, document),
        done=done,
        back_url=detail_url,
        template=template,
        context={"document": document, "detail_url": detail_url},
    )

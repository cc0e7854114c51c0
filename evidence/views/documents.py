"""Pages of documents: the list, one document, and what people do to it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import administrators_only, person_of
from accounts.acting import act_by_button, act_by_form, attempt, say_and_go
from accounts.clearance import Clearance
from accounts.models import User
from audit.models import Event
from evidence import permissions, scanning
from evidence.display import (
    document_summary,
    examination_label,
    harm_text,
    identity_warnings,
    kind_icon,
    kind_label,
    row_badge,
    scan_badge,
    short_kind,
    text_label,
)
from evidence.extensions import panels_about
from evidence.forms import DescriptionForm, DocumentFilterForm, paper_classes, storable_classes
from evidence.models import Document, DocumentQuerySet
from evidence.services.downloads import unavailable_text
from evidence.services.integrity import known_harm
from evidence.services.lifecycle import (
    MAX_REASON_CHARACTERS,
    describe_document,
    restore_document,
    seal_document,
    withdraw_document,
)
from evidence.services.scans import ask_for_rescan
from evidence.states import DocumentState, ScanState
from evidence.views.loading import first_error, load_document, people_with_files, refusal, wants_json
from privacy.forms import ReasonForm
from ui.methods import post_required
from ui.numbers import file_size
from ui.pagination import paginate
from ui.recent_proof import requires_recent_proof

_PER_PAGE = 25
_HISTORY_LINES = 50


@require_GET
@people_with_files
def document_list(request: HttpRequest) -> HttpResponse:
    """Show the evidence of the person's agency; for MAPO that of all, up to their clearance."""
    user = person_of(request)
    form = DocumentFilterForm(request.GET, user=user)
    form.is_valid()
    rows = Document.objects.visible_to(user).select_related("agency", "file_check")
    page = paginate(request, _filtered(rows, form.cleaned_data), per_page=_PER_PAGE)
    context = {
        "form": form,
        "page": page,
        "rows": [_list_row(document) for document in page.rows],
        "is_filtered": any(value not in (None, "") for value in form.cleaned_data.values()),
        "is_mapo": user.is_mapo,
        "scanning_off": not scanning.is_on(),
    }
    return render(request, "evidence/list.html", context)


@require_GET
@people_with_files
def detail(request: HttpRequest, document_id: int) -> HttpResponse:
    """Show one document: what it is, its description, its history, and what this person may do."""
    return detail_page(request, load_document(request, document_id))


@post_required
@people_with_files
def describe(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Set class and dates. A script gets 200 with the document or 422 with a sentence, a person the page."""
    document = load_document(request, document_id, may=permissions.may_raise)
    form = DescriptionForm(request.POST, levels=_describable_classes(person_of(request), document))
    outcome = attempt(request, partial(describe_document, document), form=form)
    if wants_json(request) and outcome.is_done:
        return JsonResponse(document_summary(outcome.result))
    if outcome.is_done:
        return say_and_go(request, document, done=_("Saved."), back_url=Document.get_absolute_url)
    problem = first_error(form)
    return refusal(problem) if wants_json(request) else detail_page(request, document, problem, status=422)


@require_http_methods(["GET", "POST"])
@people_with_files
def withdraw(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Take a document out of use, with a reason."""
    return _act_with_reason(
        request,
        load_document(request, document_id, may=permissions.may_change),
        act=withdraw_document,
        verb=_("Withdraw"),
        title=_("Withdraw"),
        explanation=_(
            "It can no longer be cited. It stays readable where a submission cited it, and you can "
            "restore it."
        ),
        done=_("The document was withdrawn. You can restore it from its page."),
    )


@post_required
@people_with_files
def restore(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Undo a withdrawal."""
    document = load_document(request, document_id, may=permissions.may_change)
    return _act_at_once(request, document, act=restore_document, done=_("The document was restored."))


@require_http_methods(["GET", "POST"])
@administrators_only
@requires_recent_proof
def seal(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Make a document unreadable to everyone for good, with a reason."""
    return _act_with_reason(
        request,
        load_document(request, document_id, may=permissions.may_seal),
        act=seal_document,
        verb=_("Seal permanently"),
        title=_("Seal"),
        explanation=_(
            "Nobody will be able to read the file or its name again, not even MAPO. Its hash and its history stay. "
            "This cannot be undone."
        ),
        done=_("The document is sealed."),
        tone="danger",
    )


@post_required
@administrators_only
def rescan(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """Try again to scan a file that could not be scanned."""
    document = load_document(request, document_id)
    return _act_at_once(
        request, document, act=ask_for_rescan, done=_("The file will be scanned again within a minute.")
    )


def _act_at_once(
    request: HttpRequest, document: Document, *, act: Callable[..., Document], done: str
) -> HttpResponseBase:
    """Do an act that needs no form; a refusal shows on the document's page (409)."""
    return act_by_button(
        request,
        partial(act, document),
        done=done,
        back_url=Document.get_absolute_url,
        on_refusal=lambda error: detail_page(request, document, str(error), status=409),
    )


def _act_with_reason(
    request: HttpRequest,
    document: Document,
    *,
    act: Callable[..., Document],
    verb: str,
    title: str,
    explanation: str,
    done: str,
    tone: str = "primary",
) -> HttpResponseBase:
    """Show a page that asks for a reason, then do the act."""
    detail_url = document.get_absolute_url()
    form = ReasonForm(
        request.POST or None,
        verb=verb,
        cancel_url=detail_url,
        tone=tone,
        hint=_("Kept with the document. Do not write names or identity numbers of victims."),
        max_length=MAX_REASON_CHARACTERS,
    )
    return act_by_form(
        request,
        form,
        act=partial(act, document),
        done=done,
        back_url=detail_url,
        template="evidence/document_form.html",
        context={
            "document": document,
            "title": title,
            "note": document.display_name,
            "explanation": explanation,
        },
    )


def detail_page(
    request: HttpRequest, document: Document, problem: str = "", *, status: int = 200
) -> HttpResponse:
    """Return the page of one document; `problem` says at the top why an act was refused."""
    user = person_of(request)
    successor, harm = document.replaced_by, known_harm(document)
    context = {
        "document": document,
        "problem": problem,
        "sign": scan_badge(document),
        "kind": kind_label(document),
        "text_label": text_label(document),
        "examination_label": examination_label(document),
        "harm_text": harm_text(document, harm) if harm is not None else "",
        "identity_warnings": identity_warnings(document),
        "why_not": "" if document.is_available else unavailable_text(document),
        "history": _history(document),
        "panels": panels_about(document, user=user),
        "replaces": list(document.replaces.visible_to(user)),
        "successor": successor if successor is not None and permissions.sees(user, successor) else None,
        "describe_form": _describe_form(user, document),
        **_abilities(user, document),
    }
    return render(request, "evidence/detail.html", context, status=status)


def _describable_classes(user: User, document: Document) -> list[Clearance]:
    """Return the classes that this person may give this document; a submitted one only rises."""
    levels = storable_classes(user) if document.has_bytes else paper_classes()
    if document.is_frozen or not permissions.may_change(user, document):
        return [level for level in levels if level >= document.classification]
    return levels


def _filtered(rows: DocumentQuerySet, wanted: dict[str, Any]) -> DocumentQuerySet:
    """Return the rows that the filter form asks for."""
    if wanted.get("text"):
        rows = rows.named_like(wanted["text"])
    if wanted.get("agency"):
        rows = rows.of_agency(wanted["agency"].pk)
    if wanted.get("classification") is not None:
        rows = rows.filter(classification=wanted["classification"])
    if wanted.get("scan") == "held":
        rows = rows.held()
    elif wanted.get("scan"):
        rows = rows.with_bytes().filter(scan_state=wanted["scan"])
    if wanted.get("state") == "sealed":
        return rows.filter(sealed_at__isnull=False)
    return rows.filter(state=wanted["state"]) if wanted.get("state") else rows


def _list_row(document: Document) -> dict[str, Any]:
    """Return the template variables of one row of the list."""
    facts = [short_kind(document), file_size(document.size) if document.has_bytes else ""]
    facts.append("" if document.state == DocumentState.KEPT else document.get_state_display())
    return {
        "document": document,
        "sign": row_badge(document),
        "is_harmed": known_harm(document) is not None,
        "icon": kind_icon(document),
        "facts": " · ".join(fact for fact in facts if fact),
    }


def _history(document: Document) -> list[Event]:
    """Return the document's events, newest first, without each look at the preview."""
    events = Event.objects.about(Document._meta.label, document.pk).filter(action__startswith="document.")
    return list(events.exclude(action="document.previewed").newest_first()[:_HISTORY_LINES])


def _abilities(user: User, document: Document) -> dict[str, bool]:
    """Return which buttons the page shows: what this person may do and the state allows."""
    may_change = permissions.may_change(user, document) and not document.is_sealed
    in_use = document.state == DocumentState.KEPT
    return {
        "can_withdraw": may_change and in_use,
        "can_replace": may_change and in_use and document.has_bytes,
        "can_restore": may_change and document.is_withdrawn,
        "can_seal": permissions.may_seal(user, document) and not document.is_sealed,
        "can_rescan": user.is_administrator and document.scan_state == ScanState.FAILED,
    }


def _describe_form(user: User, document: Document) -> DescriptionForm | None:
    """Return the form to change the description; None when nothing may change.

    The dates of a submitted document cannot be edited.
    """
    may_change = permissions.may_change(user, document) and document.state == DocumentState.KEPT
    only_raises = document.is_frozen or not may_change
    levels = _describable_classes(user, document)
    has_higher = any(level > document.classification for level in levels)
    if document.is_sealed or not permissions.may_raise(user, document) or (only_raises and not has_higher):
        return None
    initial = {name: getattr(document, name) for name in ("classification", "evidence_from", "evidence_to")}
    form = DescriptionForm(initial=initial, levels=levels)
    form.helper.form_action = reverse("evidence:describe", args=[document.pk])
    for name in ("evidence_from", "evidence_to"):
        form.fields[name].widget.attrs["readonly"] = only_raises
    return form

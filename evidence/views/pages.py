"""What there is: the list of evidence, and one document."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.access import person_of
from accounts.clearance import Clearance
from accounts.models import User
from audit.models import Event
from evidence import permissions, scanning
from evidence.forms import DescriptionForm, DocumentFilterForm, paper_classes, storable_classes
from evidence.models import Document, DocumentQuerySet
from evidence.presenting import kind_icon, kind_label, scan_sign, text_label
from evidence.services.reading import unavailable_text
from evidence.states import DocumentState, ScanState
from evidence.views.loading import load_document, people_with_files
from ui.numbers import file_size
from ui.pagination import paginate

_PER_PAGE = 25
_HISTORY_LINES = 50


@require_GET
@people_with_files
def document_list(request: HttpRequest) -> HttpResponse:
    """The evidence of my agency; for MAPO that of all, up to one's clearance."""
    user = person_of(request)
    form = DocumentFilterForm(request.GET, user=user)
    form.is_valid()
    rows = Document.objects.visible_to(user).select_related("agency")
    page = paginate(request, _narrowed(rows, form.cleaned_data), per_page=_PER_PAGE)
    context = {
        "form": form,
        "page": page,
        "rows": [_row(document) for document in page.rows],
        "is_filtered": any(value not in (None, "") for value in form.cleaned_data.values()),
        "is_mapo": user.is_mapo,
        "scanning_off": user.is_administrator and not scanning.is_on(),
    }
    return render(request, "evidence/list.html", context)


@require_GET
@people_with_files
def detail(request: HttpRequest, document_id: int) -> HttpResponse:
    """One document: what it is, what is said about it, what happened to it, and what this person may do."""
    return detail_page(request, load_document(request, document_id))


def detail_page(
    request: HttpRequest, document: Document, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """The page of one document; `problem` says above it why an act was refused."""
    user = person_of(request)
    successor = document.replaced_by
    context = {
        "document": document,
        "problem": problem,
        "sign": scan_sign(document),
        "kind": kind_label(document),
        "text_label": text_label(document),
        "why_not": "" if document.is_available else unavailable_text(document),
        "history": _history(document),
        "replaces": list(document.replaces.visible_to(user)),
        "successor": successor if successor is not None and permissions.sees(user, successor) else None,
        "describe_form": _describe_form(user, document),
        "scanning_off": user.is_mapo and not scanning.is_on(),
        **_abilities(user, document),
    }
    return render(request, "evidence/detail.html", context, status=status)


def describable_classes(user: User, document: Document) -> list[Clearance]:
    """The classes that this person may give to this document; a submitted one only rises."""
    levels = storable_classes(user) if document.has_bytes else paper_classes()
    if document.is_frozen or not permissions.may_change(user, document):
        return [level for level in levels if level >= document.classification]
    return levels


def _narrowed(rows: DocumentQuerySet, wanted: dict[str, Any]) -> DocumentQuerySet:
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


def _row(document: Document) -> dict[str, Any]:
    facts = [file_size(document.size) if document.has_bytes else ""]
    facts.append("" if document.state == DocumentState.KEPT else document.get_state_display())
    return {
        "document": document,
        "sign": scan_sign(document),
        "icon": kind_icon(document),
        "facts": " · ".join(fact for fact in facts if fact),
    }


def _history(document: Document) -> list[Event]:
    """What happened to it, newest first. Each look at the preview, and refused looks, are for the audit trail alone."""
    events = Event.objects.about(Document._meta.label, document.pk).filter(action__startswith="document.")
    return list(events.exclude(action="document.previewed").newest_first()[:_HISTORY_LINES])


def _abilities(user: User, document: Document) -> dict[str, bool]:
    """Which buttons the page shows: may this person, and may it happen now."""
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
    """The form to describe it anew; none when nothing may change. A submitted one keeps its dates."""
    may_change = permissions.may_change(user, document) and document.state == DocumentState.KEPT
    only_raises = document.is_frozen or not may_change
    levels = describable_classes(user, document)
    has_higher = any(level > document.classification for level in levels)
    if document.is_sealed or not permissions.may_raise(user, document) or (only_raises and not has_higher):
        return None
    initial = {name: getattr(document, name) for name in ("classification", "evidence_from", "evidence_to")}
    form = DescriptionForm(initial=initial, levels=levels)
    form.helper.form_action = reverse("evidence:describe", args=[document.pk])
    for name in ("evidence_from", "evidence_to"):
        form.fields[name].widget.attrs["readonly"] = only_raises
    return form

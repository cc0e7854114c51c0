"""The form of an update: nothing that was typed is lost, and nothing is overwritten unseen.

Where scripts run, text is saved while it is typed, and the browser keeps it until the server has confirmed it. Without
scripts "Save draft" saves; only what was typed since the last save is lost when the session ends before the next
press, because nothing may be stored for somebody who has not signed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import agency_only, person_of
from accounts.acting import request_time, undo_by
from audit import clock
from audit.errors import DomainError, NotNow
from evidence.kinds.catalogue import EXTENSIONS
from evidence.models import Document
from evidence.services.receiving import receive_file
from recommendations.errors import Incomplete, Stale
from recommendations.forms.update import UpdateForm, classes_for
from recommendations.models import Update
from recommendations.queries.comments import read_newest_comments
from recommendations.queries.comparison import compare
from recommendations.queries.saved_text import saved_text
from recommendations.queries.update_page import last_accepted, read_drafting_context
from recommendations.services import save_update, submit_update
from recommendations.states import UpdateState
from recommendations.views.loading import own_update
from ui.numbers import file_size


@dataclass
class Arrived:
    """Files that came with the form: kept ones, and the refused with the reason beside the name."""

    documents: list[Document] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


@require_http_methods(["GET", "POST"])
@agency_only
def update_edit(request: HttpRequest, update_id: int) -> HttpResponse:
    """Write, save and send an update; each button of the one form names what it does."""
    update = own_update(request, update_id)
    if update.opening_id is not None:
        return redirect("imports:opening", update.opening_id)
    if request.method == "POST":
        return _posted(request, update)
    if not update.is_editable or update.assignment.cycle.is_closed:
        return redirect("recommendations:update", update.pk)
    return _form_page(request, update, _form(request, update))


@require_POST
@agency_only
def update_autosave(request: HttpRequest, update_id: int) -> JsonResponse:
    """Keep what is typed while it is typed; answers saved, stale or invalid, and never overwrites."""
    update = own_update(request, update_id)
    form = UpdateForm(request.POST, update=update, person=person_of(request))
    if not form.is_valid():
        return JsonResponse({"state": "invalid", "errors": form.errors}, status=422)
    try:
        saved = _save(request, update, form, Arrived())
    except NotNow as refusal:
        return JsonResponse({"state": "stale", "message": str(refusal)}, status=409)
    today = clock.local_date(request_time(request))
    words = saved_text(saved.saved_at, today=today)
    return JsonResponse({"state": "saved", "revision": saved.revision, "saved_text": words})


def _form(request: HttpRequest, update: Update) -> UpdateForm:
    person = person_of(request)
    last = last_accepted(update.assignment, user=person)
    last_percent = last.review.percent if last else None
    if request.method != "POST":
        return UpdateForm(update=update, person=person, last_percent=last_percent)
    return UpdateForm(request.POST, request.FILES, update=update, person=person, last_percent=last_percent)


def _posted(request: HttpRequest, update: Update) -> HttpResponse:
    form = _form(request, update)
    act = request.POST.get("action", "save")
    if "remove" in request.POST:
        form = _without(request, update, request.POST["remove"])
    if act == "find" or "remove" in request.POST or not form.is_valid():
        return _form_page(request, update, form)
    try:
        if act == "compare":
            return _compared(request, update, form)
        return _submitted(request, update, form) if act == "submit" else _saved(request, update, form)
    except Stale as stale:
        return _compare_page(request, stale.current, form)
    except DomainError as refusal:
        return _closed_page(request, update, form, refusal)


def _saved(request: HttpRequest, update: Update, form: UpdateForm) -> HttpResponse:
    arrived = _receive(request, update, form)
    saved = _save(request, update, form, arrived)
    if arrived.refused:
        return _form_page(request, saved, _again(request, saved, form, arrived), refused=arrived.refused)
    messages.success(request, _("Draft saved."))
    return redirect("recommendations:update_edit", saved.pk)


def _submitted(request: HttpRequest, update: Update, form: UpdateForm) -> HttpResponse:
    arrived = _receive(request, update, form)
    if arrived.refused:
        saved = _save(request, update, form, arrived)
        return _form_page(request, saved, _again(request, saved, form, arrived), refused=arrived.refused)
    try:
        submit_update(
            update,
            content=form.content(added=arrived.documents),
            revision=form.cleaned_data["revision"],
            actor=person_of(request),
            now=request_time(request),
        )
    except Incomplete as incomplete:
        problems: dict[str | None, str | Promise] = dict(incomplete.problems.items())
        return _mended(request, update, form, arrived, problems)
    except Stale:
        raise
    except NotNow as refusal:
        if not own_update(request, update.pk).is_editable:
            raise
        return _mended(request, update, form, arrived, {None: refusal.message})
    sent = _("%(item)s was sent to MAPO.") % {"item": update.assignment.item}
    messages.success(request, sent, extra_tags=undo_by("recommendations:update_withdraw", update.pk))
    return redirect("recommendations:my_work")


def _mended(
    request: HttpRequest,
    update: Update,
    form: UpdateForm,
    arrived: Arrived,
    problems: Mapping[str | None, str | Promise],
) -> HttpResponse:
    """The form with what must be mended before it can be sent; the draft is saved as it is."""
    saved = _save(request, update, form, arrived)
    bound = _again(request, saved, form, arrived)
    for name, problem in problems.items():
        bound.add_error(name, str(problem))
    return _form_page(request, saved, bound)


def _save(request: HttpRequest, update: Update, form: UpdateForm, arrived: Arrived) -> Update:
    return save_update(
        update,
        content=form.content(added=arrived.documents),
        revision=form.cleaned_data["revision"],
        actor=person_of(request),
        now=request_time(request),
    )


def _receive(request: HttpRequest, update: Update, form: UpdateForm) -> Arrived:
    """Take the files that came with the form, each for itself."""
    arrived = Arrived()
    uploads: list[UploadedFile] = form.cleaned_data["new_files"]
    for upload in uploads:
        try:
            document = receive_file(
                upload,
                agency=update.assignment.agency,
                actor=person_of(request),
                classification=form.cleaned_data["classification"],
                now=request_time(request),
            )
        except DomainError as refusal:
            arrived.refused.append((upload.name or "", str(refusal)))
        else:
            arrived.documents.append(document)
    return arrived


def _again(request: HttpRequest, saved: Update, form: UpdateForm, arrived: Arrived) -> UpdateForm:
    """The same form with what was typed, on the revision and with the files that are saved now."""
    data = request.POST.copy()
    data["revision"] = str(saved.revision)
    data.setlist("documents", [str(pk) for pk in sorted(form.content(added=arrived.documents).document_ids)])
    bound = _bound(request, saved, data)
    bound.is_valid()
    for name, reason in arrived.refused:
        bound.add_error(None, f"{name}: {reason}")
    return bound


def _without(request: HttpRequest, update: Update, document: str) -> UpdateForm:
    """The same form without one of its files: how a file is removed where no script runs."""
    data = request.POST.copy()
    data.setlist("documents", [each for each in data.getlist("documents") if each != document])
    return _bound(request, update, data)


def _bound(request: HttpRequest, update: Update, data: QueryDict) -> UpdateForm:
    person = person_of(request)
    last = last_accepted(update.assignment, user=person)
    return UpdateForm(data, update=update, person=person, last_percent=last.review.percent if last else None)


def _form_page(
    request: HttpRequest, update: Update, form: UpdateForm, *, refused: Iterable[tuple[str, str]] = ()
) -> HttpResponse:
    return render(
        request,
        "recommendations/update_edit.html",
        _form_context(request, update, form) | {"refused": refused},
    )


def _form_context(request: HttpRequest, update: Update, form: UpdateForm) -> dict[str, object]:
    person, today = person_of(request), clock.local_date(request_time(request))
    find = request.POST.get("find", "").strip()
    writing = read_drafting_context(update, user=person, document_ids=_cited(update, form), find=find)
    classes = [
        {"value": value, "label": label, "selected": value == update.classification}
        for value, label in classes_for(person)
    ]
    return {
        "update": update,
        "form": form,
        "writing": writing,
        "talk": read_newest_comments(update.assignment, user=person),
        "today": today,
        "find": find,
        "is_find_open": bool(find) or request.POST.get("action") == "find",
        "saved_text": saved_text(update.saved_at, today=today) if update.revision else "",
        "window": writing.window,
        "classes": classes,
        "max_bytes": settings.MAX_UPLOAD_BYTES,
        "max_text": file_size(settings.MAX_UPLOAD_BYTES),
        "accept": ",".join(f".{extension}" for extension in EXTENSIONS),
        "upload_url": reverse("evidence:upload"),
        "describe_url": reverse("evidence:describe", args=[0]),
        "keep_key": f"update-{update.pk}",
        "took_theirs": request.method == "GET" and request.GET.get("taken") == "theirs",
    }


def _cited(update: Update, form: UpdateForm) -> frozenset[int]:
    if form.is_bound:
        form.is_valid()
        cited: frozenset[int] = form.cleaned_data.get("documents", frozenset())
        return cited
    return frozenset(update.citations.values_list("document_id", flat=True))


def _compared(request: HttpRequest, update: Update, form: UpdateForm) -> HttpResponse:
    if not update.is_editable:
        return _closed_page(request, update, form, _closed(update))
    if form.cleaned_data["revision"] == update.revision:
        return _form_page(request, update, form)
    return _compare_page(request, update, form)


def _closed(update: Update) -> NotNow:
    return NotNow(
        _("This update is now “%(state)s”, so your text could not be saved in it. It is kept on this page.")
        % {"state": update.get_state_display()}
    )


def _compare_page(request: HttpRequest, theirs: Update, form: UpdateForm) -> HttpResponse:
    """Both texts side by side; saving from here overwrites knowingly, with the colleague's revision."""
    update = own_update(request, theirs.pk)
    mine = form.content()
    bound = _again(request, update, form, Arrived())
    comparison = compare(mine=mine, theirs=update)
    context = _form_context(request, update, bound) | {"comparison": comparison, "refused": ()}
    return render(request, "recommendations/update_compare.html", context, status=409)


def _closed_page(
    request: HttpRequest, update: Update, form: UpdateForm, refusal: DomainError
) -> HttpResponse:
    """What was typed, to copy: the update was sent, decided or withdrawn meanwhile."""
    current = own_update(request, update.pk)
    may_copy = current.state in (UpdateState.WITHDRAWN, UpdateState.DISCARDED, UpdateState.ACCEPTED)
    context = {"update": current, "refusal": str(refusal), "typed": form.content(), "may_copy": may_copy}
    return render(request, "recommendations/update_closed.html", context, status=409)

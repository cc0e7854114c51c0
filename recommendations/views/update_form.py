"""The form of an update: nothing that was typed is lost, and nothing is overwritten unseen.

Where scripts run, text is saved while it is typed, and the browser keeps it until the server has confirmed it. Without
scripts "Save draft" saves; only what was typed since the last save is lost when the session ends before the next
press, because nothing may be stored for somebody who has not signed in.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import agency_only, person_of
from accounts.acting import add_refusal, attempt, request_time, say_and_go
from accounts.models import User
from audit import clock
from audit.errors import DomainError, Incomplete, NotNow, Stale, Unconfirmed
from recommendations.content import Content
from recommendations.errors import stale_update
from recommendations.forms.update import UpdateForm
from recommendations.models import Update
from recommendations.queries.comments import read_newest_comments
from recommendations.queries.comparison import compare
from recommendations.queries.update_page import last_accepted, read_drafting_context
from recommendations.services import save_update, submit_update
from recommendations.views.loading import own_update, undo_sending
from submissions.drafts import last_saved_text, saved_text
from submissions.files import ReceivedFiles, drop_zone_context, receive_files
from submissions.states import COPIED_STATES
from ui.methods import post_required
from ui.query_state import read_text

#: The button that sends a returned update although nothing in it was changed.
SUBMIT_UNCHANGED = "submit_unchanged"
_SENDING = ("submit", SUBMIT_UNCHANGED)
#: The button "Compare" once the browser knows that another of its tabs saved the newer text (autosave.js).
COMPARE_TABS = "compare-tabs"


@require_http_methods(["GET", "POST"])
@agency_only
def update_edit(request: HttpRequest, update_id: int) -> HttpResponseBase:
    """Write, save and send an update; the pressed button of the one form says what to do."""
    update = own_update(request, update_id)
    if update.opening_id is not None:
        return redirect("imports:opening", update.opening_id)
    if request.method == "POST":
        return _posted(request, update)
    if not update.is_editable or update.assignment.cycle.is_closed:
        return redirect("recommendations:update", update.pk)
    return _form_page(request, update, _form(request, update))


@post_required
@agency_only
def update_autosave(request: HttpRequest, update_id: int) -> JsonResponse:
    """Save what is typed while it is typed; answer saved, stale or invalid, and never overwrite."""
    update = own_update(request, update_id)
    form = UpdateForm(request.POST, update=update, person=person_of(request))
    form.keeps_half_typed = True
    if not form.is_valid():
        return JsonResponse({"state": "invalid", "errors": form.errors}, status=422)
    revision = form.cleaned_data["revision"]
    outcome = attempt(request, partial(save_update, update, content=form.content(), revision=revision))
    if outcome.refusal is not None:
        is_own = isinstance(outcome.refusal, Stale) and outcome.refusal.is_own
        stale = {"state": "stale", "message": str(outcome.refusal), "is_own": is_own}
        return JsonResponse(stale, status=409)
    saved: Update = outcome.result
    text = saved_text(saved.saved_at, today=clock.local_date(request_time(request)))
    return JsonResponse({"state": "saved", "revision": saved.revision, "saved_text": text})


def _form(request: HttpRequest, update: Update, data: QueryDict | None = None) -> UpdateForm:
    """Return the form, bound to what was posted if `data` is given."""
    person = person_of(request)
    return UpdateForm(
        data,
        None if data is None else request.FILES,
        update=update,
        person=person,
        last=last_accepted(update.assignment, user=person),
        today=clock.local_date(request_time(request)),
    )


def _posted(request: HttpRequest, update: Update) -> HttpResponseBase:
    """Do what the pressed button says, and show the form again where something stands in the way."""
    act = request.POST.get("action", "save")
    if "remove" in request.POST:
        # Remove a file where no script runs.
        data = request.POST.copy()
        data.setlist("documents", [each for each in data.getlist("documents") if each != data["remove"]])
        return _form_page(request, update, _form(request, update, data))
    form = _form(request, update, request.POST)
    if form.was_redacted and form.has_valid_fields:
        return _write(request, update, form, sends=False)
    if act == "find" or not form.is_valid():
        if act in _SENDING:
            form.add_content_problems(today=clock.local_date(request_time(request)))
        return _form_page(request, update, form)
    if act in ("compare", COMPARE_TABS):
        return _compare(request, update, form)
    return _write(request, update, form, sends=act in _SENDING)


def _write(request: HttpRequest, update: Update, form: UpdateForm, *, sends: bool) -> HttpResponseBase:
    """Save or send what was typed, with the files that came along. With a refused file it is saved, not sent."""
    typed = form.cleaned_data
    agency, classification = update.assignment.agency, typed["classification"]
    files = receive_files(request, typed["new_files"], agency=agency, classification=classification)
    sends = sends and not files.refused
    written = {"content": form.content(added=files.documents), "revision": typed["revision"]}
    submit = partial(_submit(request), identities_reason=typed["identities_reason"])
    outcome = attempt(request, partial(submit if sends else save_update, update, **written))
    problem = outcome.refusal if sends and _is_correctable(request, update, outcome.refusal) else None
    if problem is not None:
        outcome = attempt(request, partial(save_update, update, **written))
    if outcome.refusal is not None:
        return _refused_page(request, update, form, outcome.refusal)
    if files.refused or problem is not None:
        bound = _rebound(request, outcome.result, form, files)
        unchanged = str(problem) if isinstance(problem, Unconfirmed) else ""
        if problem is not None and not unchanged:
            add_refusal(bound, problem)
        return _form_page(request, outcome.result, bound, refused=files.refused, unchanged=unchanged)
    return _written(request, update, outcome.result, sends=sends)


def _refused_page(
    request: HttpRequest, update: Update, form: UpdateForm, refusal: DomainError
) -> HttpResponseBase:
    """Show what was typed: beside a newer text, or to copy."""
    if isinstance(refusal, Stale):
        return _compare_page(request, update, form)
    return _closed_page(request, update, form, refusal)


def _written(request: HttpRequest, update: Update, result: Any, *, sends: bool) -> HttpResponseBase:
    """Say that the update was saved, or sent, and go on."""
    if not sends:
        return say_and_go(request, result, done=_("Draft saved."), back_url=request.path)
    done = _("%(item)s was sent to MAPO.") % {"item": update.assignment.item}
    return say_and_go(
        request, result, done=done, back_url="recommendations:my_work", undo=undo_sending(update.pk)
    )


def _submit(request: HttpRequest) -> Callable[..., Any]:
    """Return the service that sends; it asks about an unchanged text unless the person has been asked."""
    return partial(submit_update, asks_if_unchanged=request.POST.get("action") != SUBMIT_UNCHANGED)


def _is_correctable(request: HttpRequest, update: Update, refusal: DomainError | None) -> bool:
    """Whether the update was refused for what the agency can still correct, so that the draft is to be saved."""
    if isinstance(refusal, Incomplete | Unconfirmed):
        return True
    is_closing = not isinstance(refusal, NotNow) or isinstance(refusal, Stale)
    return not is_closing and own_update(request, update.pk).is_editable


def _rebound(request: HttpRequest, saved: Update, form: UpdateForm, files: ReceivedFiles) -> UpdateForm:
    """Return the form with what was typed, on the revision and with the files that are saved now."""
    data = request.POST.copy()
    data["revision"] = str(saved.revision)
    content = form.content(added=files.documents)
    data.setlist("documents", [str(pk) for pk in sorted(content.document_ids)])
    data.setlist("following", [str(pk) for pk in sorted(content.following_ids)])
    bound = _form(request, saved, data)
    bound.is_valid()
    for name, reason in files.refused:
        bound.add_error(None, f"{name}: {reason}")
    return bound


def _form_page(
    request: HttpRequest,
    update: Update,
    form: UpdateForm,
    *,
    refused: list[tuple[str, str]] | None = None,
    unchanged: str = "",
) -> HttpResponseBase:
    """Show the form; `refused` are files that were not stored, with the reason of each.

    `unchanged` asks whether a returned update is to be sent as it was.
    """
    context = _form_context(request, update, form) | {"refused": refused or [], "unchanged": unchanged}
    return render(request, "recommendations/update_edit.html", context)


def _form_context(request: HttpRequest, update: Update, form: UpdateForm) -> dict[str, Any]:
    person, today = person_of(request), clock.local_date(request_time(request))
    find = read_text(request.POST, "find")
    shown = _shown(update, form)
    writing = read_drafting_context(update, user=person, content=shown, last=form.last, find=find)
    return {
        **drop_zone_context(request, chosen_class=update.classification),
        "update": update,
        "form": form,
        "writing": writing,
        "names_identify": any(file["name_warning_html"] for file in writing.attached_rows),
        "talk": read_newest_comments(update.assignment, user=person),
        "today": today,
        "find": find,
        "is_find_open": bool(find) or request.POST.get("action") == "find",
        "saved_text": _last_saved_text(update, person=person, today=today) if update.revision else "",
        "stale": stale_update(update, actor=person),
        "cycle": update.assignment.cycle,
        "keep_key": f"update-{update.pk}",
        "took_theirs": request.method == "GET" and request.GET.get("taken") == "theirs",
    }


def _last_saved_text(update: Update, *, person: User, today: date) -> str:
    is_own = update.saved_by_id == person.pk
    return last_saved_text(update.saved_at, name=update.saved_by.name, is_own=is_own, today=today)


def _shown(update: Update, form: UpdateForm) -> Content:
    """Return the dates, class and files that the form shows, as far as they were understood."""
    if not form.is_bound:
        return Content.of(update)
    form.is_valid()
    understood = form.cleaned_data
    return Content(
        covers_from=understood.get("covers_from"),
        covers_to=understood.get("covers_to"),
        classification=understood.get("classification", update.classification),
        document_ids=understood.get("documents", frozenset()),
        following_ids=understood.get("following", frozenset()),
    )


def _compare(request: HttpRequest, update: Update, form: UpdateForm) -> HttpResponseBase:
    """Compare with a newer text, if there is one; a text that can no longer be saved is shown to copy."""
    if not update.is_editable:
        refusal = NotNow(
            _(
                "This update is now “%(state)s”, so your text could not be saved in it. It is kept on this page."
            )
            % {"state": update.get_state_display()}
        )
        return _closed_page(request, update, form, refusal)
    if form.cleaned_data["revision"] == update.revision:
        return _form_page(request, update, form)
    return _compare_page(request, update, form)


def _compare_page(request: HttpRequest, update: Update, form: UpdateForm) -> HttpResponseBase:
    """Show both texts side by side; saving from here overwrites the colleague's knowingly, with its revision."""
    current = own_update(request, update.pk)
    bound = _rebound(request, current, form, ReceivedFiles())
    comparison = compare(mine=form.content(), theirs=current)
    context = _form_context(request, current, bound) | {
        "comparison": comparison,
        "refused": (),
        "unchanged": "",
        "is_own": current.saved_by_id == request.user.pk,
        "is_other_tab": request.POST.get("action") == COMPARE_TABS,
    }
    return render(request, "recommendations/update_compare.html", context, status=409)


def _closed_page(
    request: HttpRequest, update: Update, form: UpdateForm, refusal: DomainError
) -> HttpResponseBase:
    """Show what was typed, to copy: the update was sent, decided or withdrawn meanwhile."""
    current = own_update(request, update.pk)
    may_copy = current.state in COPIED_STATES
    context = {"update": current, "refusal": str(refusal), "typed": form.content(), "may_copy": may_copy}
    return render(request, "recommendations/update_closed.html", context, status=409)

"""The form of an update (see `submissions.views`)."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.access import agency_only, find_or_refuse, person_of
from accounts.models import Agency
from recommendations.content import Content
from recommendations.forms.update import UpdateForm
from recommendations.models import Assignment, Submission, Update
from recommendations.queries.comments import read_newest_comments
from recommendations.queries.comparison import compare
from recommendations.queries.update_page import last_accepted, read_drafting_context
from recommendations.services import save_update, submit_update
from recommendations.services.updates import UPDATES
from recommendations.views.loading import (
    go_to_update,
    open_or_new_update,
    own_assignment,
    own_update,
    undo_sending,
)
from submissions.views import DraftingPage
from ui.methods import post_required


@require_http_methods(["GET", "POST"])
@agency_only
def update_edit(request: HttpRequest, update_id: int) -> HttpResponseBase:
    """Write, save and send an update; the pressed button of the one form says what to do."""
    update = own_update(request, update_id)
    if update.opening_id is not None:
        return redirect("imports:opening", update.opening_id)
    if request.method != "POST" and (not update.is_editable or update.assignment.cycle.is_closed):
        return redirect("recommendations:update", update.pk)
    return UpdateDraftingPage(request, update).respond()


@require_http_methods(["GET", "HEAD", "POST"])
def update_start(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Show the form of an update that nobody has begun; its first save begins it. A GET, as from a link in an e-mail, writes nothing.

    Where one is open already a GET leads there, and MAPO to the assignment.
    """
    person = person_of(request)
    if person.is_mapo and request.method != "POST":
        seen = find_or_refuse(request, Assignment.objects.visible_to(person), pk=assignment_id)
        return redirect("recommendations:assignment", seen.pk)
    return _start(request, assignment_id)


@agency_only
def _start(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    assignment = own_assignment(request, assignment_id)
    if request.method != "POST":
        if not assignment.is_confirmed or assignment.cycle.is_closed:
            return redirect("recommendations:item", assignment.item_id)
        begun = assignment.open_update
        if begun is not None:
            return go_to_update(request, begun)
    return UpdateDraftingPage(request, open_or_new_update(request, assignment)).respond()


@post_required
@agency_only
def update_start_autosave(request: HttpRequest, assignment_id: int) -> JsonResponse:
    """Begin an update with what is typed while it is typed."""
    assignment = own_assignment(request, assignment_id)
    return UpdateDraftingPage(request, open_or_new_update(request, assignment)).autosave()


@post_required
@agency_only
def update_autosave(request: HttpRequest, update_id: int) -> JsonResponse:
    """Save what is typed while it is typed."""
    return UpdateDraftingPage(request, own_update(request, update_id)).autosave()


class UpdateDraftingPage(DraftingPage[Update]):
    kind = UPDATES
    template = "recommendations/update_edit.html"
    closed_template = "recommendations/update_closed.html"
    not_editable = gettext_lazy(
        "This update is now “%(state)s”, so your text could not be saved in it. It is kept on this page."
    )

    def read(self) -> Update:
        if self.place.pk is None:
            return open_or_new_update(self.request, self.place.assignment)
        return own_update(self.request, self.place.pk)

    @property
    def draft(self) -> Update | None:
        return self.place if self.place.pk else None

    @property
    def agency(self) -> Agency:
        return self.place.assignment.agency

    @property
    def keep_key(self) -> str:
        return str(self.addresses(self.place)["keep_key"])

    @property
    def _key_before(self) -> str:
        """Under which name the browser keeps what is typed before there is a draft."""
        return f"update-of-{self.place.assignment_id}"

    def form(self, data: QueryDict | None = None) -> UpdateForm:
        files = None if data is None else self.request.FILES
        about: dict[str, Any] = {"update": self.place, "person": self.person}
        return UpdateForm(data, files, last=self._last_accepted, today=self.today, **about)

    def form_while_typing(self, data: QueryDict) -> UpdateForm:
        # Without `today`: a day whose year is still to be typed is not completed.
        form = UpdateForm(data, update=self.place, person=self.person)
        form.keeps_half_typed = True
        return form

    @cached_property
    def _last_accepted(self) -> Any:
        return last_accepted(self.place.assignment, user=self.person)

    def class_of_files(self, form: UpdateForm | None = None) -> int:
        chosen: int = form.cleaned_data["classification"] if form else self.place.classification
        return chosen

    def save(self, **typed: Any) -> Update:
        return save_update(self.place, **typed)

    def submit(self, *, is_confirmed: bool, **typed: Any) -> Submission:
        return submit_update(self.place, asks_if_unchanged=not is_confirmed, **typed)

    def sent(self, version: Submission) -> dict[str, Any]:
        done = _("%(item)s was sent to MAPO.") % {"item": self.place.assignment.item}
        return {
            "done": done,
            "back_url": "recommendations:my_work",
            "undo": undo_sending(version.update_id),
        }

    def context(self, form: UpdateForm) -> dict[str, Any]:
        update, shown = self.place, _shown(self.place, form)
        writing = read_drafting_context(
            update, user=self.person, today=self.today, content=shown, last=form.last, find=self.find
        )
        return {
            "update": update,
            **self.addresses(update),
            "key_before": self._key_before if update.pk else "",
            "writing": writing,
            "names_identify": any(file["name_warning_html"] for file in writing.attached_rows),
            "talk": read_newest_comments(update.assignment, user=self.person),
            "cycle": update.assignment.cycle,
        }

    def addresses(self, draft: Update) -> dict[str, Any]:
        if draft.pk is None:
            names, pk, keep_key = ("start", "start_autosave"), draft.assignment_id, self._key_before
        else:
            names, pk, keep_key = ("edit", "autosave"), draft.pk, f"update-{draft.pk}"
        address, autosave_url = (reverse(f"recommendations:update_{name}", args=[pk]) for name in names)
        return {"address": address, "autosave_url": autosave_url, "keep_key": keep_key}

    def typed(self, form: UpdateForm) -> dict[str, Any]:
        return {"narrative": form.content().narrative}

    def conflict(self, form: UpdateForm) -> HttpResponseBase:
        """Show both texts side by side; saving from here overwrites the colleague's knowingly, with its revision."""
        if self.draft is None:
            # Discarded since: there is nothing to compare with any more.
            form.add_error(None, _("Not saved yet. What you typed is kept in this browser."))
            return self.show(form)
        context = self.form_context(form) | {"comparison": compare(mine=form.content(), theirs=self.place)}
        return render(self.request, "recommendations/update_compare.html", context, status=409)


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

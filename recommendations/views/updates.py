"""What becomes of an update: sent in one click, read, withdrawn, discarded, copied."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import agency_only, find_or_refuse, person_of
from accounts.acting import (
    act_by_button,
    attempt,
    refused_page,
    request_time,
    say_and_go,
    undo_by,
)
from audit import clock
from recommendations.context import set_page_cycle
from recommendations.models import Update
from recommendations.permissions import may_write
from recommendations.queries.update_page import read_update
from recommendations.services import (
    copy_update,
    discard_update,
    report_nothing_new,
    undo_submission,
    withdraw_update,
)
from recommendations.states import Stage
from recommendations.views.loading import answered_assignment, go_to_update, own_update, undo_sending
from submissions.states import COPIED_STATES, SubmissionState, is_allowed
from submissions.views import posted_revision, show_newer
from ui import dates
from ui.methods import post_required


@post_required
@agency_only
def update_nothing_new(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Tell MAPO in one click that nothing has changed, up to today."""
    assignment = answered_assignment(request, assignment_id)
    today = clock.local_date(request_time(request))
    names = {"item": assignment.item, "day": dates.day(today)}
    return act_by_button(
        request,
        partial(report_nothing_new, assignment, speaks_for=today),
        done=_("%(item)s: “nothing new” up to %(day)s was sent to MAPO.") % names,
        back_url="recommendations:my_work",
        undo=lambda submission: undo_sending(submission.update_id),
    )


@require_GET
def update(request: HttpRequest, update_id: int) -> HttpResponse:
    """Show an update with all its versions, files and decisions to its agency and to MAPO."""
    person = person_of(request)
    seen = Update.objects.visible_to(person).select_related(
        "assignment__item__cycle", "assignment__agency", "created_by"
    )
    found = find_or_refuse(request, seen, pk=update_id)
    cycle = found.assignment.cycle
    set_page_cycle(request, cycle)
    copies = may_write(person, found) and not cycle.is_closed
    # A row of an opening import goes with its batch: this page points there, and withdraws nothing by itself.
    writes = copies and found.opening_id is None
    is_in_force = found.assignment.stage == Stage.CONFIRMED
    may_undo = writes and is_in_force and found.state == SubmissionState.SUBMITTED
    context = {
        "update": found,
        "reading": read_update(found, user=person),
        "now": request_time(request),
        "may_edit": writes and found.is_editable,
        # Undo withdraws too and keeps the text at hand: one button for both (ADR 5).
        "may_withdraw": writes and is_allowed("withdraw", found.state) and not may_undo,
        "may_undo": may_undo,
        "may_copy": copies and is_in_force and found.state in COPIED_STATES,
        "may_review": person.is_mapo and found.state == SubmissionState.SUBMITTED,
    }
    return render(request, "recommendations/update.html", context)


@post_required
@agency_only
def update_withdraw(request: HttpRequest, update_id: int) -> HttpResponseBase:
    """Take an update back before MAPO decides; its text stays, and can begin a new draft. An old page leads to the newer text."""
    found = own_update(request, update_id)
    return act_by_button(
        request,
        partial(withdraw_update, found, revision=posted_revision(request)),
        done=_("%(item)s was withdrawn from MAPO.") % {"item": found.assignment.item},
        back_url=reverse("recommendations:update", args=[found.pk]),
        on_refusal=partial(show_newer, request, reverse("recommendations:update_edit", args=[found.pk])),
    )


@post_required
@agency_only
def update_undo(request: HttpRequest, update_id: int) -> HttpResponseBase:
    """Undo sending: open the form with the text, the files and the dates that were sent, as a new draft."""
    found = own_update(request, update_id)
    outcome = attempt(request, partial(undo_submission, found))
    if outcome.refusal is not None:
        return refused_page(request, outcome.refusal)
    if not outcome.result.is_editable:
        undone = _("Sending of %(item)s was undone. MAPO will not review it.") % {
            "item": found.assignment.item
        }
        return say_and_go(request, found, done=undone, back_url="recommendations:my_work")
    messages.success(request, _("Sending was undone. Your text, dates and files are in this draft."))
    return go_to_update(request, outcome.result)


@post_required
@agency_only
def update_discard(request: HttpRequest, update_id: int) -> HttpResponseBase:
    """Put a draft away; its text stays, and can begin a new draft. An old page leads to the newer text."""
    found = own_update(request, update_id)
    return act_by_button(
        request,
        partial(discard_update, found, revision=posted_revision(request)),
        done=_("The draft of %(item)s was discarded.") % {"item": found.assignment.item},
        back_url="recommendations:my_work",
        undo=undo_by("recommendations:update_copy", found.pk),
        on_refusal=partial(show_newer, request, reverse("recommendations:update_edit", args=[found.pk])),
    )


@post_required
@agency_only
def update_copy(request: HttpRequest, update_id: int) -> HttpResponseBase:
    """Begin a new draft with the text and files of a closed update."""
    found = own_update(request, update_id)
    return act_by_button(
        request,
        partial(copy_update, found),
        done=_("A new draft was started with this text."),
        back_url=lambda draft: reverse("recommendations:update_edit", args=[draft.pk]),
    )

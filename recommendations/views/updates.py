"""What becomes of an update: begun, sent in one click, read, taken back, copied."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import agency_only, find_or_refuse, person_of
from accounts.acting import post_required, refused_page, request_time, undo_by
from audit import clock
from audit.errors import DomainError
from recommendations.context import set_page_cycle
from recommendations.models import Update
from recommendations.permissions import may_write
from recommendations.queries.update_page import read_update
from recommendations.services import (
    copy_update,
    discard_update,
    report_nothing_new,
    start_update,
    withdraw_update,
)
from recommendations.states import Stage, UpdateState, is_allowed
from recommendations.views.loading import answered_assignment, own_update
from recommendations.views.update_start import ABOVE_CLEARANCE, start_or_resume_update
from ui import dates


@require_http_methods(["GET", "HEAD", "POST"])
def update_start(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Open the draft of an assignment, or begin one: pressing twice begins one. A GET only shows the way to it."""
    act = _begin if request.method == "POST" else start_or_resume_update
    return act(request, assignment_id)


@agency_only
def _begin(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    assignment = answered_assignment(request, assignment_id)
    try:
        update = start_update(assignment, actor=person_of(request), now=request_time(request))
    except DomainError as refusal:
        return refused_page(request, refusal)
    if not Update.objects.visible_to(person_of(request)).filter(pk=update.pk).exists():
        return refused_page(request, ABOVE_CLEARANCE)
    return redirect("recommendations:update_edit", update.pk)


@post_required
@agency_only
def update_nothing_new(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Tell MAPO in one click that nothing has changed, up to today."""
    assignment = answered_assignment(request, assignment_id)
    now = request_time(request)
    today = clock.local_date(now)
    try:
        submission = report_nothing_new(assignment, speaks_for=today, actor=person_of(request), now=now)
    except DomainError as refusal:
        return refused_page(request, refusal)
    facts = {"item": assignment.item, "day": dates.day(today)}
    sent = _("%(item)s: “nothing new” up to %(day)s was sent to MAPO.") % facts
    messages.success(
        request, sent, extra_tags=undo_by("recommendations:update_withdraw", submission.update_id)
    )
    return redirect("recommendations:my_work")


@require_GET
def update(request: HttpRequest, update_id: int) -> HttpResponse:
    """An update with all its versions, files and decisions: for its agency and for MAPO."""
    person = person_of(request)
    seen = Update.objects.visible_to(person).select_related(
        "assignment__item__cycle", "assignment__agency", "created_by"
    )
    found = find_or_refuse(request, seen, pk=update_id)
    cycle = found.assignment.cycle
    set_page_cycle(request, cycle)
    copies = may_write(person, found) and not cycle.is_closed
    # A row of an opening import goes the way of its batch: this page points there, and takes nothing back by itself.
    writes = copies and found.opening_id is None
    is_in_force = found.assignment.stage == Stage.CONFIRMED
    context = {
        "update": found,
        "reading": read_update(found, user=person),
        "may_edit": writes and found.is_editable,
        "may_withdraw": writes and is_allowed("withdraw", found.state),
        "may_copy": copies and is_in_force and found.state in COPIED_STATES,
        "may_review": person.is_mapo and found.state == UpdateState.SUBMITTED,
    }
    return render(request, "recommendations/update.html", context)


#: A closed update whose text may begin a new draft.
COPIED_STATES = (UpdateState.WITHDRAWN, UpdateState.DISCARDED, UpdateState.ACCEPTED)


@post_required
@agency_only
def update_withdraw(request: HttpRequest, update_id: int) -> HttpResponse:
    """Take an update back before MAPO decides; its text stays, and can begin a new draft."""
    found = own_update(request, update_id)
    try:
        withdraw_update(found, actor=person_of(request), now=request_time(request))
    except DomainError as refusal:
        return refused_page(request, refusal)
    messages.success(request, _("%(item)s was taken back from MAPO.") % {"item": found.assignment.item})
    return redirect("recommendations:update", found.pk)


@post_required
@agency_only
def update_discard(request: HttpRequest, update_id: int) -> HttpResponse:
    """Put a draft away; its text stays, and can begin a new draft."""
    found = own_update(request, update_id)
    try:
        discard_update(found, actor=person_of(request), now=request_time(request))
    except DomainError as refusal:
        return refused_page(request, refusal)
    discarded = _("The draft of %(item)s was discarded.") % {"item": found.assignment.item}
    messages.success(request, discarded, extra_tags=undo_by("recommendations:update_copy", found.pk))
    return redirect("recommendations:my_work")


@post_required
@agency_only
def update_copy(request: HttpRequest, update_id: int) -> HttpResponse:
    """Begin a new draft with the text and files of a closed update."""
    found = own_update(request, update_id)
    try:
        draft = copy_update(found, actor=person_of(request), now=request_time(request))
    except DomainError as refusal:
        return refused_page(request, refusal)
    messages.success(request, _("A new draft was begun with this text."))
    return redirect("recommendations:update_edit", draft.pk)

"""What an agency does about its assignment besides reporting: ask MAPO, name its officers. For steps see `steps`."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import agency_only, coordinators_only, find_or_refuse, person_of
from accounts.acting import act_by_button, posted, request_time
from audit.clock import local_date
from privacy.forms import ReasonForm
from recommendations.context import set_page_cycle
from recommendations.forms.assignment_acts import LaterForm, OfficersForm
from recommendations.models import Assignment, AssignmentRequest
from recommendations.services import (
    ask_later_date,
    decline_assignment,
    name_officers,
    withdraw_request,
)
from recommendations.states import REASON_LENGTH
from recommendations.views.loading import answered_assignment, form_page, item_url
from ui import dates
from ui.forms import bound_days
from ui.methods import post_required


@require_http_methods(["GET", "POST"])
@agency_only
def assignment_decline(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Ask MAPO to remove an assignment, with a reason."""
    assignment = answered_assignment(request, assignment_id)
    back_url = item_url(assignment.item)
    form = ReasonForm(
        posted(request),
        verb=_("Ask MAPO to remove this assignment"),
        cancel_url=back_url,
        hint=_("MAPO decides. Until then the assignment remains in force."),
        max_length=REASON_LENGTH,
    )
    return form_page(
        request,
        form,
        act=partial(decline_assignment, assignment),
        done=_("Your request was sent to MAPO. The assignment remains in force until MAPO answers."),
        back_url=back_url,
        title=_("Decline the assignment"),
        **_about(assignment),
    )


@require_http_methods(["GET", "POST"])
@agency_only
def assignment_later(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Ask MAPO for a later date of the next update, with a reason."""
    assignment = answered_assignment(request, assignment_id)
    back_url, due_on = item_url(assignment.item), assignment.next_due_on
    form = LaterForm(posted(request), cancel_url=back_url)
    after = due_on or local_date(request_time(request))
    bound_days(form, "proposed_on", earliest=after + timedelta(days=1), latest=assignment.cycle.window_end)
    return form_page(
        request,
        form,
        act=partial(ask_later_date, assignment),
        done=_("Your request was sent to MAPO. The current date applies until MAPO answers."),
        back_url=back_url,
        title=_("Ask for a later date"),
        **_about(assignment),
        note=_("The next update is due on %(day)s.") % {"day": dates.day(due_on)} if due_on else "",
    )


@post_required
@agency_only
def request_withdraw(request: HttpRequest, request_id: int) -> HttpResponseBase:
    """Take back what the person's own agency asked of MAPO, before it has answered."""
    mine = AssignmentRequest.objects.visible_to(person_of(request)).select_related(
        "assignment__item__cycle", "assignment__agency"
    )
    asked = find_or_refuse(request, mine, pk=request_id)
    set_page_cycle(request, asked.assignment.cycle)
    return act_by_button(
        request,
        partial(withdraw_request, asked),
        done=_("The request was withdrawn."),
        back_url=item_url(asked.assignment.item),
    )


@require_http_methods(["GET", "POST"])
@coordinators_only
def assignment_officers(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """The coordinator names who of the agency answers for an assignment."""
    assignment = answered_assignment(request, assignment_id)
    back_url = reverse("recommendations:my_work")
    return form_page(
        request,
        OfficersForm(posted(request), assignment=assignment, cancel_url=back_url),
        act=partial(name_officers, assignment),
        done=_("The responsible officers were saved."),
        back_url=back_url,
        title=_("Responsible officers"),
        **_about(assignment),
    )


def _about(assignment: Assignment) -> dict[str, Any]:
    return {"item": assignment.item, "who": assignment.agency.code}

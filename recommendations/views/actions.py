"""Planned steps of an agency: plan one, mark it as done, give it up."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import agency_only, find_or_refuse, person_of
from accounts.acting import posted, request_time
from audit import clock
from recommendations.context import set_page_cycle
from recommendations.forms.action import FinishForm, PlanForm
from recommendations.models import Action
from recommendations.services import cancel_action, finish_action, plan_action
from recommendations.states import REASON_LENGTH
from recommendations.views.assignment_forms import assignment_form_page
from recommendations.views.loading import answered_assignment
from ui.forms import ReasonForm


@require_http_methods(["GET", "POST"])
@agency_only
def action_plan(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Plan a dated step under an assignment of the person's own agency."""
    assignment = answered_assignment(request, assignment_id)
    back_url = _steps_url(assignment.item_id)
    return assignment_form_page(
        request,
        PlanForm(posted(request), assignment=assignment, person=person_of(request), cancel_url=back_url),
        act=partial(plan_action, assignment),
        done=_("The step was planned."),
        back_url=back_url,
        title=_("Plan a step"),
        assignment=assignment,
    )


@require_http_methods(["GET", "POST"])
@agency_only
def action_finish(request: HttpRequest, action_id: int) -> HttpResponseBase:
    """Mark a step as done, on a day up to today."""
    action = _own_planned(request, action_id)
    today, back_url = clock.local_date(request_time(request)), _steps_url(action.assignment.item_id)
    return assignment_form_page(
        request,
        FinishForm(posted(request), today=today, cancel_url=back_url),
        act=partial(finish_action, action),
        done=_("The step was marked as done."),
        back_url=back_url,
        title=_("Mark a step as done"),
        assignment=action.assignment,
        note=action.text,
        error_field="done_on",
    )


@require_http_methods(["GET", "POST"])
@agency_only
def action_cancel(request: HttpRequest, action_id: int) -> HttpResponseBase:
    """Give a planned step up, with a reason."""
    action = _own_planned(request, action_id)
    back_url = _steps_url(action.assignment.item_id)
    form = ReasonForm(
        posted(request),
        verb=_("Cancel step"),
        cancel=_("Keep the step"),
        cancel_url=back_url,
        hint="",
        max_length=REASON_LENGTH,
    )
    return assignment_form_page(
        request,
        form,
        act=partial(cancel_action, action),
        done=_("The step was cancelled. It stays in the history."),
        back_url=back_url,
        title=_("Cancel a step"),
        assignment=action.assignment,
        note=action.text,
    )


def _own_planned(request: HttpRequest, action_id: int) -> Action:
    mine = Action.objects.visible_to(person_of(request)).select_related(
        "assignment__item__cycle", "assignment__agency"
    )
    found = find_or_refuse(request, mine, pk=action_id)
    set_page_cycle(request, found.assignment.cycle)
    return found


def _steps_url(item_id: int) -> str:
    return f"{reverse('recommendations:item', args=[item_id])}#steps"

"""What an agency does about its assignment besides reporting: plan steps, ask MAPO, name its officers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import agency_only, coordinators_only, find_or_refuse, person_of
from accounts.acting import act_by_button, act_by_form, posted, request_time
from audit.clock import local_date
from privacy.forms import ReasonForm
from recommendations.context import set_page_cycle
from recommendations.forms.assignment_acts import FinishForm, LaterForm, OfficersForm, PlanForm
from recommendations.models import Action, Assignment, AssignmentRequest
from recommendations.services import (
    ask_later_date,
    cancel_action,
    decline_assignment,
    finish_action,
    name_officers,
    plan_action,
    withdraw_request,
)
from recommendations.states import REASON_LENGTH
from recommendations.views.loading import answered_assignment, closed_page
from ui import dates
from ui.forms import bound_days
from ui.methods import post_required


@require_http_methods(["GET", "POST"])
@agency_only
def action_plan(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Plan a dated step under an assignment of the person's own agency."""
    assignment = answered_assignment(request, assignment_id)
    back_url = _steps_url(assignment)
    return _form_page(
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
    action = _own_action(request, action_id)
    today, back_url = local_date(request_time(request)), _steps_url(action.assignment)
    return _form_page(
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
    """Cancel a planned step, with a reason."""
    action = _own_action(request, action_id)
    back_url = _steps_url(action.assignment)
    form = ReasonForm(
        posted(request),
        verb=_("Cancel step"),
        cancel=_("Keep the step"),
        cancel_url=back_url,
        hint="",
        max_length=REASON_LENGTH,
    )
    return _form_page(
        request,
        form,
        act=partial(cancel_action, action),
        done=_("The step was cancelled. It stays in the history."),
        back_url=back_url,
        title=_("Cancel a step"),
        assignment=action.assignment,
        note=action.text,
    )


@require_http_methods(["GET", "POST"])
@agency_only
def assignment_decline(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Ask MAPO to remove an assignment, with a reason."""
    assignment = answered_assignment(request, assignment_id)
    back_url = _item_url(assignment)
    form = ReasonForm(
        posted(request),
        verb=_("Ask MAPO to remove this assignment"),
        cancel_url=back_url,
        hint=_("MAPO decides. Until then the assignment remains in force."),
        max_length=REASON_LENGTH,
    )
    return _form_page(
        request,
        form,
        act=partial(decline_assignment, assignment),
        done=_("Your request was sent to MAPO. The assignment remains in force until MAPO answers."),
        back_url=back_url,
        title=_("Decline the assignment"),
        assignment=assignment,
    )


@require_http_methods(["GET", "POST"])
@agency_only
def assignment_later(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Ask MAPO for a later date of the next update, with a reason."""
    assignment = answered_assignment(request, assignment_id)
    back_url, due_on = _item_url(assignment), assignment.next_due_on
    form = LaterForm(posted(request), cancel_url=back_url)
    after = due_on or local_date(request_time(request))
    bound_days(form, "proposed_on", earliest=after + timedelta(days=1), latest=assignment.cycle.window_end)
    return _form_page(
        request,
        form,
        act=partial(ask_later_date, assignment),
        done=_("Your request was sent to MAPO. The current date applies until MAPO answers."),
        back_url=back_url,
        title=_("Ask for a later date"),
        assignment=assignment,
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
        back_url=_item_url(asked.assignment),
    )


@require_http_methods(["GET", "POST"])
@coordinators_only
def assignment_officers(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """The coordinator names who of the agency answers for an assignment."""
    assignment = answered_assignment(request, assignment_id)
    back_url = reverse("recommendations:my_work")
    return _form_page(
        request,
        OfficersForm(posted(request), assignment=assignment, cancel_url=back_url),
        act=partial(name_officers, assignment),
        done=_("The responsible officers were saved."),
        back_url=back_url,
        title=_("Responsible officers"),
        assignment=assignment,
    )


def _own_action(request: HttpRequest, action_id: int) -> Action:
    """Return a planned step of the person's own agency, or raise Http404."""
    mine = Action.objects.visible_to(person_of(request)).select_related(
        "assignment__item__cycle", "assignment__agency"
    )
    found = find_or_refuse(request, mine, pk=action_id)
    set_page_cycle(request, found.assignment.cycle)
    return found


def _item_url(assignment: Assignment) -> str:
    return reverse("recommendations:item", args=[assignment.item_id])


def _steps_url(assignment: Assignment) -> str:
    return f"{_item_url(assignment)}#steps"


def _form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    act: Callable[..., object],
    done: str,
    back_url: str,
    title: str,
    assignment: Assignment,
    note: str = "",
    error_field: str | None = None,
) -> HttpResponseBase:
    """Do what the form asks for, or show it under its item; `note` says what it is about. See `act_by_form`.

    A closed cycle offers no form.
    """
    if assignment.cycle.is_closed and not form.is_bound:
        return closed_page(request)
    return act_by_form(
        request,
        form,
        act=act,
        done=done,
        back_url=back_url,
        template="recommendations/simple_form.html",
        context={"title": title, "assignment": assignment, "note": note},
        error_field=error_field,
    )

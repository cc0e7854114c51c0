"""Planned steps of an agency: plan one, mark it as done, give it up."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import agency_only, person_of
from audit import clock
from audit.errors import DomainError
from recommendations.context import instant_of, speak_of
from recommendations.forms.action import CancelForm, FinishForm, PlanForm
from recommendations.models import Action
from recommendations.services import cancel_action, finish_action, plan_action
from recommendations.views.loading import answered_assignment, find_or_refuse
from recommendations.views.simple_form import form_page, posted


@require_http_methods(["GET", "POST"])
@agency_only
def action_plan(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Plan a dated step under an assignment of the person's own agency."""
    assignment = answered_assignment(request, assignment_id)
    person, item_url = person_of(request), _item_url(assignment.item_id)
    form = PlanForm(posted(request), assignment=assignment, person=person, cancel_url=item_url)
    if form.is_valid():
        try:
            plan_action(assignment, **form.cleaned_data, actor=person, now=instant_of(request))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The step was planned."))
            return redirect(item_url)
    return form_page(request, form, title=_("Plan a step"), assignment=assignment)


@require_http_methods(["GET", "POST"])
@agency_only
def action_finish(request: HttpRequest, action_id: int) -> HttpResponse:
    """Mark a step as done, on a day up to today."""
    action = _own_planned(request, action_id)
    now, item_url = instant_of(request), _item_url(action.assignment.item_id)
    form = FinishForm(posted(request), today=clock.local_date(now), cancel_url=item_url)
    if form.is_valid():
        try:
            finish_action(action, done_on=form.cleaned_data["done_on"], actor=person_of(request), now=now)
        except DomainError as refusal:
            form.add_error("done_on", str(refusal))
        else:
            messages.success(request, _("The step was marked as done."))
            return redirect(item_url)
    return form_page(
        request, form, title=_("Mark a step as done"), assignment=action.assignment, note=action.text
    )


@require_http_methods(["GET", "POST"])
@agency_only
def action_cancel(request: HttpRequest, action_id: int) -> HttpResponse:
    """Give a planned step up, with a reason."""
    action = _own_planned(request, action_id)
    item_url = _item_url(action.assignment.item_id)
    form = CancelForm(posted(request), cancel_url=item_url)
    if form.is_valid():
        try:
            cancel_action(
                action, reason=form.cleaned_data["reason"], actor=person_of(request), now=instant_of(request)
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The step was cancelled. It stays in the history."))
            return redirect(item_url)
    return form_page(request, form, title=_("Cancel a step"), assignment=action.assignment, note=action.text)


def _own_planned(request: HttpRequest, action_id: int) -> Action:
    mine = Action.objects.visible_to(person_of(request)).select_related(
        "assignment__item__cycle", "assignment__agency"
    )
    found = find_or_refuse(request, mine, pk=action_id)
    speak_of(request, found.assignment.cycle)
    return found


def _item_url(item_id: int) -> str:
    return f"{reverse('recommendations:item', args=[item_id])}#steps"

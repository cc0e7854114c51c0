"""Planned steps: an agency's under its assignment, the council's decisions, and MAPO's own."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import agency_only, find_or_refuse, mapo_only, person_of
from accounts.acting import posted, request_time
from accounts.models import User
from accounts.roles import MAPO_ROLES
from audit.clock import local_date
from privacy.forms import ReasonForm
from recommendations.context import set_page_cycle
from recommendations.forms.steps import FinishForm, PlanForm
from recommendations.models import Action, Item
from recommendations.models.action import ActionQuerySet
from recommendations.services import cancel_action, finish_action, plan_action, plan_mapo_step
from recommendations.states import REASON_LENGTH, ItemKind
from recommendations.views.loading import answered_assignment
from recommendations.views.simple_form import form_page, item_url


@require_http_methods(["GET", "POST"])
@agency_only
def action_plan(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Plan a dated step under an assignment of the person's own agency."""
    assignment = answered_assignment(request, assignment_id)
    back_url = _steps_url(assignment.item)
    people = User.objects.able_to_act().in_agency(assignment.agency_id).order_by("name", "pk")
    return form_page(
        request,
        PlanForm(posted(request), people=people, person=person_of(request), cancel_url=back_url),
        act=partial(plan_action, assignment),
        done=_("The step was planned."),
        back_url=back_url,
        title=_("Plan a step"),
        item=assignment.item,
        who=assignment.agency.code,
    )


@require_http_methods(["GET", "POST"])
@mapo_only
def action_plan_mapo(request: HttpRequest, item_id: int) -> HttpResponseBase:
    """Plan a step of MAPO itself on an item; agencies do not see it."""
    items = Item.objects.exclude(kind=ItemKind.ACHIEVEMENT).select_related("cycle")
    item = get_object_or_404(items, pk=item_id)
    set_page_cycle(request, item.cycle)
    back_url = _steps_url(item)
    return form_page(
        request,
        PlanForm(posted(request), people=_mapo_people(), person=person_of(request), cancel_url=back_url),
        act=partial(plan_mapo_step, item),
        done=_("The step was planned."),
        back_url=back_url,
        title=_("Plan a step of MAPO"),
        item=item,
        who="MAPO",
    )


@require_http_methods(["GET", "POST"])
def action_finish(request: HttpRequest, action_id: int) -> HttpResponseBase:
    """Mark a step as done, on a day up to today."""
    action = _found(request, Action.objects.worked_on_by(person_of(request)), action_id)
    today, back_url = local_date(request_time(request)), _steps_url(action.item)
    return form_page(
        request,
        FinishForm(posted(request), today=today, cancel_url=back_url),
        act=partial(finish_action, action),
        done=_("The step was marked as done."),
        back_url=back_url,
        title=_("Mark a step as done"),
        error_field="done_on",
        **_about(action),
    )


@require_http_methods(["GET", "POST"])
def action_cancel(request: HttpRequest, action_id: int) -> HttpResponseBase:
    """Cancel a planned step, with a reason."""
    action = _found(request, Action.objects.cancelled_by(person_of(request)), action_id)
    back_url = _steps_url(action.item)
    form = ReasonForm(
        posted(request),
        verb=_("Cancel step"),
        cancel=_("Keep the step"),
        cancel_url=back_url,
        hint="",
        max_length=REASON_LENGTH,
    )
    return form_page(
        request,
        form,
        act=partial(cancel_action, action),
        done=_("The step was cancelled. It stays in the history."),
        back_url=back_url,
        title=_("Cancel a step"),
        **_about(action),
    )


def _found(request: HttpRequest, steps: ActionQuerySet, action_id: int) -> Action:
    """Return a step among those, or raise Http404."""
    found = find_or_refuse(request, steps.select_related("item__cycle", "agency", "assignment"), pk=action_id)
    set_page_cycle(request, found.item.cycle)
    return found


def _about(action: Action) -> dict[str, Any]:
    who = "MAPO" if action.is_mapo else action.agency.code
    return {"item": action.item, "who": who, "note": action.text}


def _mapo_people() -> QuerySet[User]:
    return User.objects.active().joined().filter(role__in=MAPO_ROLES).order_by("name", "pk")


def _steps_url(item: Item) -> str:
    return f"{item_url(item)}#steps"

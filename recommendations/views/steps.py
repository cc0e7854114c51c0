"""Planned steps: an agency's under its assignment, the council's decisions, and MAPO's own."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import agency_only, find_or_refuse, mapo_only, person_of
from accounts.acting import act_by_button, posted, refusal_toast, request_time, undo_by
from accounts.models import User
from audit.clock import local_date
from audit.errors import Stale
from privacy.forms import ReasonForm
from recommendations.context import set_page_cycle
from recommendations.forms.assignment_acts import LaterForm
from recommendations.forms.steps import ChangeForm, FinishForm, PlanForm
from recommendations.models import Action, ActionVersion, Item
from recommendations.models.action import ActionQuerySet
from recommendations.queries.steps import group_for_mapo, steps_for_mapo
from recommendations.services import (
    ask_later_step,
    cancel_action,
    change_action,
    finish_action,
    plan_action,
    plan_mapo_step,
    refuse_later_step,
    undo_step_change,
)
from recommendations.services.step_changes import current_version
from recommendations.states import REASON_LENGTH, ItemKind
from recommendations.views.assignment_lists import loaded_cycle
from recommendations.views.loading import answered_assignment, form_page, item_url
from ui import dates
from ui.forms import bound_days
from ui.methods import post_required


@require_safe
@mapo_only
def steps(request: HttpRequest) -> HttpResponse:
    """Show MAPO's own steps and the council's decisions in a cycle, and what became of them."""
    cycle = loaded_cycle(request)
    today = local_date(request_time(request))
    context = {
        "groups": group_for_mapo(steps_for_mapo(cycle, user=person_of(request), today=today)),
        "cycle": cycle,
        "today": today,
    }
    return render(request, "recommendations/steps/steps.html", context)


@require_http_methods(["GET", "POST"])
@agency_only
def action_plan(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Plan a dated step under an assignment of the person's own agency."""
    assignment = answered_assignment(request, assignment_id)
    back_url = _steps_url(assignment.item)
    people = _agency_people(assignment.agency_id)
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
        undo=_undo_tag,
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
        undo=_undo_tag,
        **_about(action),
    )


@require_http_methods(["GET", "POST"])
def action_change(request: HttpRequest, action_id: int) -> HttpResponseBase:
    """Change a planned step. Of what the council decided, its agency changes the owner alone."""
    person = person_of(request)
    step = _found(request, Action.objects.changed_by(person), action_id)
    back_url = _steps_url(step.item)
    is_owner_only = step.is_decision and not person.is_mapo
    version = current_version(step).pk
    form = ChangeForm(
        posted(request),
        step=step,
        version=version,
        people=_mapo_people() if step.is_mapo else _agency_people(step.agency_id),
        is_owner_only=is_owner_only,
        cancel_url=back_url,
    )

    def act(**values: Any) -> Action:
        try:
            return change_action(step, **values)
        except Stale as stale:
            form.show_version(stale.current.pk)
            raise

    def is_changed(changed: Action) -> bool:
        return current_version(changed).pk != version

    return form_page(
        request,
        form,
        act=act,
        done=lambda changed: _("The step was changed.") if is_changed(changed) else _("Nothing was changed."),
        back_url=back_url,
        title=_("Choose who owns the step") if is_owner_only else _("Change a step"),
        undo=lambda changed: _undo_tag(changed) if is_changed(changed) else "",
        **_about(step) | {"note": _change_note(step, is_owner_only=is_owner_only)},
    )


def _change_note(step: Action, *, is_owner_only: bool) -> str:
    """Return what stands above the form: what the agency asked, or what it may not change itself."""
    if is_owner_only:
        text = _("“%(text)s”. The council decided this: only MAPO changes its text or due date.")
        return text % {"text": step.text}
    if step.proposed_on:
        text = _("%(agency)s asks for %(day)s instead of %(due)s: %(reason)s")
        return text % {
            "agency": step.agency.code,
            "day": dates.day(step.proposed_on),
            "due": dates.day(step.due_on),
            "reason": step.proposed_reason,
        }
    return ""


@require_http_methods(["GET", "POST"])
@agency_only
def action_later(request: HttpRequest, action_id: int) -> HttpResponseBase:
    """Ask MAPO for a later date of what the council decided, with a reason."""
    steps = Action.objects.worked_on_by(person_of(request)).filter(is_decision=True)
    step = _found(request, steps, action_id)
    back_url = _steps_url(step.item)
    form = LaterForm(posted(request), cancel_url=back_url)
    after = max(step.due_on, local_date(request_time(request)))
    bound_days(form, "proposed_on", earliest=after + timedelta(days=1))
    return form_page(
        request,
        form,
        act=partial(ask_later_step, step),
        done=_("Your request was sent to MAPO. The current date applies until MAPO answers."),
        back_url=back_url,
        title=_("Ask for a later date"),
        **_about(step),
    )


@require_http_methods(["GET", "POST"])
@mapo_only
def action_keep_date(request: HttpRequest, action_id: int) -> HttpResponseBase:
    """Refuse the later date that an agency asks for, with a reason."""
    step = _found(request, Action.objects.filter(is_decision=True, is_mapo=False), action_id)
    back_url = _steps_url(step.item)
    form = ReasonForm(
        posted(request),
        verb=_("Keep the due date"),
        cancel_url=back_url,
        hint=_("The agency can read it."),
        max_length=REASON_LENGTH,
    )
    return form_page(
        request,
        form,
        act=partial(refuse_later_step, step),
        done=_("The due date stays. The agency reads why beside the step."),
        back_url=back_url,
        title=_("Keep the due date"),
        **_about(step) | {"note": _change_note(step, is_owner_only=False)},
    )


@post_required
def action_undo(request: HttpRequest, version_id: int) -> HttpResponseBase:
    """Take back the last change of a step."""
    versions = ActionVersion.objects.filter(action__in=Action.objects.changed_by(person_of(request)))
    version = find_or_refuse(request, versions.select_related("action__item__cycle"), pk=version_id)
    back_url = _steps_url(version.action.item)
    return act_by_button(
        request,
        partial(undo_step_change, version),
        done=_("Undone: the step is as it was."),
        back_url=back_url,
        on_refusal=partial(refusal_toast, request, back_url),
    )


def _undo_tag(step: Action) -> str:
    return undo_by("recommendations:action_undo", current_version(step).pk)


def _found(request: HttpRequest, steps: ActionQuerySet, action_id: int) -> Action:
    """Return a step among those, or raise Http404."""
    found = find_or_refuse(request, steps.select_related("item__cycle", "agency", "assignment"), pk=action_id)
    set_page_cycle(request, found.item.cycle)
    return found


def _about(action: Action) -> dict[str, Any]:
    who = "MAPO" if action.is_mapo else action.agency.code
    return {"item": action.item, "who": who, "note": action.text}


def _agency_people(agency_id: int) -> QuerySet[User]:
    return User.objects.able_to_act().in_agency(agency_id).order_by("name", "pk")


def _mapo_people() -> QuerySet[User]:
    return User.objects.working_at_mapo().order_by("name", "pk")


def _steps_url(item: Item) -> str:
    return f"{item_url(item)}#steps"

"""MAPO steers: suggestions, assignments in force, requests, one assignment. For many at once see `bulk`."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import mapo_only, person_of
from accounts.acting import act_by_button, act_by_form, posted, request_time
from audit.clock import local_date
from recommendations.context import set_page_cycle
from recommendations.extensions import panels_about
from recommendations.forms.assignment import AnswerForm, AskForm, AssignmentForm, EndForm
from recommendations.models import AskedUpdate, Assignment, AssignmentRequest
from recommendations.models.assignment import RequestAnswer
from recommendations.queries import assignments_page as reading
from recommendations.queries.asked_updates import asked_update, past_asks
from recommendations.queries.item_forecast import GONE, ItemForecast, ItemForecasts
from recommendations.queries.overrides import standing_states
from recommendations.queries.steps import steps_of_assignment
from recommendations.services import (
    answer_request,
    ask_for_update,
    cancel_asked_update,
    change_assignment,
    confirm_assignment,
    end_assignment,
    name_officers,
)
from recommendations.states import AssignmentRole, Stage
from recommendations.views.assignment_lists import (
    CONFIRMED,
    REQUESTS,
    SUGGESTED,
    loaded_cycle,
    requests_context,
    show_assignment_list,
    tab_context,
    tab_template,
    tab_url,
)
from recommendations.views.loading import loaded_assignment
from ui.methods import post_required

_TEMPLATE = "recommendations/assignments/assignment.html"


@require_safe
@mapo_only
def assignments(request: HttpRequest) -> HttpResponse:
    """Show suggestions, assignments in force and requests, on a tab each."""
    cycle = loaded_cycle(request)
    if request.GET.get("tab") == REQUESTS:
        context = tab_context(request, cycle, REQUESTS) | requests_context(cycle)
        return render(request, tab_template(REQUESTS), context)
    return show_assignment_list(request, cycle)


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def assignment(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Show one assignment; confirm it, or change its terms and its officers."""
    shown = loaded_assignment(request, assignment_id)
    back_url = _back_url(request, shown)
    form = AssignmentForm(posted(request), assignment=shown, cancel_url=back_url)
    confirms = shown.stage == Stage.SUGGESTED and request.POST.get("act") == "confirm"
    done = _("%(agency)s is now responsible for %(item)s.") if confirms else _("Saved: %(agency)s, %(item)s.")
    return act_by_form(
        request,
        form,
        act=partial(confirm_assignment if confirms else _change, shown),
        done=done % _names(shown),
        back_url=back_url,
        template=_TEMPLATE,
        context=lambda: _assignment_context(request, shown, form, EndForm(assignment=shown)),
        error_status=422,
    )


@transaction.atomic
def _change(assignment: Assignment, *, officers: Any = None, next_due_on: Any = None, **values: Any) -> None:
    """Change the terms of an assignment, and its officers where the form has them (in force): both or neither."""
    change_assignment(assignment, **{"role": assignment.role, "next_due_on": next_due_on, **values})
    if officers is not None:
        name_officers(assignment, officers=officers, actor=values["actor"], now=values["now"])


@post_required
@mapo_only
def assignment_end(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """End an assignment with a reason, or turn one suggestion down."""
    shown = loaded_assignment(request, assignment_id)
    back_url = _back_url(request, shown)
    end_form = EndForm(request.POST, assignment=shown)
    is_suggestion = shown.stage == Stage.SUGGESTED
    done = (
        _("Suggestion turned down: %(agency)s, %(item)s.")
        if is_suggestion
        else _("Ended: %(agency)s, %(item)s.")
    )
    return act_by_form(
        request,
        end_form,
        act=partial(end_assignment, shown),
        done=done % _names(shown),
        back_url=back_url,
        template=_TEMPLATE,
        context=lambda: _assignment_context(
            request, shown, AssignmentForm(assignment=shown, cancel_url=back_url), end_form
        ),
        error_status=422,
    )


@post_required
@mapo_only
def update_ask(request: HttpRequest, assignment_id: int) -> HttpResponseBase:
    """Ask the agency of a completed assignment for an update by a date, with a reason."""
    shown = loaded_assignment(request, assignment_id)
    back_url = _back_url(request, shown)
    ask_form = AskForm(request.POST, assignment=shown, today=local_date(request_time(request)))
    return act_by_form(
        request,
        ask_form,
        act=partial(ask_for_update, shown),
        done=_("Asked for an update: %(agency)s, %(item)s.") % _names(shown),
        back_url=_page_url(shown),
        template=_TEMPLATE,
        context=lambda: _assignment_context(
            request,
            shown,
            AssignmentForm(assignment=shown, cancel_url=back_url),
            EndForm(assignment=shown),
            ask_form=ask_form,
        ),
        error_field="due_on",
        error_status=422,
    )


@post_required
@mapo_only
def asked_cancel(request: HttpRequest, asked_id: int) -> HttpResponseBase:
    """Stop asking for an update of a completed assignment."""
    rows = AskedUpdate.objects.select_related("assignment__item__cycle", "assignment__agency")
    asked = rows.filter(pk=asked_id).first()
    if asked is None:
        raise Http404
    set_page_cycle(request, asked.assignment.cycle)
    return act_by_button(
        request,
        partial(cancel_asked_update, asked),
        done=_("MAPO no longer asks for this update: %(agency)s, %(item)s.") % _names(asked.assignment),
        back_url=_page_url(asked.assignment),
    )


def _page_url(shown: Assignment) -> str:
    return reverse("recommendations:assignment", args=[shown.pk])


def _back_url(request: HttpRequest, shown: Assignment) -> str:
    return tab_url(request, SUGGESTED if shown.stage == Stage.SUGGESTED else CONFIRMED)


def _names(shown: Assignment) -> dict[str, str]:
    return {"agency": shown.agency.code, "item": str(shown.item)}


def _assignment_context(
    request: HttpRequest,
    shown: Assignment,
    form: AssignmentForm,
    end_form: EndForm,
    *,
    ask_form: AskForm | None = None,
) -> dict[str, Any]:
    today = local_date(request_time(request))
    if ask_form is None and form.is_settled:
        ask_form = AskForm(assignment=shown, today=today)
    return {
        "assignment": shown,
        "row": reading.as_one(shown, today=today),
        "set_by_mapo": standing_states([shown.item_id], reader=person_of(request)).get(shown.item_id),
        "forecast": _forecast(shown),
        "waiting": reading.waiting_update(shown, user=person_of(request)),
        "draft_since": reading.draft_since(shown, user=person_of(request)),
        "asked_update": asked_update(shown),
        "past_asks": past_asks(shown),
        "ask_form": ask_form,
        "asked": shown.requests.unanswered().first(),
        "history": reading.history_of(shown),
        "steps": steps_of_assignment(shown.pk, user=person_of(request), today=today),
        "form": form if shown.stage != Stage.ENDED and not shown.cycle.is_closed else None,
        "end_form": end_form,
        "panels": panels_about(shown, now=request_time(request)),
        "back_url": _back_url(request, shown),
        "today": today,
    }


def _forecast(shown: Assignment) -> ItemForecast:
    """Return what becomes of the item if the assignment ends, or if a suggestion is confirmed in support."""
    role = AssignmentRole.SUPPORT.value if shown.stage == Stage.SUGGESTED else GONE
    return ItemForecasts([shown.item_id]).of(shown.item_id, roles={shown.pk: role})


@post_required
@mapo_only
def request_answer(request: HttpRequest, request_id: int) -> HttpResponseBase:
    """Grant or refuse one request of an agency; what was typed stays when it cannot be done."""
    rows = AssignmentRequest.objects.select_related(
        "assignment__item__cycle", "assignment__agency", "asked_by"
    )
    asked = rows.filter(pk=request_id).first()
    if asked is None:
        raise Http404
    cycle = asked.assignment.cycle
    set_page_cycle(request, cycle)
    form = AnswerForm(request.POST, asked=asked)
    return act_by_form(
        request,
        form,
        act=partial(answer_request, asked),
        done=_answered_text,
        back_url=tab_url(request, REQUESTS),
        template=tab_template(REQUESTS),
        context=lambda: tab_context(request, cycle, REQUESTS) | requests_context(cycle, answered=form),
        error_status=422,
    )


def _answered_text(answered: AssignmentRequest) -> str:
    is_granted = answered.answer == RequestAnswer.GRANTED
    text = _("Granted: %(agency)s, %(item)s.") if is_granted else _("Refused: %(agency)s, %(item)s.")
    return text % _names(answered.assignment)

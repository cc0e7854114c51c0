"""MAPO answers what agencies ask about their assignments."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import mapo_only, person_of
from accounts.acting import request_time
from audit.errors import DomainError
from recommendations import services
from recommendations.context import set_page_cycle
from recommendations.forms.answer import GRANT, AnswerForm
from recommendations.models import AssignmentRequest, Cycle
from recommendations.queries.assignments_page import answered_requests, open_requests
from recommendations.views.tabs import REQUESTS, show_tab, tab_url


@require_POST
@mapo_only
def request_answer(request: HttpRequest, request_id: int) -> HttpResponse:
    """Grant or refuse one request; what was typed stays when it cannot be done."""
    asked = _asked(request, request_id)
    form = AnswerForm(request.POST, asked=asked)
    if form.is_valid():
        try:
            _answer(request, asked, form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _told(asked, is_granted=form.cleaned_data["answer"] == GRANT))
            return redirect(tab_url(request, REQUESTS))
    cycle = asked.assignment.item.cycle
    return show_tab(request, cycle, REQUESTS, requests_context(cycle, answered=form), status=422)


def _asked(request: HttpRequest, request_id: int) -> AssignmentRequest:
    rows = AssignmentRequest.objects.select_related(
        "assignment__item__cycle", "assignment__agency", "asked_by"
    )
    found = rows.filter(pk=request_id).first()
    if found is None:
        raise Http404
    set_page_cycle(request, found.assignment.cycle)
    return found


def _answer(request: HttpRequest, asked: AssignmentRequest, values: dict[str, Any]) -> None:
    services.answer_request(
        asked,
        grant=values["answer"] == GRANT,
        reason=values["reason"],
        actor=person_of(request),
        now=request_time(request),
    )


def _told(asked: AssignmentRequest, *, is_granted: bool) -> str:
    names = {"agency": asked.assignment.agency.code, "item": str(asked.assignment.item)}
    return (
        _("Granted: %(agency)s, %(item)s.") if is_granted else _("Refused: %(agency)s, %(item)s.")
    ) % names


def requests_context(cycle: Cycle, *, answered: AnswerForm | None = None) -> dict[str, Any]:
    """What the tab shows; `answered` is the form whose answer could not be taken."""
    asked = open_requests(cycle)
    forms = [
        answered if answered and answered.asked.pk == each.pk else AnswerForm(asked=each) for each in asked
    ]
    is_gone = answered is not None and answered.asked.pk not in {each.pk for each in asked}
    refused = " ".join(str(error) for error in answered.non_field_errors()) if answered and is_gone else ""
    typed = answered["reason"].value() or "" if answered and is_gone else ""
    return {"forms": forms, "answers": answered_requests(cycle), "refused": refused, "typed": typed}

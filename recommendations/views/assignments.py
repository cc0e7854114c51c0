"""MAPO steers: suggestions, assignments in force, one assignment. For many at once see `bulk`."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import mapo_only, person_of
from accounts.acting import acting, posted, request_time
from audit.clock import local_date
from audit.errors import DomainError
from recommendations import services
from recommendations.context import set_page_cycle
from recommendations.extensions import panels_about
from recommendations.forms.assignment import AssignmentForm, EndForm
from recommendations.models import Assignment
from recommendations.queries import assignments_page as reading
from recommendations.states import Stage
from recommendations.views.assignment_lists import show_assignment_list
from recommendations.views.request_answers import requests_context
from recommendations.views.tabs import CONFIRMED, REQUESTS, SUGGESTED, loaded_cycle, show_tab, tab_url


@require_safe
@mapo_only
def assignments(request: HttpRequest) -> HttpResponse:
    """Suggestions, assignments in force and requests, on a tab each."""
    cycle = loaded_cycle(request)
    if request.GET.get("tab") == REQUESTS:
        return show_tab(request, cycle, REQUESTS, requests_context(cycle))
    return show_assignment_list(request, cycle)


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def assignment(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """One assignment: confirm or change it, name its officers, end it."""
    shown = loaded_assignment(request, assignment_id)
    form = AssignmentForm(posted(request), assignment=shown, cancel_url=_back_url(request, shown))
    if request.method == "POST" and form.is_valid():
        try:
            words = _save(request, shown, form)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, words)
            return redirect(_back_url(request, shown))
    return _show_assignment(request, shown, form, EndForm(assignment=shown))


def loaded_assignment(request: HttpRequest, assignment_id: int) -> Assignment:
    """The assignment with all that its page speaks of; 404 when there is none."""
    rows = Assignment.objects.with_verdict().with_awaiting().select_related("item__cycle", "agency")
    found = rows.filter(pk=assignment_id).first()
    if found is None:
        raise Http404
    set_page_cycle(request, found.cycle)
    return found


def _back_url(request: HttpRequest, shown: Assignment) -> str:
    return tab_url(request, SUGGESTED if shown.stage == Stage.SUGGESTED else CONFIRMED)


def _save(request: HttpRequest, shown: Assignment, form: AssignmentForm) -> str:
    values = dict(form.cleaned_data)
    about = acting(request)
    if shown.stage == Stage.SUGGESTED and request.POST.get("act") == "confirm":
        services.confirm_assignment(shown, **values, **about)
        return _("%(agency)s now answers for %(item)s.") % _names(shown)
    officers = values.pop("officers", None)
    with transaction.atomic():
        services.change_assignment(shown, **{"next_due_on": None, **values}, **about)
        if officers is not None:
            services.name_officers(shown, officers=officers, **about)
    return _("Saved: %(agency)s, %(item)s.") % _names(shown)


def _names(shown: Assignment) -> dict[str, str]:
    return {"agency": shown.agency.code, "item": str(shown.item)}


def _show_assignment(
    request: HttpRequest, shown: Assignment, form: AssignmentForm, end_form: EndForm
) -> HttpResponse:
    context = {
        "assignment": shown,
        "row": reading.as_one(shown, today=local_date(request_time(request))),
        "waiting": reading.waiting_update(shown, user=person_of(request)),
        "asked": shown.requests.unanswered().first(),
        "history": reading.history_of(shown),
        "form": form if shown.stage != Stage.ENDED and not shown.cycle.is_closed else None,
        "end_form": end_form,
        "panels": panels_about(shown, now=request_time(request)),
        "back_url": _back_url(request, shown),
        "today": local_date(request_time(request)),
    }
    has_errors = form.errors or end_form.errors
    return render(
        request, "recommendations/assignments/assignment.html", context, status=422 if has_errors else 200
    )


@require_POST
@mapo_only
def assignment_end(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """End an assignment with a reason, or turn one suggestion down."""
    shown = loaded_assignment(request, assignment_id)
    back, was_suggestion = _back_url(request, shown), shown.stage == Stage.SUGGESTED
    form = EndForm(request.POST, assignment=shown)
    if form.is_valid():
        try:
            services.end_assignment(
                shown, reason=form.cleaned_data["reason"], actor=person_of(request), now=request_time(request)
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            words = (
                _("Suggestion turned down: %(agency)s, %(item)s.")
                if was_suggestion
                else _("Ended: %(agency)s, %(item)s.")
            )
            messages.success(request, words % _names(shown))
            return redirect(back)
    return _show_assignment(request, shown, AssignmentForm(assignment=shown, cancel_url=back), form)

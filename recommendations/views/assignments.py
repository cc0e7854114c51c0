"""MAPO steers: suggestions, assignments in force, one assignment, a new one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import mapo_only, person_of
from audit.clock import local_date
from audit.errors import DomainError, NotNow
from recommendations import services
from recommendations.context import instant_of, speak_of
from recommendations.forms.assignment import AssignForm, AssignmentForm, EndForm
from recommendations.models import Assignment, Cycle, Item
from recommendations.readings import assignments_page as reading
from recommendations.services.base import CYCLE_CLOSED
from recommendations.states import Stage
from recommendations.views.answers import requests_context
from recommendations.views.refusing import refused_page
from recommendations.views.tabs import CONFIRMED, REQUESTS, SUGGESTED, loaded_cycle, show_tab, tab_url
from ui.numbers import whole_number
from ui.pagination import paginate

ROWS_PER_PAGE = 50


@require_safe
@mapo_only
def assignments(request: HttpRequest) -> HttpResponse:
    """Suggestions, assignments in force and requests, on a tab each."""
    tab = request.GET.get("tab", SUGGESTED)
    cycle = loaded_cycle(request)
    if tab == REQUESTS:
        return show_tab(request, cycle, REQUESTS, requests_context(cycle))
    if tab == CONFIRMED:
        return show_tab(request, cycle, CONFIRMED, _confirmed_context(request, cycle))
    return show_tab(request, cycle, SUGGESTED, _suggested_context(cycle))


def _suggested_context(cycle: Cycle, *, chosen: Iterable[int] = ()) -> dict[str, Any]:
    items = reading.suggested_items(cycle)
    agencies = reading.suggested_agencies(cycle)
    return {
        "items": items,
        "chosen": set(chosen),
        "agencies": agencies,
        "without_lead": reading.items_without_lead(cycle),
    }


def _confirmed_context(request: HttpRequest, cycle: Cycle) -> dict[str, Any]:
    agency, text = (request.GET.get(name, "").replace("\0", "") for name in ("agency", "text"))
    agency, text = agency[:20], text.strip()[:200]
    today = local_date(instant_of(request))
    rows = reading.confirmed_rows(cycle, user=person_of(request), agency=agency, text=text)
    page = paginate(request, rows, per_page=ROWS_PER_PAGE)
    return {
        "page": page,
        "rows": reading.as_confirmed(page.rows, today=today),
        "today": today,
        "agency": agency,
        "text": text,
        "agency_choices": reading.agency_choices(cycle),
        "deserted": reading.deserted_agencies(cycle),
    }


@require_POST
@mapo_only
def assignments_confirm(request: HttpRequest) -> HttpResponse:
    """Confirm every suggestion on the chosen items: all or none."""
    return _settle(request, services.confirm_suggestions, _confirmed_words)


@require_POST
@mapo_only
def assignments_turn_down(request: HttpRequest) -> HttpResponse:
    """Turn every suggestion on the chosen items down: all or none."""
    return _settle(request, services.turn_down_suggestions, _turned_down_words)


Settle = Callable[..., list[Assignment]]


def _settle(request: HttpRequest, settle: Settle, words: Callable[[list[Assignment]], str]) -> HttpResponse:
    cycle = loaded_cycle(request)
    chosen, seen = posted_numbers(request, "items"), posted_numbers(request, "seen")
    try:
        with transaction.atomic():
            _require_choice(chosen)
            _require_seen(chosen, seen)
            items = Item.objects.filter(pk__in=chosen, cycle=cycle)
            settled = settle(items, actor=person_of(request), now=instant_of(request))
    except DomainError as error:
        context = {**_suggested_context(cycle, chosen=chosen), "refused": str(error)}
        return show_tab(request, cycle, SUGGESTED, context, status=409)
    messages.success(request, words(settled))
    return redirect(tab_url(request, SUGGESTED))


def posted_numbers(request: HttpRequest, name: str) -> list[int]:
    """The numbers posted under a name; whatever is none is left out."""
    values = request.POST.getlist(name)
    numbers = (whole_number(value) for value in values)
    return [number for number in numbers if number is not None]


def _require_choice(chosen: list[int]) -> None:
    if not chosen:
        raise NotNow(_("Choose at least one item. Nothing was changed."))


def _require_seen(chosen: list[int], seen: list[int]) -> None:
    unseen = reading.unseen_suggestions(chosen, seen=seen)
    if unseen:
        names = ", ".join(f"{each.agency.code} ({each.item})" for each in unseen)
        raise NotNow(
            _("Suggested meanwhile: %(names)s. Nothing was changed; your choice is kept. Look again.")
            % {"names": names}
        )


def _confirmed_words(settled: list[Assignment]) -> str:
    agencies = len({each.agency_id for each in settled})
    values = {"assignments": len(settled), "agencies": agencies}
    return (
        ngettext(
            "%(assignments)s assignments confirmed: one agency answers for them from now on.",
            "%(assignments)s assignments confirmed: %(agencies)s agencies answer for them from now on.",
            agencies,
        )
        % values
    )


def _turned_down_words(settled: list[Assignment]) -> str:
    count = {"count": len(settled)}
    return (
        ngettext("%(count)s suggestion turned down.", "%(count)s suggestions turned down.", count["count"])
        % count
    )


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def assignment(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """One assignment: confirm or change it, name its officers, end it."""
    shown = loaded_assignment(request, assignment_id)
    form = AssignmentForm(_data(request), assignment=shown, cancel_url=_back_url(request, shown))
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
    speak_of(request, found.cycle)
    return found


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _back_url(request: HttpRequest, shown: Assignment) -> str:
    return tab_url(request, SUGGESTED if shown.stage == Stage.SUGGESTED else CONFIRMED)


def _save(request: HttpRequest, shown: Assignment, form: AssignmentForm) -> str:
    values = dict(form.cleaned_data)
    about: dict[str, Any] = {"actor": person_of(request), "now": instant_of(request)}
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
        "row": reading.as_one(shown, today=local_date(instant_of(request))),
        "waiting": reading.waiting_update(shown, user=person_of(request)),
        "asked": shown.requests.unanswered().first(),
        "history": reading.history_of(shown),
        "form": form if shown.stage != Stage.ENDED and not shown.cycle.is_closed else None,
        "end_form": end_form,
        "back_url": _back_url(request, shown),
        "today": local_date(instant_of(request)),
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
                shown, reason=form.cleaned_data["reason"], actor=person_of(request), now=instant_of(request)
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


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def assignment_assign(request: HttpRequest) -> HttpResponse:
    """Make another agency answer for an item."""
    cycle = loaded_cycle(request)
    if cycle.is_closed:
        return refused_page(request, NotNow(CYCLE_CLOSED))
    back = tab_url(request, CONFIRMED)
    item_id = whole_number(request.GET.get("item", ""))
    form = AssignForm(_data(request), cycle=cycle, item_id=item_id, cancel_url=back)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.assign_agency(
                **form.cleaned_data, actor=person_of(request), now=instant_of(request)
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("%(agency)s now answers for %(item)s.") % _names(made))
            return redirect(back)
    status = 422 if form.errors else 200
    return render(
        request, "recommendations/assignments/assign.html", {"form": form, "back_url": back}, status=status
    )

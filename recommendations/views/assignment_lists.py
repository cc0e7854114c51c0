"""The tabs of MAPO's page of assignments: suggestions, assignments in force, requests. Filters and choice live in the URL."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import person_of
from accounts.acting import request_time
from audit.clock import local_date
from recommendations.context import in_cycle, page_cycle
from recommendations.forms.assignment import AnswerForm
from recommendations.models import Assignment, AssignmentRequest, Cycle
from recommendations.models.assignment import RequestKind
from recommendations.queries import assignments_page as reading
from recommendations.queries.assignments_page import (
    AssignmentFilterChoices,
    AssignmentFilters,
    ConfirmedRow,
    parse_assignment_filters,
)
from recommendations.queries.item_forecast import GONE, ItemForecast, ItemForecasts
from recommendations.states import Stage
from ui.pagination import paginate
from ui.query_state import read_numbers

SUGGESTED, CONFIRMED, REQUESTS = "suggested", "confirmed", "requests"

#: More than an ordinary cycle has, so that all can be chosen on one page.
ROWS_PER_PAGE = 200
#: Values in the address: all in one list, and all agencies unfolded.
LIST_VIEW, ALL_OPEN = "list", "all"


def loaded_cycle(request: HttpRequest) -> Cycle:
    """Return the cycle of the page; 404 before any is loaded."""
    cycle = page_cycle(request)
    if cycle is None:
        raise Http404
    return cycle


def tab_url(request: HttpRequest, tab: str) -> str:
    """Return the address of a tab, for the cycle of the page."""
    base = reverse("recommendations:assignments")
    return in_cycle(request, base if tab == SUGGESTED else f"{base}?tab={tab}")


def tab_template(tab: str) -> str:
    """Return the template of a tab."""
    return f"recommendations/assignments/{tab}.html"


def tab_context(request: HttpRequest, cycle: Cycle, tab: str) -> dict[str, Any]:
    """Return what is shown around the content of a tab: all tabs with their counts."""
    return {
        "tabs": _tabs(request, cycle, tab),
        "cycle": cycle,
        "takes_changes": not cycle.is_closed,
        "refused": "",
    }


def _tabs(request: HttpRequest, cycle: Cycle, current: str) -> list[dict[str, Any]]:
    counts = reading.counts_of(cycle)
    tabs = [
        (SUGGESTED, tab_url(request, SUGGESTED), _("Suggested")),
        (CONFIRMED, tab_url(request, CONFIRMED), _("Confirmed")),
        (REQUESTS, tab_url(request, REQUESTS), _("Requests")),
    ]
    if person_of(request).is_administrator:
        agencies_url = in_cycle(request, reverse("accounts:agencies"))
        tabs.append(("agencies", agencies_url, _("Agencies and people")))
    return [
        {"url": url, "label": label, "count": counts[name], "is_current": name == current}
        for name, url, label in tabs
    ]


def requests_context(cycle: Cycle, *, answered: AnswerForm | None = None) -> dict[str, Any]:
    """Return what the tab of requests shows; `answered` is the form whose answer could not be taken.

    If its request is no longer open, the refusal and the typed reason stand above the list.
    """
    asked = reading.open_requests(cycle)
    forms = [
        answered if answered and answered.asked.pk == each.pk else AnswerForm(asked=each) for each in asked
    ]
    forecasts = ItemForecasts(each.assignment.item_id for each in asked)
    for form in forms:
        form.forecast = _forecast(form.asked, forecasts)
    gone = answered if answered and answered.asked.pk not in {each.pk for each in asked} else None
    return {
        "forms": forms,
        "answers": reading.answered_requests(cycle),
        "refused": " ".join(map(str, gone.non_field_errors())) if gone else "",
        "typed": gone["reason"].value() or "" if gone else "",
    }


def _forecast(asked: AssignmentRequest, forecasts: ItemForecasts) -> ItemForecast | None:
    """Return what becomes of the item if the assignment is removed as asked; None for a later date."""
    if asked.kind != RequestKind.DECLINE:
        return None
    return forecasts.of(asked.assignment.item_id, roles={asked.assignment_id: GONE})


def current_list(request: HttpRequest) -> str:
    """Return which of the two lists of assignments the address names."""
    return CONFIRMED if request.GET.get("tab") == CONFIRMED else SUGGESTED


def show_assignment_list(
    request: HttpRequest,
    cycle: Cycle,
    *,
    chosen: Iterable[int] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show the list with the chosen rows ticked: those that the address names, unless given."""
    tab = current_list(request)
    ticked = read_numbers(request.GET, "chosen") if chosen is None else chosen
    marks = set(ticked)
    context = {
        **tab_context(request, cycle, tab),
        "chosen": marks,
        "refused": refused,
        "list_query": list_query(request),
        **(_confirmed(request, cycle, marks) if tab == CONFIRMED else _suggested(request, cycle)),
    }
    return render(request, tab_template(tab), context, status=status)


def list_query(request: HttpRequest) -> str:
    """Return tab, filters, page and cycle of the list as a query string, for its forms and links."""
    kept = request.GET.copy()
    kept.pop("chosen", None)
    return kept.urlencode()


def list_url(request: HttpRequest, *, chosen: Iterable[int] = ()) -> str:
    """Return the address of the list, with what is chosen."""
    ids = ",".join(map(str, chosen))
    query = "&".join(filter(None, [list_query(request), urlencode({"chosen": ids}, safe=",") if ids else ""]))
    base = reverse("recommendations:assignments")
    return f"{base}?{query}" if query else base


def chosen_on_list(request: HttpRequest, assignments: Iterable[Assignment]) -> list[int]:
    """Return the ids that the list ticks for these assignments: their own, or those of their items."""
    if current_list(request) == CONFIRMED:
        return [assignment.pk for assignment in assignments]
    return list(dict.fromkeys(assignment.item_id for assignment in assignments))


def filters_of(request: HttpRequest, cycle: Cycle) -> tuple[AssignmentFilters, AssignmentFilterChoices]:
    """Return the filters of the list and what they offer."""
    stage = Stage.CONFIRMED if current_list(request) == CONFIRMED else Stage.SUGGESTED
    choices = AssignmentFilterChoices.of(cycle, stage)
    return parse_assignment_filters(request.GET, choices), choices


def _suggested(request: HttpRequest, cycle: Cycle) -> dict[str, Any]:
    filters, choices = filters_of(request, cycle)
    return {
        "filters": filters,
        "choices": choices,
        "items": reading.suggested_items(cycle, filters),
        "agencies": reading.suggested_agencies(cycle),
        "without_lead": reading.items_without_lead(cycle),
    }


def _confirmed(request: HttpRequest, cycle: Cycle, ticked: set[int]) -> dict[str, Any]:
    filters, choices = filters_of(request, cycle)
    today, by_agency = local_date(request_time(request)), request.GET.get("view") != LIST_VIEW
    found = reading.confirmed_rows(
        cycle, user=person_of(request), filters=filters, today=today, by_agency=by_agency
    )
    page = paginate(request, found, per_page=ROWS_PER_PAGE)
    rows = reading.as_confirmed(page.rows, today=today)
    unfolded = request.GET.get("open", "")
    is_open = partial(_is_open, unfolded, filters, ticked)
    folds = reading.folded_by_agency(rows, sort=filters.sort, is_open=is_open) if by_agency else []
    return {
        "filters": filters,
        "choices": choices,
        "page": page,
        "rows": rows,
        # One agency alone is a list.
        "folds": folds if len(folds) > 1 else [],
        "by_agency": by_agency,
        "unfolded": unfolded,
        "sorted_column": filters.sorted_column(by_agency=len(folds) > 1),
        "view_options": _view_options(request, by_agency=by_agency),
        "today": today,
        "deserted": list(reading.deserted_agencies(cycle)),
    }


def _is_open(
    asked: str, filters: AssignmentFilters, ticked: set[int], code: str, rows: list[ConfirmedRow]
) -> bool:
    """Whether the rows of an agency are shown: as the address says (codes, or all), else where filters are set.

    What is ticked is always seen.
    """
    if any(row.assignment.pk in ticked for row in rows):
        return True
    return asked == ALL_OPEN or code in asked.split(",") if asked else filters.are_set


def _view_options(request: HttpRequest, *, by_agency: bool) -> list[dict[str, Any]]:
    """Return the two ways of showing the assignments in force, as links that keep filters and order."""
    kept = request.GET.copy()
    for name in ("view", "page", "open", "chosen"):
        kept.pop(name, None)
    base = kept.urlencode()
    views = [(_("By agency"), base, by_agency), (_("One list"), f"{base}&view={LIST_VIEW}", not by_agency)]
    return [
        {"label": label, "url": f"?{query}", "is_current": is_current, "lang": ""}
        for label, query, is_current in views
    ]

"""The two lists from which assignments are chosen. AssignmentFilters and choice live in the address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.access import person_of
from accounts.acting import request_time
from audit.clock import local_date
from recommendations.models import Assignment, Cycle
from recommendations.queries import assignments_page as reading
from recommendations.queries.assignment_filters import (
    AssignmentFilterChoices,
    AssignmentFilters,
    parse_assignment_filters,
)
from recommendations.states import Stage
from recommendations.views.tabs import CONFIRMED, SUGGESTED, show_tab
from ui.pagination import paginate
from ui.query_state import read_numbers

#: More than an ordinary cycle has, so that all can be chosen on one page.
ROWS_PER_PAGE = 200


def current_list(request: HttpRequest) -> str:
    """Which of the two lists the address speaks of."""
    return CONFIRMED if request.GET.get("tab") == CONFIRMED else SUGGESTED


def show_assignment_list(
    request: HttpRequest,
    cycle: Cycle,
    *,
    chosen: Iterable[int] | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """The list with what is chosen ticked: that which the address carries, unless given."""
    tab = current_list(request)
    ticked = read_numbers(request.GET, "chosen") if chosen is None else chosen
    draw = _confirmed if tab == CONFIRMED else _suggested
    around = {"chosen": set(ticked), "refused": refused, "list_query": list_query(request)}
    return show_tab(request, cycle, tab, {**around, **draw(request, cycle)}, status=status)


def list_query(request: HttpRequest) -> str:
    """Tab, filters, page and cycle of the list, as its forms and links carry them on."""
    kept = request.GET.copy()
    kept.pop("chosen", None)
    return kept.urlencode()


def list_url(request: HttpRequest, *, chosen: Iterable[int] = ()) -> str:
    """The address of the list, with what is chosen."""
    ids = ",".join(map(str, chosen))
    query = "&".join(filter(None, [list_query(request), urlencode({"chosen": ids}, safe=",") if ids else ""]))
    base = reverse("recommendations:assignments")
    return f"{base}?{query}" if query else base


def chosen_on_list(request: HttpRequest, assignments: Iterable[Assignment]) -> list[int]:
    """What the list would have ticked: assignments where they are its rows, else their items."""
    if current_list(request) == CONFIRMED:
        return [assignment.pk for assignment in assignments]
    return list(dict.fromkeys(assignment.item_id for assignment in assignments))


def filters_of(request: HttpRequest, cycle: Cycle) -> tuple[AssignmentFilters, AssignmentFilterChoices]:
    """The filters of the list and what they offer."""
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


def _confirmed(request: HttpRequest, cycle: Cycle) -> dict[str, Any]:
    filters, choices = filters_of(request, cycle)
    today = local_date(request_time(request))
    rows = reading.confirmed_rows(cycle, user=person_of(request), filters=filters, today=today)
    page = paginate(request, rows, per_page=ROWS_PER_PAGE)
    return {
        "filters": filters,
        "choices": choices,
        "page": page,
        "rows": reading.as_confirmed(page.rows, today=today),
        "today": today,
        "deserted": reading.deserted_agencies(cycle),
    }

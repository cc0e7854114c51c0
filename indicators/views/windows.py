"""Window against window: the one before as printed, beside this one as reported."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import person_of
from accounts.acting import request_time
from indicators.permissions import class_of_page
from indicators.queries.counted import read_counted
from indicators.queries.pace import window_of
from indicators.queries.reported_months import WindowDays, read_window_figures
from indicators.queries.windows import WindowFilters, read_windows
from indicators.views.days import counted_on_day
from recommendations.context import cycle_query, page_cycle
from recommendations.states import Pillar


@require_safe
def windows(request: HttpRequest) -> HttpResponse:
    """Show both windows of each indicator; `?day=` shows a past day, the filters are in the address."""
    cycle = page_cycle(request)
    if cycle is None:
        return render(request, "overview/empty.html", {"heading": _("Window against window")})
    filters = WindowFilters.read(request.GET)
    person, asked = person_of(request), counted_on_day(request, read_counted)
    window = WindowDays(*window_of(cycle, asked.before))
    shown = {each.indicator_id for each in asked.definitions if filters.keeps(each)}
    found = read_window_figures(shown, window, user=person, before=asked.before)
    page = read_windows(asked.definitions, found, window, filters=filters)
    context = {
        "page": page,
        "filters": filters,
        "pillars": Pillar.choices,
        **asked.context({"cycle": cycle_query(request).removeprefix("cycle="), **vars(filters)}),
        "now": request_time(request),
        "classification": class_of_page(person, (each.agency_id for each in asked.definitions)).label,
    }
    return render(request, "indicators/windows.html", context)

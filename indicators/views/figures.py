"""The figures of all indicators by pillar."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import person_of
from accounts.acting import request_time
from indicators.permissions import class_of_page
from indicators.queries.cards import FigureFilters, read_cards
from indicators.queries.checks import judge_cycle
from indicators.queries.counted import read_counted
from indicators.views.days import counted_on_day
from recommendations.context import cycle_query, page_cycle
from recommendations.states import Pillar


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show the newest figure of each indicator; `?day=` shows a past day, the filters are in the address."""
    filters = FigureFilters.read(request.GET)
    asked = counted_on_day(request, read_counted)
    person, cycle = person_of(request), page_cycle(request)
    page = read_cards(
        asked.definitions,
        found=judge_cycle(cycle, user=person, before=asked.before) if cycle else None,
        user=person,
        filters=filters,
        before=asked.before,
    )
    context = {
        "page": page,
        "filters": filters,
        "pillars": Pillar.choices,
        "shows": [("contradictions", _("With contradictions"))],
        **asked.context({"cycle": cycle_query(request).removeprefix("cycle="), **vars(filters)}),
        "now": request_time(request),
        "classification": class_of_page(person, (each.agency_id for each in asked.definitions)).label,
    }
    return render(request, "indicators/figures.html", context)

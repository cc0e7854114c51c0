"""The page of all figures, as cards by pillar."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import person_of
from accounts.acting import request_time
from indicators.permissions import class_of_page
from indicators.queries.cards import FigureFilters, FiguresPage, read_cards
from indicators.queries.remembered import RegisterReading
from indicators.views.days import counted_on_day
from recommendations.context import cycle_query, page_cycle
from recommendations.states import Pillar


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Show the newest figure of each indicator; `?day=` shows a past day, the filters are in the address."""
    filters = FigureFilters.read(request.GET)
    reading = RegisterReading()
    asked = counted_on_day(request, reading.counted)
    person, cycle = person_of(request), page_cycle(request)

    def make() -> tuple[FiguresPage, SafeString]:
        found = reading.judged(cycle, user=person, before=asked.before) if cycle else None
        cards = read_cards(asked.definitions, found=found, user=person, filters=filters, before=asked.before)
        html = render_to_string("indicators/cards.html", {"page": cards, "day": asked.day})
        # Thousands of figures, which stand in the HTML.
        return replace(cards, pillars=()), html

    key = ("cards", cycle and cycle.pk, asked.day, filters)
    is_known = filters.agency in {"", *(each.agency_code for each in asked.definitions)}
    page, cards = reading.remembered(key, make, user=person) if is_known else make()
    context = {
        "page": page,
        "cards": cards,
        "filters": filters,
        "pillars": Pillar.choices,
        "shows": [("contradictions", _("With contradictions"))],
        **asked.context({"cycle": cycle_query(request).removeprefix("cycle="), **vars(filters)}),
        "now": request_time(request),
        "classification": class_of_page(person, (each.agency_id for each in asked.definitions)).label,
    }
    return render(request, "indicators/figures.html", context)

"""The page of an indicator."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import person_of
from accounts.acting import request_time
from indicators.permissions import class_of_page
from indicators.queries.checks import judge_cycle
from indicators.queries.counted import read_counted
from indicators.queries.indicator_figures import read_indicator_figures
from indicators.queries.pace import read_target_panel
from indicators.views.days import counted_on_day
from recommendations.context import cycle_query, page_cycle
from ui.query_state import read_text


@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """Show an indicator's figures by one kind of period (`?by=`), its definition and its past; `?day=` a past day."""
    asked = counted_on_day(request, partial(read_counted, code=code))
    if not asked.definitions:
        raise Http404
    kind = read_text(request.GET, "by")
    person, cycle, definition = person_of(request), page_cycle(request), asked.definitions[0]
    judged = partial(judge_cycle, user=person, before=asked.before, indicator_id=definition.indicator_id)
    page = read_indicator_figures(
        definition,
        found=judged(cycle) if cycle else None,
        user=person,
        kind=kind,
        before=asked.before,
    )
    panel = partial(read_target_panel, page.definition, person=person, is_past=bool(asked.day))
    kept = {"cycle": cycle_query(request).removeprefix("cycle="), "by": kind}
    place = asked.place(kept)
    context = {
        "page": page,
        "definition": page.definition,
        "target_panel": panel(cycle, day=asked.day or asked.today) if cycle else None,
        "kind_options": [
            {"url": place.url(by=kind.value), "label": kind.label, "is_current": kind.value == page.kind}
            for kind in page.kinds
        ],
        "shows_kinds": len(page.kinds) > 1,
        **asked.context(kept),
        "now": request_time(request),
        "classification": class_of_page(person, (each.agency_id for each in asked.definitions)).label,
    }
    return render(request, "indicators/indicator.html", context)

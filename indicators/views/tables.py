"""The tables that sources printed: all of a cycle, and each as printed beside what agencies reported since."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import find_or_refuse, person_of
from accounts.acting import request_time
from audit.clock import end_of_day, local_date
from indicators.models import PublishedTable
from indicators.permissions import class_of_page
from indicators.queries.continued_tables import continue_tables
from indicators.queries.remembered import RegisterReading
from indicators.queries.tables import read_printed, read_tables
from indicators.states import PeriodKind
from recommendations.context import cycle_query, page_cycle, set_page_cycle
from recommendations.extensions import LinkingPage, links_on
from ui.days import asked_day, day_context, not_recorded
from ui.query_state import QueryState


@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """Show which tables the sources of the page's cycle printed."""
    cycle = page_cycle(request)
    found = read_tables(cycle, user=person_of(request)) if cycle else []
    ways = links_on(LinkingPage.TABLES, {"cycle": str(cycle.year)}) if cycle and found else []
    return render(request, "indicators/tables.html", {"cycle": cycle, "tables": found, "ways": ways})


@require_safe
def table(request: HttpRequest, table_id: int) -> HttpResponse:
    """Show a table as its source printed it, and continued by what agencies reported; `?day=` shows a past day.

    Each printed value leads to its line in the source, each reported one to its indicator.
    """
    person = person_of(request)
    allowed = PublishedTable.objects.visible_to(person).select_related("source__cycle")
    found = find_or_refuse(request, allowed.defer("source__content", "source__text"), pk=table_id)
    cycle, first = found.source.cycle, local_date(found.source.loaded_at)
    set_page_cycle(request, cycle)
    today = local_date(request_time(request))
    day, refused = asked_day(request.GET.get("day", ""), today=today)
    if day and day < first:
        refused, day = not_recorded(day), None
    before = end_of_day(day) if day else None
    printed = read_printed([found], found=RegisterReading().judged(cycle, user=person, before=before))
    (page,) = continue_tables(printed, cycle=cycle, user=person, on=day or today, before=before)
    agencies = {cell.figure.series.indicator.agency_id for cell in page.printed.cells if cell.figure}
    kept = {"cycle": cycle_query(request).removeprefix("cycle="), "day": day.isoformat() if day else ""}
    place = QueryState(kept)
    context = {
        "page": page,
        "printed": page.printed,
        "table": found,
        "source": found.source,
        "ways": links_on(
            LinkingPage.TABLES, {"cycle": str(cycle.year), "day": kept["day"], "table": found.key}
        ),
        "indicator_query": place.query(by=PeriodKind.MONTH.value),
        "refused_day": refused,
        **day_context(place, day=day, today=today, first=first),
        "now": request_time(request),
        "classification": class_of_page(person, agencies).label,
    }
    return render(request, "indicators/table.html", context)

"""The tables that sources printed: all of a cycle, and each as it was printed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import find_or_refuse, person_of
from accounts.acting import request_time
from accounts.clearance import Clearance
from indicators.models import PublishedTable
from indicators.queries.checks import judge_cycle
from indicators.queries.tables import read_table, read_tables
from recommendations.context import page_cycle, set_page_cycle


@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """Show which tables the sources of the page's cycle printed."""
    cycle = page_cycle(request)
    found = read_tables(cycle, user=person_of(request)) if cycle else []
    return render(request, "indicators/tables.html", {"cycle": cycle, "tables": found})


@require_safe
def table(request: HttpRequest, table_id: int) -> HttpResponse:
    """Show a table as its source printed it; each value leads to its line in the source."""
    allowed = PublishedTable.objects.visible_to(person_of(request)).select_related("source__cycle")
    found = find_or_refuse(request, allowed.defer("source__content", "source__text"), pk=table_id)
    set_page_cycle(request, found.source.cycle)
    context = {
        "page": read_table(found, found=judge_cycle(found.source.cycle, user=person_of(request))),
        "table": found,
        "source": found.source,
        "now": request_time(request),
        "classification": Clearance.OPEN.label,
    }
    return render(request, "indicators/table.html", context)

"""Choosing which published tables a file holds, as at which day and in which language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import person_of
from accounts.acting import request_time
from audit.clock import local_date
from indicators.queries.tables import read_tables
from recommendations.context import page_cycle
from reports.states import FORMATS, SummaryLanguage
from reports.summary.selection import default_day, default_language
from ui.query_state import read_text
from ui.typed_days import day_or_none


@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """Offer the published tables of the page's cycle as files, all of them or the one that the address names."""
    cycle, today = page_cycle(request), local_date(request_time(request))
    found = read_tables(cycle, user=person_of(request)) if cycle else []
    if cycle is None or not found or cycle.window_start > default_day(cycle, today=today):
        return render(request, "reports/published/empty.html", {"cycle": cycle})
    last = default_day(cycle, today=today)
    asked = day_or_none(read_text(request.GET, "day"))
    context = {
        "cycle": cycle,
        "tables": found,
        "table": read_text(request.GET, "table"),
        "day": asked if asked and cycle.window_start <= asked <= last else last,
        "earliest": cycle.window_start,
        "latest": last,
        "language": default_language(),
        "languages": SummaryLanguage.choices,
        "formats": [(each, spec) for each, spec in FORMATS.items() if spec.holds_tables],
    }
    return render(request, "reports/published/tables.html", context)

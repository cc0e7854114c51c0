"""The page of one report, as its own view and as where a refusal is told."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import person_of
from reports.models import Report
from reports.queries.report_page import read_report_page


def report_page(
    request: HttpRequest,
    report: Report,
    *,
    problem: str = "",
    status: int = 200,
    takes: bool = False,
    is_lost: bool = False,
    is_broken: bool = False,
) -> HttpResponse:
    """The page of a report; `problem` says above it why an act was refused, `takes`: its file is fetched by itself,
    `is_lost`: what was made can no longer be had, `is_broken`: `problem` is what the page says itself of the newest taking."""
    page = read_report_page(report, user=person_of(request), is_lost=is_lost)
    problem = "" if is_broken and page.broken else problem
    context = {"page": page, "report": report, "problem": problem, "takes": takes and page.is_untaken}
    return render(request, "reports/report.html", context, status=status)

"""Loading a report for the person who asks, and rendering its page; refusals are shown on it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import person_of, refuse
from reports.models.report import Report
from reports.queries.report_page import read_report_page


def load_report(request: HttpRequest, report_id: int) -> Report:
    """Return the report with its people if this person may see it; else raise Http404, recorded where it exists."""
    rows = Report.objects.select_related(
        "cycle", "asked_by__agency", "reader_agency", "schedule__made_by__agency"
    )
    report = rows.visible_to(person_of(request)).filter(pk=report_id).first()
    return report or _refuse(request, report_id)


def load_own_report(request: HttpRequest, report_id: int) -> Report:
    """Return the report if it was made for this person; else raise Http404, recorded where it exists."""
    report = load_report(request, report_id)
    if report.asked_by_id != person_of(request).pk:
        _refuse(request, report_id)
    return report


def report_page(
    request: HttpRequest,
    report: Report,
    *,
    problem: str = "",
    status: int = 200,
    starts_download: bool = False,
    is_lost: bool = False,
    is_broken: bool = False,
) -> HttpResponse:
    """Render the page of a report.

    `problem` stands above it and says why an act was refused. `starts_download`: the page downloads the file by itself.
    `is_lost`: the file can no longer be had. `is_broken`: `problem` repeats what the page says of the newest download.
    """
    page = read_report_page(report, user=person_of(request), is_lost=is_lost)
    problem = "" if is_broken and page.broken else problem
    context = {
        "page": page,
        "report": report,
        "problem": problem,
        "starts_download": starts_download and page.starts_download,
    }
    return render(request, "reports/report.html", context, status=status)


def _refuse(request: HttpRequest, report_id: int) -> Report:
    """Raise Http404, recorded where the report exists."""
    hidden = Report.objects.filter(pk=report_id).first()
    if hidden is None:
        raise Http404
    refuse(request, hidden, agency_id=hidden.reader_agency_id)

"""Loading a report for the person who asks, and rendering its page; refusals are shown on it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.access import find_or_refuse, person_of
from reports.models.report import Report, ReportQuerySet
from reports.queries.report_page import read_report_page


def load_report(request: HttpRequest, report_id: int) -> Report:
    """Return the report with its people if this person may see it; else raise Http404, recorded where it exists."""
    visible = _with_people().visible_to(person_of(request))
    return find_or_refuse(request, visible, pk=report_id, agency_field="reader_agency_id")


def load_own_report(request: HttpRequest, report_id: int) -> Report:
    """Return the report if it was made for this person; else raise Http404, recorded where it exists."""
    own = _with_people().of(person_of(request))
    return find_or_refuse(request, own, pk=report_id, agency_field="reader_agency_id")


def load_shared_report(request: HttpRequest, report_id: int) -> Report:
    """Return the report if this person may download it; else raise Http404, recorded where it exists."""
    shared = _with_people().shared_with(person_of(request))
    return find_or_refuse(request, shared, pk=report_id, agency_field="reader_agency_id")


def _with_people() -> ReportQuerySet:
    return Report.objects.without_agendas().select_related(
        "cycle",
        "asked_by__agency",
        "reader_agency",
        "schedule__made_by__agency",
        "laid_agenda__meeting__cycle",
    )


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

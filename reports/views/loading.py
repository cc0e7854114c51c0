"""Loading is the access check: what a person may not see answers as if it did not exist."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from accounts.access import person_of, refuse
from reports.models import Report


def load_report(request: HttpRequest, report_id: int) -> Report:
    """The report with its people, if this person may see it; else 404, recorded when it exists."""
    rows = Report.objects.select_related(
        "cycle", "asked_by__agency", "reader_agency", "schedule__made_by__agency"
    )
    report = rows.visible_to(person_of(request)).filter(pk=report_id).first()
    return report or _refuse(request, report_id)


def load_own_report(request: HttpRequest, report_id: int) -> Report:
    """The same, for what only the person who asked for it may do."""
    report = load_report(request, report_id)
    if report.asked_by_id != person_of(request).pk:
        _refuse(request, report_id)
    return report


def _refuse(request: HttpRequest, report_id: int) -> Report:
    hidden = Report.objects.filter(pk=report_id).first()
    if hidden is None:
        raise Http404
    refuse(request, hidden, agency_id=hidden.reader_agency_id)

"""The months that an agency can report, by form or by workbook."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import agency_only, person_of
from accounts.acting import request_time
from audit.clock import local_date
from imports.forms import WorkbookForm
from indicators.models import FigureImport
from indicators.queries.report_page import read_months
from recommendations.context import in_cycle, page_cycle


@require_safe
@agency_only
def months(request: HttpRequest) -> HttpResponse:
    """Show the months of the page's cycle that the person's agency can report, with the state of each."""
    return show_months(request, form=upload_form(request))


def upload_form(request: HttpRequest) -> WorkbookForm:
    """Return the form that asks for a workbook of figures, bound if one was chosen."""
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    url = in_cycle(request, reverse("indicators:workbook_upload"))
    return WorkbookForm(data, files, words=_("Read the workbook"), action=url)


def show_months(request: HttpRequest, *, form: WorkbookForm, status: int = 200) -> HttpResponse:
    """Render the months, and the workbooks that were not taken over yet."""
    cycle, today = page_cycle(request), local_date(request_time(request))
    person = person_of(request)
    agency = person.agency
    begun = FigureImport.objects.visible_to(person).open().filter(cycle=cycle).defer("rows")
    context = {
        "lines": read_months(agency, cycle, today=today) if cycle else [],
        "cycle": cycle,
        "agency": agency,
        "has_indicators": agency.indicators.filter(is_active=True).exists(),
        "begun": begun.select_related("agency", "created_by") if cycle else [],
        "file_form": form if cycle and not cycle.is_closed else None,
    }
    return render(request, "indicators/report/months.html", context, status=status)

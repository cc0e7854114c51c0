"""Figures by workbook: the template, the upload, its rows, and taking them over into the drafts of the months."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import agency_only, person_of
from accounts.acting import request_time
from audit.clock import local_date
from imports.views.files import workbook_download
from indicators.queries.report_page import read_months
from indicators.workbook.names import OwnIndicators
from indicators.workbook.template import write_figure_template
from recommendations.context import page_cycle


@require_safe
@agency_only
def figure_template(request: HttpRequest) -> HttpResponse:
    """Download the template of the person's agency for the page's cycle, in the reader's language."""
    cycle, agency = page_cycle(request), person_of(request).agency
    own = OwnIndicators(agency.indicators.filter(is_active=True).prefetch_related("dimensions__values"))
    if cycle is None or not own.indicators:
        raise Http404
    lines = list(reversed(read_months(agency, cycle, today=local_date(request_time(request)))))
    content = write_figure_template(
        own,
        agency=agency,
        cycle=cycle,
        months=[line.month for line in lines],
        open_months=[line.month for line in lines if line.is_editable],
    )
    name = _("figures-%(agency)s-%(year)s.xlsx") % {"agency": agency.code, "year": cycle.year}
    return workbook_download(content, name=name)

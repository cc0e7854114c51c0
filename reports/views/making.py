"""Asking for a summary, watching it being made, and what was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from allauth.core.internal import ratelimit
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import person_of, refuse
from accounts.acting import acting, post_required, request_time
from audit.clock import local_date
from audit.errors import DomainError, NotAllowed
from recommendations.models import Cycle
from reports import services
from reports.errors import BadSelection
from reports.models import Report
from reports.queries.made_page import read_made
from reports.queries.report_page import read_end, read_progress
from reports.states import ExportFormat, ReportState
from reports.summary.selection import NAMES, read_selection
from reports.views.loading import load_own_report, load_report
from reports.views.pages import report_page
from ui.pagination import paginate

_PER_PAGE = 20
#: A small one is made while the person waits, by a thread of the web.
_RATES = {"make": "20/m/user"}


@post_required
def make(request: HttpRequest) -> HttpResponseBase:
    """Ask for a summary: a small one is made at once, and its file is fetched by the page that it leads to."""
    asked = {name: request.POST.get(name, "") for name in NAMES}
    return _ask(request, asked, request.POST.get("paper", ""))


@require_safe
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """One report: what was selected, where its making stands, its file, and who took it."""
    return report_page(request, load_report(request, report_id), takes="take" in request.GET)


@require_safe
def made(request: HttpRequest) -> HttpResponse:
    """One's own reports, newest first; for administrators those of all: what was taken out is on record."""
    made = read_made(request.GET, user=person_of(request))
    page = paginate(request, made.rows, per_page=_PER_PAGE)
    context = {"made": made, "page": page, "lines": made.lines(page.rows)}
    return render(request, "reports/made.html", context)


@require_POST
def looking(request: HttpRequest, report_id: int) -> JsonResponse:
    """What the open page of a report asks again and again: how far it is. Says that somebody looks."""
    found = load_report(request, report_id)
    services.look(found, **acting(request))
    return JsonResponse(read_progress(found).as_json() | {"taking": read_end(found)})


@post_required
def cancel(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """Give up a making that is not finished."""
    found = load_own_report(request, report_id)
    try:
        services.cancel(found, **acting(request))
    except DomainError as error:
        found.refresh_from_db()
        return report_page(request, found, problem=str(error), status=409)
    return redirect("reports:report", report_id=report_id)


@post_required
def again(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """The same selection as the same paper once more, with the rights of now."""
    found = load_own_report(request, report_id)
    return _ask(request, dict(parse_qsl(found.query)), found.paper)


def _ask(request: HttpRequest, asked: Mapping[str, str], paper: str) -> HttpResponseBase:
    if ratelimit.consume(request, app="reports", action="make", config=_RATES) is None:
        words = _("Those were many summaries in one minute. Wait a minute, then go on.")
        return _refused(request, asked, [words], status=429)
    try:
        report = services.ask_for(**_understood(request, asked, paper), **acting(request))
    except NotAllowed:
        refuse(request)
    except BadSelection as error:
        return _refused(request, asked, list(error.problems.values()))
    except DomainError as error:
        return _refused(request, asked, [str(error)])
    return _go_on(request, report)


def _understood(request: HttpRequest, asked: Mapping[str, str], paper: str) -> dict[str, Any]:
    """The selection, its cycle and its paper. Raises BadSelection."""
    year = asked.get("cycle", "")
    is_year = year.isascii() and year.isdecimal() and len(year) == 4
    cycle = Cycle.objects.filter(year=int(year)).first() if is_year else None
    if cycle is None:
        raise BadSelection({"cycle": _("Choose a cycle.")})
    if paper not in ExportFormat.values:
        raise BadSelection({"paper": _("Choose what it is to be made as.")})
    today = local_date(request_time(request))
    selection = read_selection(asked, cycle=cycle, today=today, user=person_of(request))
    return {"selection": selection, "cycle": cycle, "paper": ExportFormat(paper)}


def _go_on(request: HttpRequest, report: Report) -> HttpResponseBase:
    page = services.page_of(report)
    if services.is_small(report) and services.make(report.pk, now=request_time(request)) == ReportState.READY:
        return redirect(f"{page}?take=1")
    return redirect(page)


def _refused(
    request: HttpRequest, asked: Mapping[str, str], problems: list[str], *, status: int = 409
) -> HttpResponse:
    """Why nothing was begun, and the way back to the selection as it was."""
    query = urlencode({name: value for name, value in asked.items() if value})
    context = {"problems": problems, "back_url": f"{reverse('reports:choose')}?{query}"}
    return render(request, "reports/refused.html", context, status=status)

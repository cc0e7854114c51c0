"""Requesting a report, its page while it is made, and the list of what was made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from urllib.parse import parse_qsl

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import person_of
from accounts.acting import act_by_button, acting, attempt, request_time
from accounts.models import User
from accounts.rate_limits import is_within_rate
from audit.clock import local_date
from audit.errors import DomainError, NotAllowed, NotNow
from audit.refusals import refuse
from recommendations.models import Cycle
from reports.errors import BadSelection
from reports.models.report import Report
from reports.queries.report_page import read_end, read_progress
from reports.queries.reports_page import read_made
from reports.services import making
from reports.services.notices import mark_notice_read, path_of
from reports.services.requests import cancel_report, is_made_at_once, request_report
from reports.states import ExportFormat, ReportState
from reports.summary.selection import NAMES, read_selection
from reports.views.report_page import load_own_report, load_report, report_page
from ui.methods import post_required
from ui.pagination import paginate

_PER_PAGE = 20
#: A small report is made while the person waits, by a thread of the web.
_A_MINUTE = 20


@post_required
def make(request: HttpRequest) -> HttpResponseBase:
    """Request a report of the posted selection and redirect to its page; a small one is made at once."""
    query = {name: request.POST.get(name, "") for name in (*NAMES, "table")}
    return _request(request, query, request.POST.get("paper", ""))


@post_required
def again(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """Request the same selection in the same format once more, with the rights of now."""
    found = load_own_report(request, report_id)
    if found.laid_agenda is not None:
        # Papers of a meeting are made on its page.
        return redirect("meetings:meeting_papers", found.laid_agenda.meeting_id)
    return _request(request, dict(parse_qsl(found.query)), found.export_format)


@require_safe
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show one report: its selection, its state, its file and its downloads."""
    return report_page(request, load_report(request, report_id), starts_download="take" in request.GET)


@require_safe
def made(request: HttpRequest) -> HttpResponse:
    """List one's own reports, newest first; administrators see those of all."""
    made = read_made(request.GET, user=person_of(request))
    page = paginate(request, made.rows, per_page=_PER_PAGE)
    context = {"made": made, "page": page, "lines": made.lines(page.rows)}
    return render(request, "reports/made.html", context)


@post_required
def looking(request: HttpRequest, report_id: int) -> JsonResponse:
    """Answer how far a report is, and mark its notice as read: the open page asks this again and again."""
    found = load_report(request, report_id)
    mark_notice_read(found, **acting(request))
    return JsonResponse(read_progress(found) | {"download": read_end(found)})


vars(looking)["is_asked_by_pages"] = True


@post_required
def cancel(request: HttpRequest, report_id: int) -> HttpResponseBase:
    """Cancel a report that is not finished."""
    found = load_own_report(request, report_id)

    def show_refusal(refusal: DomainError) -> HttpResponseBase:
        found.refresh_from_db()
        return report_page(request, found, problem=str(refusal), status=409)

    cancel = partial(cancel_report, found)
    return act_by_button(request, cancel, done="", back_url=path_of(found), on_refusal=show_refusal)


def _request(request: HttpRequest, query: Mapping[str, str], format_value: str) -> HttpResponseBase:
    """Request a report, and make it now if it is small. Return a redirect to its page, or why nothing was begun."""
    if not is_within_rate("reports.make", person_of(request).pk, most=_A_MINUTE):
        words = _("That was a lot of summaries in one minute. Wait a minute, then continue.")
        return _refused_page(request, query, NotNow(words), status=429)
    outcome = attempt(request, partial(_request_of, query, format_value))
    if isinstance(outcome.refusal, NotAllowed):
        refuse(request)
    if outcome.refusal is not None:
        return _refused_page(request, query, outcome.refusal)
    found, now = outcome.result, request_time(request)
    is_ready = is_made_at_once(found) and making.make(found.pk, now=now) == ReportState.READY
    return redirect(f"{path_of(found)}?take=1" if is_ready else path_of(found))


def _request_of(query: Mapping[str, str], format_value: str, *, actor: User, now: datetime) -> Report:
    """Request a report of the selection that a query holds. Raises `BadSelection`, and what the service refuses."""
    year = query.get("cycle", "")
    is_year = year.isascii() and year.isdecimal() and len(year) == 4
    cycle = Cycle.objects.filter(year=int(year)).first() if is_year else None
    if cycle is None:
        raise BadSelection({"cycle": _("Choose a cycle.")})
    if format_value not in ExportFormat.values:
        raise BadSelection({"paper": _("Choose a format.")})
    selection = read_selection(query, cycle=cycle, today=local_date(now), user=actor)
    export_format = ExportFormat(format_value)
    return request_report(selection, export_format=export_format, cycle=cycle, actor=actor, now=now)


def _refused_page(
    request: HttpRequest, query: Mapping[str, str], refusal: DomainError, *, status: int = 409
) -> HttpResponse:
    """Return the page that says why nothing was begun, with the way back to the selection as it was."""
    problems = list(refusal.problems.values()) if isinstance(refusal, BadSelection) else [str(refusal)]
    address = urlencode({name: value for name, value in query.items() if value})
    back_url, back_label = f"{reverse('reports:choose')}?{address}", _("Back to the selection")
    context = {"problems": problems, "back_url": back_url, "back_label": back_label}
    return render(request, "reports/refused.html", context, status=status)

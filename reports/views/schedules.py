"""Monthly summaries: MAPO lists them, sets one up from a selection, and stops one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import mapo_only, person_of
from accounts.acting import acting, post_required, posted, refused_page, request_time
from audit.clock import local_date
from audit.errors import DomainError, NotNow
from recommendations.context import in_cycle, page_cycle
from recommendations.models import Cycle
from recommendations.services.checks import CYCLE_CLOSED
from reports.errors import BadSelection
from reports.forms.schedule import ScheduleForm
from reports.models.schedule import Schedule
from reports.months import next_day
from reports.queries.schedules_page import read_schedules
from reports.services.schedules import create_schedule, stop_schedule
from reports.states import ExportFormat
from reports.summary.monthly import MonthlyPlan
from reports.summary.selection import NAMES, Selection, read_selection
from reports.summary.statement import selection_words
from ui import dates


@require_safe
@mapo_only
def schedules(request: HttpRequest) -> HttpResponseBase:
    """List the schedules that run, with the newest report of each reader, and those that have ended."""
    page = read_schedules(today=local_date(request_time(request)))
    return render(request, "reports/monthly/schedules.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def schedule_add(request: HttpRequest) -> HttpResponseBase:
    """Set up a schedule of the selection in the address."""
    cycle = page_cycle(request)
    if cycle is None or cycle.is_closed:
        return refused_page(request, NotNow(CYCLE_CLOSED))
    try:
        selection = _selection(request, cycle)
    except BadSelection:
        return redirect(f"{reverse('reports:choose')}?{request.GET.urlencode()}")
    form = _form(request, cancel_url=in_cycle(request, reverse("reports:schedules")))
    if form.is_valid():
        try:
            return _create(request, form, selection, cycle)
        except DomainError as error:
            form.add_error(None, str(error))
    context = {
        "form": form,
        "words": selection_words(selection),
        "cycle": cycle,
        "choose_url": f"{reverse('reports:choose')}?{selection.query}",
    }
    return render(request, "reports/monthly/add.html", context, status=422 if form.errors else 200)


@post_required
@mapo_only
def schedule_stop(request: HttpRequest, schedule_id: int) -> HttpResponseBase:
    """Stop a schedule; the reports that were made stay."""
    schedule = get_object_or_404(Schedule, pk=schedule_id)
    try:
        stop_schedule(schedule, **acting(request))
    except DomainError as error:
        return refused_page(request, error)
    messages.success(request, _("“%(name)s” was stopped. What was made stays.") % {"name": schedule.name})
    return redirect(in_cycle(request, reverse("reports:schedules")))


def _selection(request: HttpRequest, cycle: Cycle) -> Selection:
    """Return the selection in the address, without its days: each month has its own. Raises BadSelection."""
    asked = {name: request.GET.get(name, "") for name in NAMES if name not in ("day", "since")}
    return read_selection(
        asked, cycle=cycle, today=local_date(request_time(request)), user=person_of(request)
    )


def _form(request: HttpRequest, *, cancel_url: str) -> ScheduleForm:
    """Return the form, bound on a POST; the address says which format and period are chosen at first."""
    asked = request.GET.get("paper", "")
    return ScheduleForm(
        posted(request),
        user=person_of(request),
        export_format=asked if asked in ExportFormat.values else "",
        is_month_alone=bool(request.GET.get("since")) or asked == ExportFormat.MEETING,
        cancel_url=cancel_url,
    )


def _create(request: HttpRequest, form: ScheduleForm, selection: Selection, cycle: Cycle) -> HttpResponseBase:
    """Set up the schedule of a valid form and return the redirect. Raises DomainError."""
    wanted = form.cleaned_data
    plan = MonthlyPlan(selection, wanted["paper"], wanted["day_of_month"], wanted["is_month_alone"])
    schedule = create_schedule(
        wanted["name"], plan=plan, cycle=cycle, readers=wanted["readers"], **acting(request)
    )
    today = local_date(request_time(request))
    first = next_day(schedule.day_of_month, today=today, since=local_date(schedule.made_at))
    names = {"name": schedule.name, "day": dates.day(first)}
    messages.success(request, _("“%(name)s” is set up. It is made for the first time on %(day)s.") % names)
    return redirect(in_cycle(request, reverse("reports:schedules")))

"""Monthly summaries: MAPO lists them, sets one up from a selection, and stops one."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import mapo_only, person_of
from accounts.acting import act_by_button, act_by_form, posted, refused_page, request_time
from audit.clock import local_date
from audit.errors import NotNow
from recommendations.context import in_cycle, page_cycle
from recommendations.errors import CYCLE_CLOSED
from recommendations.models import Cycle
from reports.forms.schedule import ScheduleForm
from reports.models.schedule import Schedule
from reports.months import next_day
from reports.queries.schedules_page import read_schedules
from reports.services.schedules import create_schedule, stop_schedule
from reports.states import ExportFormat
from reports.summary.monthly import monthly_query
from reports.summary.selection import NAMES, Selection, read_asked
from reports.summary.statement import selection_words
from ui import dates
from ui.methods import post_required


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
    asked = {name: request.GET.get(name, "") for name in NAMES if name not in ("day", "since")}
    today = local_date(request_time(request))
    found = read_asked(asked, cycle=cycle, today=today, user=person_of(request))
    if found.selection is None or found.problems:
        return redirect(f"{reverse('reports:choose')}?{request.GET.urlencode()}")
    schedules_url = in_cycle(request, reverse("reports:schedules"))
    return act_by_form(
        request,
        _form(request, cancel_url=schedules_url),
        act=partial(_create, found.selection, cycle),
        done=partial(_set_up_words, today=today),
        back_url=schedules_url,
        template="reports/monthly/add.html",
        context={
            "words": selection_words(found.selection),
            "cycle": cycle,
            "choose_url": f"{reverse('reports:choose')}?{found.selection.query}",
        },
        error_status=422,
    )


@post_required
@mapo_only
def schedule_stop(request: HttpRequest, schedule_id: int) -> HttpResponseBase:
    """Stop a schedule; the reports that were made stay."""
    schedule = get_object_or_404(Schedule, pk=schedule_id)
    done = _("“%(name)s” was stopped. Existing summaries are kept.") % {"name": schedule.name}
    back_url = in_cycle(request, reverse("reports:schedules"))
    return act_by_button(request, partial(stop_schedule, schedule), done=done, back_url=back_url)


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


def _create(
    selection: Selection,
    cycle: Cycle,
    *,
    paper: ExportFormat,
    is_month_alone: bool,
    **asked: Any,
) -> Schedule:
    """Set up the schedule of a valid form; `paper` is how forms and addresses call the export format."""
    query = monthly_query(selection, paper, is_month_alone=is_month_alone)
    return create_schedule(cycle=cycle, export_format=paper, query=query, **asked)


def _set_up_words(schedule: Schedule, *, today: date) -> str:
    """Return what the toast says of a schedule that was set up: on which day it is made for the first time."""
    first = next_day(schedule.day_of_month, today=today, since=local_date(schedule.made_at))
    names = {"name": schedule.name, "day": dates.day(first)}
    return _("“%(name)s” was set up. It will be made for the first time on %(day)s.") % names

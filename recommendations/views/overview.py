"""The state of the whole cycle on one page, today or on a day that is over."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import person_of
from audit.clock import end_of_day, local_date
from recommendations.context import cycle_of, instant_of
from recommendations.models import Cycle
from recommendations.readings import overview_page
from recommendations.readings.needs import needs_of
from recommendations.readings.overview import CycleState, state_of_cycle
from recommendations.readings.window_clock import WindowClock
from recommendations.views.days import asked_day
from ui import dates


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Counts, what needs MAPO, and all items with their agencies; `?day=` shows a day that is over."""
    cycle = cycle_of(request)
    if cycle is None:
        return render(request, "recommendations/overview/empty.html")
    today = local_date(instant_of(request))
    day, refused = asked_day(request.GET.get("day", ""), today=today)
    before = end_of_day(day) if day else None
    state = state_of_cycle(cycle, user=person_of(request), before=before)
    if state.dates is None:
        refused = _("Nothing was recorded in this cycle by %(day)s. Today is shown.") % {
            "day": dates.day(day)
        }
        day, before = None, None
        state = state_of_cycle(cycle, user=person_of(request))
    context = {
        "today": today,
        "day": day,
        "refused_day": refused,
        "cycle_strip": None,  # the large clock says the same
        **_context(request, cycle, state, on=day or today, is_past=before is not None),
    }
    return render(request, "recommendations/overview/overview.html", context)


def _context(
    request: HttpRequest, cycle: Cycle, state: CycleState, *, on: date, is_past: bool
) -> dict[str, Any]:
    user = person_of(request)
    filters = overview_page.Filters.read(request.GET)
    has_needs = user.is_mapo and not is_past
    return {
        "clock": WindowClock(state.dates or cycle, on).dial(is_past=is_past),
        "counts": overview_page.counts(state, today=on),
        "needs": needs_of(state, user=user, today=on) if has_needs else [],
        "has_needs": has_needs,
        "sees_claims": user.is_mapo,
        "matrix": overview_page.matrix(state, filters, today=on),
        "filters": filters,
        "choices": overview_page.choices(state, filters),
        "show_options": overview_page.show_options(filters, request.GET.dict()) if user.is_mapo else [],
    }

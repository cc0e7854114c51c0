"""The overview: the state of the whole cycle on one page, today or on a past day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import person_of
from accounts.acting import request_time
from accounts.clearance import Clearance
from accounts.models import User
from audit.clock import end_of_day, local_date
from overview.queries import needs, saved_filters
from overview.queries.ahead import days_ahead, latest_decisions
from overview.queries.filters import OverviewFilters, choices, narrowed, show_options
from overview.queries.marks import MarkedState, marked, marks_for
from overview.queries.matching import matching_assignments
from overview.queries.matrix import legend, matrix, order_options
from overview.queries.progress_chart import progress_chart
from overview.queries.status_counts import asked_since, counts
from overview.queries.trend import PastOverview, read_past_overview, trend_of_cycle
from recommendations.context import cycle_query, in_cycle, page_context, page_cycle
from recommendations.extensions import ItemPanel, LinkingPage, days_off, links_on, panels_on_overview
from recommendations.models import Cycle
from recommendations.models.cycle import in_reading_language
from recommendations.queries.comments import unseen_mentions
from recommendations.queries.cycle_state import CycleState, state_of_cycle
from recommendations.queries.window_clock import WindowClock
from ui.days import asked_day, day_context, not_recorded
from ui.query_state import QueryState


@dataclass(frozen=True)
class ShownOverview:
    """The state that the page shows. `day` is the past day asked for, None for today; `on` is the day either way.

    `refused` says why another day is shown than the one asked for; empty otherwise.
    """

    cycle: Cycle
    state: CycleState
    today: date
    day: date | None
    refused: str

    @property
    def on(self) -> date:
        return self.day or self.today


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show counts, progress, what needs the reader, and all items with their agencies.

    The query string holds `day` (a past day to show), `since` (the earlier day with which counts are compared) and
    the filters.
    """
    cycle = page_cycle(request)
    if cycle is None:
        return render(request, "overview/empty.html", {"heading": _("Overview")})
    return render(request, "overview/overview.html", _context(request, _shown(request, cycle)))


def _shown(request: HttpRequest, cycle: Cycle) -> ShownOverview:
    today = local_date(request_time(request))
    day, refused = asked_day(request.GET.get("day", ""), today=today)
    user = person_of(request)
    state = state_of_cycle(cycle, user=user, before=end_of_day(day) if day else None)
    if day and state.dates is None:
        refused = not_recorded(day)
        day, state = None, state_of_cycle(cycle, user=user)
    return ShownOverview(cycle, state, today, day, refused)


def _context(request: HttpRequest, shown: ShownOverview) -> dict[str, Any]:
    user, seen = person_of(request), marked(shown.state, on=shown.on)
    trend = trend_of_cycle(shown.cycle)
    past = read_past_overview(trend, on=shown.on)
    filters, refused_filters = OverviewFilters.read(request.GET, marked=seen, user=user)
    left = narrowed(seen, filters.of_figures())
    past_left = past
    if left is not seen:
        ids = {row.item_id for row in left.state.items}
        past_left = read_past_overview(trend.of_items(ids), on=shown.on)
    since, kept_since, refused_since = asked_since(
        request.GET.get("since", ""), on=shown.on, first=past.first
    )
    asked = {"cycle": cycle_query(request).removeprefix("cycle="), "since": kept_since, **filters.as_query()}
    place = QueryState({"day": shown.day.isoformat() if shown.day else "", **asked})
    kept = saved_filters.saved_filter_links(user, place=place, filters=filters)
    return {
        "refusals": [text for text in (shown.refused, refused_since, refused_filters) if text],
        "cycle_strip": None,  # the large clock says the same
        "now": request_time(request),
        "sees_marks": bool(marks_for(user)),
        "classification": (Clearance.RESTRICTED if marks_for(user) else Clearance.OPEN).label,
        "place": place,
        "ways": links_on(LinkingPage.OVERVIEW, place.asked),
        **day_context(place, day=shown.day, today=shown.today, first=past.first),
        "governed": filters.of_figures().words(),
        "left_count": len(left.state.items),
        **_state_context(shown, left, past_left, place=place, since=since),
        **_matrix_context(request, shown, seen, filters, place=place),
        "panels": _panels(shown, user) if left is seen else [],
        **_needs_context(request, shown, left, seen, place=place),
        "kept": kept,
        "is_kept": any(view.is_current for view in kept),
    }


def _panels(shown: ShownOverview, user: User) -> list[ItemPanel]:
    """Return what other apps show of the whole cycle."""
    dates = shown.state.dates or shown.cycle
    before = end_of_day(shown.day) if shown.day else None
    return panels_on_overview(shown.cycle, (dates.window_start, dates.window_end), user=user, before=before)


def _state_context(
    shown: ShownOverview, left: MarkedState, past: PastOverview, *, place: QueryState, since: date | None
) -> dict[str, Any]:
    off = days_off(before=end_of_day(shown.day) if shown.day else None)
    clock = WindowClock(shown.state.dates or shown.cycle, shown.on, off)
    return {
        "cycle": shown.cycle,
        "submission_source": in_reading_language(shown.state.dates or shown.cycle, "submission_source"),
        "clock": clock.dial(is_past=shown.day is not None),
        "counts": counts(left, place=place, past=past, since=since),
        "since": since,
        "since_fields": place.fields("since"),
        "latest_since": shown.on - timedelta(days=1),
        "course": progress_chart(past, clock),
        "decisions": latest_decisions(left),
    }


def _matrix_context(
    request: HttpRequest,
    shown: ShownOverview,
    seen: MarkedState,
    filters: OverviewFilters,
    *,
    place: QueryState,
) -> dict[str, Any]:
    user = person_of(request)
    may_act = user.is_mapo and shown.day is None and not shown.cycle.is_closed
    link = partial(in_cycle, request) if may_act else None
    return {
        "filters": filters,
        "filter_fields": place.fields("text", "kind", "status", "agency", "pillar"),
        "clear_url": place.url("matrix", text="", kind="", status="", agency="", pillar="", show=""),
        "choices": choices(seen, filters),
        "show_options": show_options(filters, marked=seen, place=place),
        "order_options": order_options(filters, place=place, user=user),
        "found": matching_assignments(filters, marked=seen, place=place, link=link),
        "may_act": may_act,
        "matrix": matrix(seen, filters, place=place, user=user),
        "legend": legend(seen),
    }


def _needs_context(
    request: HttpRequest,
    shown: ShownOverview,
    left: MarkedState,
    seen: MarkedState,
    *,
    place: QueryState,
) -> dict[str, Any]:
    """Return what needs the reader today: nothing on a past day, nor for an agency in a closed cycle.

    `left` is of what the filters leave of `seen`.
    """
    user, is_closed = person_of(request), shown.cycle.is_closed
    has_needs = shown.day is None and (user.is_mapo or (user.is_agency_actor and not is_closed))
    if not has_needs:
        return {"has_needs": False, "needs": [], "mentions": []}
    ahead = [] if is_closed else days_ahead(left, cycle=shown.cycle, user=user)
    if user.is_agency_actor:
        mentions_count = len(unseen_mentions(user))
        lines = needs.needs_of_agency(left, whole=seen, user=user, mentions_count=mentions_count, place=place)
        return {"has_needs": True, "needs": lines, "mentions": [], "days_ahead": ahead}
    around = page_context(request)
    workload = needs.read_workload(shown.cycle, user=user, waiting_by_cycle=around.waiting_by_cycle)
    mentions = unseen_mentions(user) if workload.is_mentioned else []
    lines = needs.needs_of_mapo(
        left,
        workload,
        whole=seen,
        mentions_count=len(mentions),
        place=place,
        link=partial(in_cycle, request),
        is_closed=is_closed,
    )
    return {
        "has_needs": True,
        "needs": lines,
        "mentions": mentions,
        "waiting_count": around.waiting_count,
        "days_ahead": ahead,
    }

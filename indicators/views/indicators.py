"""The page of an indicator."""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.access import person_of
from accounts.acting import request_time
from accounts.models import User
from indicators.permissions import class_of_page, may_read_small_cells
from indicators.queries.checks import judge_cycle
from indicators.queries.counted import CountedIndicator
from indicators.queries.indicator_figures import (
    IndicatorFigures,
    Revision,
    items_by_key,
    read_indicator_figures,
)
from indicators.queries.pace import TargetPanel, find_target, panel_of
from indicators.queries.reasons import reasons_above
from indicators.queries.remembered import RegisterReading
from indicators.states import PeriodKind
from indicators.views.days import CountedOnDay, counted_on_day
from recommendations.context import cycle_query, page_cycle
from recommendations.models import Cycle
from ui.query_state import QueryState, read_text


class _Figures(NamedTuple):
    """The figures of an indicator as HTML, whether some are hidden from the reader, and what was revised.

    Revisions are drawn anew each time: their reasons are bounded by the class that evidence has now.
    """

    html: SafeString
    has_hidden: bool
    revisions: Sequence[Revision]


@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """Show an indicator's figures by one kind of period (`?by=`), its definition and its past; `?day=` a past day."""
    reading = RegisterReading()
    asked = counted_on_day(request, partial(reading.counted, code=code))
    if not asked.definitions:
        raise Http404
    by = read_text(request.GET, "by")
    kind = by if by in PeriodKind.values else ""
    person, cycle, definition = person_of(request), page_cycle(request), asked.definitions[0]
    kept = {"cycle": cycle_query(request).removeprefix("cycle="), "by": kind}
    place = asked.place(kept)

    def make() -> _Figures:
        judged = partial(judge_cycle, user=person, before=asked.before, indicator_id=definition.indicator_id)
        shown = read_indicator_figures(
            definition,
            found=judged(cycle) if cycle else None,
            user=person,
            kind=kind,
            before=asked.before,
        )
        context = {
            "page": shown,
            "definition": definition,
            "kinds": _kinds(shown, place),
            "day": asked.day,
            "reads_reports": may_read_small_cells(person, definition.agency_id),
        }
        html = render_to_string("indicators/indicator/figures.html", context)
        return _Figures(html, shown.has_hidden, shown.revisions)

    key = ("indicator", code, cycle and cycle.pk, asked.day, *kept.values())
    page = reading.remembered(key, make, user=person)
    panel = _target_panel(reading, definition, cycle, asked, person) if cycle else None
    context = {
        "page": page,
        "definition": definition,
        "unread": reasons_above(
            person,
            [each.figure.figure_id for each in page.revisions if each.reason and each.has_evidence],
        ),
        "items": items_by_key(definition.item_ids, user=person),
        "target_panel": panel,
        **asked.context(kept),
        "now": request_time(request),
        "classification": class_of_page(person, (each.agency_id for each in asked.definitions)).label,
    }
    return render(request, "indicators/indicator.html", context)


def _kinds(page: IndicatorFigures, place: QueryState) -> list[dict[str, Any]]:
    """Return the links to the kinds of periods that have figures; none where there is one alone."""
    if len(page.kinds) < 2:
        return []
    return [
        {"url": place.url(by=kind.value), "label": kind.label, "is_current": kind.value == page.kind}
        for kind in page.kinds
    ]


def _target_panel(
    reading: RegisterReading, definition: CountedIndicator, cycle: Cycle, asked: CountedOnDay, person: User
) -> TargetPanel:
    """Return what the person may read of the indicator's target. The pace is of today, so it is not remembered."""
    of_day: dict[str, Any] = {
        "person": person,
        "day": asked.day or asked.today,
        "is_past": asked.day is not None,
    }
    find = partial(find_target, definition.code, cycle, **of_day)
    held = reading.remembered(("target", definition.code, cycle.pk, asked.day), find, user=person)
    return panel_of(held, definition, cycle, **of_day)

"""What contradicts in a cycle's figures: the list, one check, and MAPO's words on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import find_or_refuse, mapo_only, person_of
from accounts.acting import attempt, posted, request_time, say_and_go
from audit.clock import end_of_day, local_date
from audit.errors import Stale
from indicators.forms.explanation import ExplanationForm, WithdrawalForm
from indicators.models import Check, CheckExplanation, Source
from indicators.permissions import class_of_page
from indicators.queries.contradictions import (
    EXPLAINED,
    ContradictionFilters,
    JudgedRow,
    read_check,
    read_contradictions,
)
from indicators.queries.remembered import RegisterReading
from indicators.services.explanations import explain_check, withdraw_explanation
from indicators.states import CheckOutcome
from recommendations.context import cycle_query, page_cycle, set_page_cycle
from recommendations.models import Cycle
from recommendations.views.loading import closed_page
from ui.days import asked_day, day_context
from ui.query_state import QueryState
from ui.typed_days import day_or_none


@dataclass(frozen=True)
class _AskedDay:
    """The past day that an address asks for, None for today; `refused` says why another is shown."""

    day: date | None
    today: date
    refused: str

    @property
    def before(self) -> datetime | None:
        return end_of_day(self.day) if self.day else None


@require_safe
def contradictions(request: HttpRequest) -> HttpResponse:
    """List by table what contradicts or cannot be judged; `?day=` shows a past day, filters stand in the address."""
    cycle = page_cycle(request)
    if cycle is None:
        return render(request, "overview/empty.html", {"heading": _("Contradictions")})
    asked, filters = _asked_day(request), ContradictionFilters.read(request.GET)
    found = RegisterReading().judged(cycle, user=person_of(request), before=asked.before)
    page = read_contradictions(found, filters=filters)
    place = _place(request, asked, table=filters.table, outcome=filters.outcome, explained=filters.explained)
    context = {
        "page": page,
        "filters": filters,
        "filter_fields": place.fields("table", "outcome", "explained"),
        "clear_url": place.url(table="", outcome="", explained=""),
        "holding_url": place.url(outcome=CheckOutcome.HOLDS.value, explained=""),
        "outcomes": CheckOutcome.choices,
        "explained": EXPLAINED,
        **_around(request, cycle, asked, place),
    }
    return render(request, "indicators/contradictions.html", context)


@require_safe
def check(request: HttpRequest, check_id: int) -> HttpResponse:
    """Show one check: what it finds for each period, its numbers, and all that MAPO has said of it."""
    found, asked = _loaded(request, check_id), _asked_day(request)
    context = {
        "page": read_check(found, user=person_of(request), before=asked.before),
        **_around(request, found.source.cycle, asked, _place(request, asked)),
    }
    return render(request, "indicators/check.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def check_explain(request: HttpRequest, check_id: int) -> HttpResponseBase:
    """Explain what a check found for the period that the address names, or replace the explanation."""
    found = _loaded(request, check_id)
    row = _row_to_explain(request, found)
    if request.method != "POST" and found.source.cycle.is_closed:
        return closed_page(request)
    return _act_on_words(
        request,
        (found, row),
        form_class=ExplanationForm,
        act=explain_check,
        done=_("The explanation now appears beside the figures."),
        template="indicators/explain.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def check_withdraw(request: HttpRequest, check_id: int) -> HttpResponseBase:
    """Withdraw the explanation that stands beside one period of a check; past days keep it."""
    found = _loaded(request, check_id)
    row = _row_to_explain(request, found)
    if row.found.explanation is None and request.method != "POST":
        raise Http404
    if request.method != "POST" and found.source.cycle.is_closed:
        return closed_page(request)
    return _act_on_words(
        request,
        (found, row),
        form_class=WithdrawalForm,
        act=withdraw_explanation,
        done=_("The explanation was withdrawn."),
        template="indicators/withdraw.html",
    )


def _act_on_words(
    request: HttpRequest,
    judged: tuple[Check, JudgedRow],
    *,
    form_class: type[ExplanationForm | WithdrawalForm],
    act: Callable[..., CheckExplanation],
    done: str,
    template: str,
) -> HttpResponseBase:
    """Show a page with a form about the words beside a check, or do what it asks.

    Where other words stand than the person saw, the page shows them, with what was typed.
    """
    found, row = judged
    given, (begins_on, _ends_on) = row.found.explanation, row.found.days
    back_url = f"{reverse('indicators:check', args=[found.pk])}#{row.anchor}"
    key = f"{found.pk}-{begins_on or ''}"
    form = form_class(posted(request), standing=given, key=key, cancel_url=back_url)
    outcome = attempt(request, partial(act, found, days=row.found.days), form=form)
    if outcome.is_done:
        return say_and_go(request, outcome.result, done=done, back_url=back_url)
    words, has_changed = given.text if given else "", isinstance(outcome.refusal, Stale)
    if isinstance(outcome.refusal, Stale):
        standing = outcome.refusal.current
        words = standing.text if standing else ""
        form.show_again(str(standing.pk) if standing else "")
    context = {
        "form": form,
        "row": row,
        "check": found,
        "words": words,
        "has_changed": has_changed,
        "back_url": back_url,
        "cycle": found.source.cycle,
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _loaded(request: HttpRequest, check_id: int) -> Check:
    """Return a check that the person may see, with its source and cycle, or raise Http404."""
    found = find_or_refuse(request, Check.objects.visible_to(person_of(request)).with_source(), pk=check_id)
    set_page_cycle(request, found.source.cycle)
    return found


def _row_to_explain(request: HttpRequest, found: Check) -> JudgedRow:
    """Return what the check found for the period of the address; 404 where that is nothing, or holds."""
    days = tuple(day_or_none(request.GET.get(name, "")) for name in ("begins", "ends"))
    rows = read_check(found, user=person_of(request)).rows
    row = next((row for row in rows if row.found.days == days and not row.found.holds), None)
    if row is None:
        raise Http404
    return row


def _asked_day(request: HttpRequest) -> _AskedDay:
    today = local_date(request_time(request))
    day, refused = asked_day(request.GET.get("day", ""), today=today)
    return _AskedDay(day, today, refused)


def _place(request: HttpRequest, asked: _AskedDay, **filters: str) -> QueryState:
    year = cycle_query(request).removeprefix("cycle=")
    return QueryState({"day": asked.day.isoformat() if asked.day else "", "cycle": year, **filters})


def _around(request: HttpRequest, cycle: Cycle, asked: _AskedDay, place: QueryState) -> dict[str, Any]:
    """Return what the list and the page of a check share."""
    person = person_of(request)
    loaded = Source.objects.filter(cycle=cycle).order_by("loaded_at").values_list("loaded_at", flat=True)
    first = loaded.first()
    return {
        "cycle": cycle,
        "refused_day": asked.refused,
        "may_explain": person.is_mapo and asked.day is None and not cycle.is_closed,
        "now": request_time(request),
        "classification": class_of_page(person, [person.agency_id]).label,
        **day_context(place, day=asked.day, today=asked.today, first=local_date(first) if first else None),
    }

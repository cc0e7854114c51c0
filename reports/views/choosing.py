"""Choosing what a summary holds. The choice lives in the address; the page shows at once what it finds."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.access import person_of
from accounts.acting import request_time
from audit.clock import local_date
from recommendations.context import cycle_query, page_context, page_cycle
from recommendations.models import Cycle
from reports.errors import EmptySelection
from reports.forms.selection import SelectionForm
from reports.queries.chooser import Asked, Choices, day_words, is_begun, read_asked, shortcuts
from reports.queries.kept_selections import kept_selections
from reports.queries.papers import more_ways, usual_ways
from reports.queries.preview import read_preview
from reports.summary.selection import Selection
from reports.summary.statement import selection_words


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The form of a selection, what it will hold, the papers it can be made as, and the selections that are kept."""
    cycle = page_cycle(request)
    if cycle is None or not is_begun(cycle, today=local_date(request_time(request))):
        return render(request, "reports/choose/empty.html", {"cycle": cycle})
    asked = read_asked(
        request.GET, cycle=cycle, today=local_date(request_time(request)), user=person_of(request)
    )
    context = {**_form_context(request, asked, cycle), **_found_context(request, asked, cycle)}
    return render(request, "reports/choose/choose.html", context)


def _form_context(request: HttpRequest, asked: Asked, cycle: Cycle) -> dict[str, Any]:
    user, today = person_of(request), local_date(request_time(request))
    choices = Choices.of(cycle, user=user)
    return {
        "asked": asked,
        "choices": choices,
        "form": SelectionForm(asked, choices=choices, cycles=list(page_context(request).cycles)),
        "shortcuts": shortcuts(asked, cycle=cycle, today=today),
        "earliest": cycle.window_start,
        "today": today,
        "clear_url": f"{reverse('reports:choose')}?{urlencode(asked.cleared_query)}",
        "kept": kept_selections(user, shown=asked.shown, cycle_query=cycle_query(request)),
        "address": urlencode({name: value for name, value in asked.shown.items() if value}),
    }


def _found_context(request: HttpRequest, asked: Asked, cycle: Cycle) -> dict[str, Any]:
    """What is found, and how it can be made; neither where nothing is."""
    user, selection = person_of(request), asked.selection
    context: dict[str, Any] = {
        "preview": None,
        "nothing": "",
        "day_words": "",
        "usual_ways": usual_ways(user),
        "more_ways": more_ways(user),
        "fields": [],
        "fields_but_since": [],
    }
    if selection is None:
        return context
    try:
        context["preview"] = read_preview(selection, cycle=cycle, reader=user)
    except EmptySelection as error:
        return {**context, "nothing": str(error)}
    return {**context, **_selection_context(selection, today=local_date(request_time(request)))}


def _selection_context(selection: Selection, *, today: date) -> dict[str, Any]:
    fields = list(selection.as_query().items())
    return {
        "selection": selection,
        "words": selection_words(selection),
        "day_words": day_words(selection, today=today),
        "fields": fields,
        "fields_but_since": [(name, value) for name, value in fields if name != "since"],
    }

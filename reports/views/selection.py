"""Choosing what a summary holds. The selection lives in the address; the page previews at once what it finds."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import person_of
from accounts.acting import request_time
from audit.clock import local_date
from recommendations.context import cycle_query, page_context, page_cycle
from recommendations.models import Cycle
from reports.errors import EmptySelection
from reports.forms.selection import SelectionForm
from reports.queries.preview import read_preview
from reports.queries.selection_page import (
    day_shortcuts,
    day_words,
    format_choices,
    saved_selections,
)
from reports.summary.selection import MEETING_DAYS, AskedSelection, default_day, read_asked
from reports.summary.statement import selection_words


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Show the form of a selection, a preview, the formats it can be made as, and the saved selections."""
    cycle, today = page_cycle(request), local_date(request_time(request))
    if cycle is None or cycle.window_start > default_day(cycle, today=today):
        return render(request, "reports/choose/empty.html", {"cycle": cycle})
    asked = read_asked(request.GET, cycle=cycle, today=today, user=person_of(request))
    context = _form_context(request, asked, cycle) | _preview_context(request, asked, cycle)
    return render(request, "reports/choose/choose.html", context)


def _form_context(request: HttpRequest, asked: AskedSelection, cycle: Cycle) -> dict[str, Any]:
    """Return what the form and the saved selections show."""
    user, today = person_of(request), local_date(request_time(request))
    return {
        "asked": asked,
        "form": SelectionForm(asked, cycle=cycle, cycles=page_context(request).cycles, user=user),
        "shortcuts": day_shortcuts(asked, cycle=cycle, today=today),
        "earliest": cycle.window_start,
        "today": today,
        "clear_url": f"{reverse('reports:choose')}?{urlencode(asked.cleared_query)}",
        "kept": saved_selections(user, shown=asked.shown, cycle_query=cycle_query(request)),
        "address": urlencode({name: value for name, value in asked.shown.items() if value}),
    }


def _preview_context(request: HttpRequest, asked: AskedSelection, cycle: Cycle) -> dict[str, Any]:
    """Return the formats, and of a selection that finds something its preview and its fields."""
    user, selection = person_of(request), asked.selection
    formats: dict[str, Any] = format_choices(user) | {
        "since_hint": _("What was decided after that day. Left empty: the last %(count)s days.")
        % {"count": MEETING_DAYS},
    }
    empty: dict[str, Any] = {"preview": None, "nothing": "", "day_words": "", "fields": []}
    if selection is None:
        return formats | empty
    try:
        preview = read_preview(selection, cycle=cycle, reader=user)
    except EmptySelection as error:
        return formats | empty | {"nothing": str(error)}
    return formats | {
        "preview": preview,
        "nothing": "",
        "selection": selection,
        "words": selection_words(selection),
        "day_words": day_words(selection, today=local_date(request_time(request))),
        "fields": list(selection.as_query().items()),
    }

"""MAPO's pages of what is counted: the list of indicators, one with its past, and administrators' forms."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import administrators_only, mapo_only, person_of
from accounts.acting import act_by_form, posted, request_time
from audit.clock import local_date
from indicators.definition import NO_DEFINITION
from indicators.forms.definition import DefinitionForm, NewIndicatorForm
from indicators.models import Indicator
from indicators.permissions import may_define_indicators, may_revise_figures
from indicators.queries.definitions import (
    IN_USE,
    NOT_IN_USE,
    IndicatorFilters,
    read_indicator_page,
    read_indicators,
)
from indicators.queries.pace import read_target_panel
from indicators.queries.reasons import reasons_above
from indicators.services.definitions import add_indicator, change_indicator, definition_of
from indicators.views.loading import keep_url, loaded_indicator
from recommendations.context import in_cycle, page_cycle
from recommendations.states import Pillar

_USED = [(IN_USE, gettext_lazy("In use")), (NOT_IN_USE, gettext_lazy("Not in use"))]


@require_safe
@mapo_only
def indicators(request: HttpRequest) -> HttpResponse:
    """List the indicators with their targets in the page's cycle, filtered by the address."""
    person, filters = person_of(request), IndicatorFilters.read(request.GET)
    page = read_indicators(filters, person=person, cycle=page_cycle(request))
    context = {
        "page": page,
        "lines": [(line, keep_url(request, line.indicator.code)) for line in page.lines],
        "filters": filters,
        "pillars": Pillar.choices,
        "agencies": [(code, code) for code in page.agencies],
        "used": _USED,
        "list_url": in_cycle(request, reverse("indicators:indicators")),
        "may_define": may_define_indicators(person),
    }
    return render(request, "indicators/keep/list.html", context)


@require_safe
@mapo_only
def indicator_keep(request: HttpRequest, code: str) -> HttpResponse:
    """Show an indicator as MAPO keeps it: its definition, its targets, and what was changed."""
    found, cycle, person = loaded_indicator(request, code), page_cycle(request), person_of(request)
    today = local_date(request_time(request))
    panel = read_target_panel(found, cycle, person=person, day=today) if cycle else None
    page = read_indicator_page(found, cycle)
    context = {
        "page": page,
        "unread": reasons_above(person, [figure.pk for figure, _words in page.figures if figure.reason]),
        "cycle": cycle,
        "target_panel": panel,
        "change_url": in_cycle(request, reverse("indicators:indicator_change", args=[code])),
        "may_define": may_define_indicators(person),
        "may_revise": may_revise_figures(person, found) and not (cycle and cycle.is_closed),
    }
    return render(request, "indicators/keep/indicator.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def indicator_add(request: HttpRequest) -> HttpResponseBase:
    """Add an indicator, with a reason."""
    back_url = in_cycle(request, reverse("indicators:indicators"))
    form = NewIndicatorForm(posted(request), held=NO_DEFINITION, cancel_url=back_url)
    return act_by_form(
        request,
        form,
        act=add_indicator,
        done=_("The indicator was added."),
        back_url=lambda added: keep_url(request, added.code),
        template="indicators/keep/form.html",
        context=_form_context(None, _("Add an indicator"), back_url),
        error_status=422,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def indicator_change(request: HttpRequest, code: str) -> HttpResponseBase:
    """Change what is counted, with a reason; what it was stays in the past of the indicator."""
    found, back_url = loaded_indicator(request, code), keep_url(request, code)
    form = DefinitionForm(posted(request), held=definition_of(found), cancel_url=back_url)
    return act_by_form(
        request,
        form,
        act=partial(change_indicator, found),
        done=lambda is_changed: _("The indicator was changed.") if is_changed else _("Nothing was changed."),
        back_url=back_url,
        template="indicators/keep/form.html",
        context=_form_context(found, _("Change the indicator"), back_url),
        error_status=422,
    )


def _form_context(indicator: Indicator | None, title: str, back_url: str) -> dict[str, Any]:
    return {"indicator": indicator, "title": title, "back_url": back_url, "kicker": None, "figure": None}

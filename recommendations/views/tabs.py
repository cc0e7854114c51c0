"""The tabs of MAPO's page of assignments."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import person_of
from recommendations.context import in_cycle, page_cycle
from recommendations.models import Cycle
from recommendations.queries.assignments_page import counts_of

SUGGESTED, CONFIRMED, REQUESTS = "suggested", "confirmed", "requests"


def loaded_cycle(request: HttpRequest) -> Cycle:
    """The cycle that pages speak of; 404 before any is loaded."""
    cycle = page_cycle(request)
    if cycle is None:
        raise Http404
    return cycle


def show_tab(
    request: HttpRequest, cycle: Cycle, tab: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """One tab of the page, with the counts on all."""
    around = {
        "tabs": _tabs(request, cycle, tab),
        "cycle": cycle,
        "takes_changes": not cycle.is_closed,
        "refused": "",
        **context,
    }
    return render(request, f"recommendations/assignments/{tab}.html", around, status=status)


def tab_url(request: HttpRequest, tab: str) -> str:
    """The address of a tab, for the cycle that the page speaks of."""
    base = reverse("recommendations:assignments")
    return in_cycle(request, base if tab == SUGGESTED else f"{base}?tab={tab}")


def _tabs(request: HttpRequest, cycle: Cycle, current: str) -> list[dict[str, Any]]:
    counts = counts_of(cycle)
    tabs = [
        (SUGGESTED, tab_url(request, SUGGESTED), _("Suggested"), counts.suggested_items),
        (CONFIRMED, tab_url(request, CONFIRMED), _("Confirmed"), counts.confirmed),
        (REQUESTS, tab_url(request, REQUESTS), _("Requests"), counts.requests),
    ]
    if person_of(request).is_administrator:
        tabs.append(
            (
                "agencies",
                in_cycle(request, reverse("accounts:agencies")),
                _("Agencies and people"),
                counts.agencies,
            )
        )
    return [
        {"url": url, "label": label, "count": count, "is_current": name == current}
        for name, url, label, count in tabs
    ]

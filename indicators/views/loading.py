"""Load an indicator, and where MAPO's page of it is."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from accounts.access import person_of
from indicators.models import Indicator
from recommendations.context import in_cycle


def loaded_indicator(request: HttpRequest, code: str) -> Indicator:
    """Return an indicator that the person may see, or raise Http404."""
    known = Indicator.objects.visible_to(person_of(request)).select_related("agency")
    return get_object_or_404(known, code=code)


def keep_url(request: HttpRequest, code: str) -> str:
    """Return the address of MAPO's page of an indicator, for the cycle of the present page."""
    return in_cycle(request, reverse("indicators:indicator_keep", args=[code]))

"""Choosing what a summary holds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The page on which a selection is made, with what it finds."""
    return render(request, "reports/choose.html")

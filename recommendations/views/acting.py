"""What acts have in common: they come by POST, and some can be undone from the toast."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods


def by_post(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """An act. Whoever arrives by GET, having signed in again on the way, is led to where their day begins."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return redirect("recommendations:home")
        return view(request, *args, **kwargs)

    return require_http_methods(["GET", "HEAD", "POST"])(guarded)


def undo_by(view_name: str, pk: int) -> str:
    """The tag that puts an undo button, which posts to this view, into a toast."""
    return f"undo:{reverse(view_name, args=[pk])}"

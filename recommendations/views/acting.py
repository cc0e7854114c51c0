"""What acts have in common: they come by POST, from somebody, at an instant; some can be undone from the toast."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import person_of
from recommendations.context import instant_of


def by_post(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """An act. Whoever arrives by GET, having signed in again on the way, is led to where their day begins."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return redirect("recommendations:home")
        return view(request, *args, **kwargs)

    return require_http_methods(["GET", "HEAD", "POST"])(guarded)


def acting(request: HttpRequest) -> dict[str, Any]:
    """Who acts, and when, as every service asks it."""
    return {"actor": person_of(request), "now": instant_of(request)}


def posted(request: HttpRequest) -> QueryDict | None:
    """What binds a form: the posted fields, however few; None on a GET."""
    return request.POST if request.method == "POST" else None


def undo_by(view_name: str, pk: int) -> str:
    """The tag that puts an undo button, which posts to this view, into a toast."""
    return f"undo:{reverse(view_name, args=[pk])}"

"""A page that asks for something in a form, then the act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import person_of
from audit import clock
from audit.errors import DomainError


def act_by_form(
    request: HttpRequest,
    form: forms.BaseForm,
    *,
    act: Callable[..., object],
    done: str,
    back_url: str,
    template: str,
    context: Mapping[str, object],
    error_field: str | None = None,
) -> HttpResponseBase:
    """Do what a valid form asks for, say so and go back; else show the page, with what was refused in the form.

    `act` takes the form's values by name, and `actor` and `now`. A refusal stands at the field that it names, else
    at `error_field`, or above all.
    """
    if form.is_valid():
        try:
            act(**form.cleaned_data, actor=person_of(request), now=clock.now())
        except DomainError as error:
            form.add_error(getattr(error, "field", "") or error_field, str(error))
        else:
            messages.success(request, done)
            return redirect(back_url)
    return render(request, template, {"form": form, **context})


def request_time(request: HttpRequest) -> datetime:
    """Return the present instant, the same throughout a request (one query in a demonstration, once)."""
    known: datetime | None = getattr(request, "_time", None)
    if known is None:
        known = clock.now()
        setattr(request, "_time", known)  # noqa: B010 - HttpRequest declares no such attribute
    return known


def post_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """An act. Whoever arrives by GET, having signed in again on the way, is led to where their day begins."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return redirect(settings.LOGIN_REDIRECT_URL)
        return view(request, *args, **kwargs)

    return require_http_methods(["GET", "HEAD", "POST"])(guarded)


def acting(request: HttpRequest) -> dict[str, Any]:
    """Who acts, and when, as every service asks it."""
    return {"actor": person_of(request), "now": request_time(request)}


def posted(request: HttpRequest) -> QueryDict | None:
    """What binds a form: the posted fields, however few; None on a GET."""
    return request.POST if request.method == "POST" else None


def undo_by(view_name: str, pk: int) -> str:
    """The tag that puts an undo button, which posts to this view, into a toast."""
    return f"undo:{reverse(view_name, args=[pk])}"

"""A page that asks for something in a form, then the act."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

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

"""A page with one short form about an assignment, then the act."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponseBase

from accounts.acting import act_by_form
from recommendations.models import Assignment
from recommendations.views.refusals import closed_page


def assignment_form_page(
    request: HttpRequest,
    form: forms.Form,
    *,
    act: Callable[..., object],
    done: str,
    back_url: str,
    title: str,
    assignment: Assignment,
    note: str = "",
    error_field: str | None = None,
) -> HttpResponseBase:
    """Do what the form asks for, or show it under its item; `note` says what it is about. See `act_by_form`.

    A closed cycle offers no form.
    """
    if assignment.cycle.is_closed and not form.is_bound:
        return closed_page(request)
    return act_by_form(
        request,
        form,
        act=act,
        done=done,
        back_url=back_url,
        template="recommendations/simple_form.html",
        context={"title": title, "assignment": assignment, "note": note},
        error_field=error_field,
    )

"""A page with one short form about an assignment."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from audit.errors import NotNow
from recommendations.models import Assignment
from recommendations.services.base import CYCLE_CLOSED
from recommendations.views.refusing import refused_page


def form_page(
    request: HttpRequest, form: forms.Form, *, title: str, assignment: Assignment, note: str = ""
) -> HttpResponse:
    """Show the form under its item; `note` says what it is about. A closed cycle offers none."""
    if assignment.cycle.is_closed and not form.is_bound:
        return refused_page(request, NotNow(CYCLE_CLOSED))
    context = {"form": form, "title": title, "assignment": assignment, "note": note}
    return render(request, "recommendations/simple_form.html", context)


def posted(request: HttpRequest) -> QueryDict | None:
    """What binds a form: the posted fields, however few; None on a GET."""
    return request.POST if request.method == "POST" else None

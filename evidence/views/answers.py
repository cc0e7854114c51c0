"""Answers for scripts and for people: the same act, told in the way that was asked for."""

from __future__ import annotations

from django.forms import Form
from django.http import HttpRequest, JsonResponse


def wants_json(request: HttpRequest) -> bool:
    """A script asks for JSON or for anything; a browser that opens a page asks for HTML."""
    return request.get_preferred_type(["application/json", "text/html"]) != "text/html"


def first_error(form: Form) -> str:
    """One sentence for a script: the first thing that is wrong."""
    return str(next(iter(form.errors.values()))[0])


def refusal(message: object, *, status: int = 422) -> JsonResponse:
    """A refusal that a script shows beside the file."""
    return JsonResponse({"error": str(message)}, status=status)

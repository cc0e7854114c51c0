"""Answers for scripts and for people: the same act, in the format that was asked for."""

from django.forms import Form
from django.http import HttpRequest, JsonResponse


def wants_json(request: HttpRequest) -> bool:
    """Return whether a script asks: for JSON or for anything, while a browser's page asks for HTML."""
    return request.get_preferred_type(["application/json", "text/html"]) != "text/html"


def first_error(form: Form) -> str:
    """Return one sentence for a script: the form's first error."""
    return str(next(iter(form.errors.values()))[0])


def refusal(message: object, *, status: int = 422) -> JsonResponse:
    """Return a refusal as JSON, which a script shows beside the file."""
    return JsonResponse({"error": str(message)}, status=status)

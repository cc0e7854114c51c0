"""Which addresses count as uploads, heavy requests and searches, and what somebody is told who asks for too much.

Saving and sending what was typed is never limited. How much of the web's threads one person has is the server's matter
(`tracker.serving`).
"""

from collections.abc import Callable
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from accounts.access import person_of
from accounts.models import User
from accounts.quotas import (
    HEAVY,
    SEARCHES,
    UPLOADED_BYTES,
    UPLOADS,
    QuotaReached,
    record_reached,
    take,
)
from evidence.views.loading import refusal, wants_json

#: Addresses that receive a file.
UPLOAD_VIEWS = frozenset(
    {
        "accounts:invite_many",
        "cycles:cycle_prepare",
        "evidence:replace",
        "evidence:upload",
        "imports:opening_replace",
        "imports:openings",
        "indicators:workbook_upload",
        "reports:verify",
    }
)
#: Addresses that make or send something large, by the methods that do; a HEAD makes all that a GET does. Summaries count where
#: they are requested (`reports.services.requests`), so that a refused one counts for nothing.
HEAVY_VIEWS = {
    "audit:export": "POST",
    "imports:opening_template": "GET",
    "indicators:figure_template": "GET",
    "reports:file": "GET",
    "reports:verify": "POST",
}
#: Addresses that search for what stands in their parameter `q`.
SEARCH_VIEWS = frozenset({"search:search", "search:suggestions"})


class HeavyRequestsMiddleware:
    """Refuse with 429 what is more than a quota, before the view does anything or where it raises QuotaReached.

    Stands after the sign-in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Return the refusal, or None when the view may answer."""
        match = request.resolver_match
        if match is None or not request.user.is_authenticated:
            return None
        refused = _refusal_of(request, match.view_name, person_of(request))
        return None if refused is None else _answer(request, refused)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the refusal of what a view counted by itself; what it had begun is rolled back."""
        if not isinstance(exception, QuotaReached):
            return None
        record_reached(person_of(request), exception)
        return _answer(request, exception)


def _refusal_of(request: HttpRequest, name: str, person: User) -> QuotaReached | None:
    """Count the request; return why the person must wait, or None."""
    refused = None
    if name in UPLOAD_VIEWS and request.method == "POST":
        size = int(request.META.get("CONTENT_LENGTH") or 0)
        refused = take(UPLOADS, person) or take(UPLOADED_BYTES, person, amount=size)
    elif name in SEARCH_VIEWS and request.GET.get("q"):
        refused = take(SEARCHES, person)
    method = "GET" if request.method == "HEAD" else request.method
    if refused is None and HEAVY_VIEWS.get(name) == method:
        refused = take(HEAVY, person)
    return refused


def _answer(request: HttpRequest, refused: QuotaReached) -> HttpResponse:
    """Say it as a page, or as JSON to a script."""
    if wants_json(request):
        response: HttpResponse = refusal(refused, status=429)
    else:
        is_post = request.method == "POST"
        context = {
            "message": str(refused),
            "is_post": is_post,
            "typed": _typed(request) if is_post else [],
            "had_files": request.content_type == "multipart/form-data",
            "url": request.get_full_path(),
        }
        response = render(request, "quota.html", context, status=429)
    response["Retry-After"] = str(refused.seconds)
    return response


class _ForgetFiles(FileUploadHandler):
    """Keeps nothing of the files that came with a refused request."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        raise SkipFile

    def receive_data_chunk(self, _raw_data: bytes, _start: int) -> None:
        """Never called: every file is skipped."""

    def file_complete(self, _file_size: int) -> UploadedFile | None:
        """Return nothing: every file is skipped."""


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the fields that were posted, without files, to send them again from the page of the refusal."""
    if not hasattr(request, "_files"):
        request.upload_handlers = [_ForgetFiles(request)]
    fields = request.POST.lists()
    return [(name, value) for name, values in fields for value in values if name != "csrfmiddlewaretoken"]

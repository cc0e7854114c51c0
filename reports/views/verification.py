"""Verifying a file: whether Jejak made it, of what, and whether its content is the same today. No byte is stored."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from accounts.access import person_of
from accounts.acting import attempt
from accounts.rate_limits import is_within_rate
from evidence.uploads import drain, is_over_limit
from reports.forms.verification import MAX_FILE_BYTES, HashingUploadHandler, VerifyForm
from reports.queries.verification_page import describe
from reports.services.verification import verify_file
from ui.numbers import file_size

#: A report with more rows is only read again by the command: a page would hold a thread of the web for seconds.
_MOST_ROWS = 20_000
#: Each verification reads all rows again.
_RATE = "12/m/user"
#: A browser that is still sending shows our refusal if this much more is read.
_DRAIN_BYTES = 64 * 1024 * 1024


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponseBase:
    """Show the form, and verify what is posted. Open to everybody who is signed in.

    The view is exempt from the middleware's CSRF check, which would read the file with the handler that stores it;
    `_verify` checks it once our own handler is in place.
    """
    if request.method != "POST":
        return _page(request)
    if not is_within_rate(request, app="reports", action="verify", rates=_RATE):
        return _refused(
            request, _("That was a lot of files in one minute. Wait a minute, then continue."), status=429
        )
    if is_over_limit(request, max_bytes=MAX_FILE_BYTES):
        words = _("The file is larger than %(limit)s. Compute its SHA-256 on your computer and paste that.")
        return _refused(request, words % {"limit": file_size(MAX_FILE_BYTES)}, status=422)
    request.upload_handlers = [HashingUploadHandler(request)]
    return _verify(request)


@csrf_protect
def _verify(request: HttpRequest) -> HttpResponseBase:
    """Verify the posted file or hash and return the page with the result."""
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    file = form.cleaned_data["file"]
    look_up = partial(verify_file, form.cleaned_data["sha256"], has_bytes=bool(file), most_rows=_MOST_ROWS)
    outcome = attempt(request, look_up)
    if outcome.refusal is not None:
        return _page(request, refused=str(outcome.refusal), status=409)
    told = describe(outcome.result, to=person_of(request))
    return _page(request, told=told, name=file.name if file else "")


def _refused(request: HttpRequest, words: str, *, status: int) -> HttpResponse:
    """Return the page with the reason for a refusal, after reading what the browser is still sending."""
    drain(request, max_bytes=_DRAIN_BYTES)
    return _page(request, refused=words, status=status)


def _page(
    request: HttpRequest, *, form: VerifyForm | None = None, status: int = 200, **shown: object
) -> HttpResponse:
    """Return the page with the form, an empty one by default, and what it shows besides."""
    return render(request, "reports/verify.html", {"form": form or VerifyForm(), **shown}, status=status)

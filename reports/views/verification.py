"""Verifying a file: whether Jejak made it, of what, and whether its content is the same today. No byte is stored."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import find_or_refuse, person_of
from accounts.acting import attempt
from accounts.rate_limits import is_within_rate
from evidence.uploads import drain, is_over_limit
from reports.forms.verification import MAX_FILE_BYTES, HashingUploadHandler, VerifyForm
from reports.models.comparison import Comparison
from reports.queries.report_page import read_progress
from reports.queries.verification_page import describe
from reports.services.verification import result_of, verify_or_begin
from reports.views.large_files import allow_large_files
from ui.methods import post_required
from ui.numbers import file_size

#: Each verification reads all rows again.
_A_MINUTE = 12
#: A browser that is still sending shows our refusal if this much more is read.
_DRAIN_BYTES = 64 * 1024 * 1024
#: Comparisons that the page lists.
_RECENT = 5


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponseBase:
    """Show the form, and verify what is posted. Open to everybody who is signed in.

    The view is exempt from the middleware's CSRF check, which would read the file with the handler that stores it;
    `_verify` checks it once our own handler is in place.
    """
    if request.method != "POST":
        return _page(request)
    if not is_within_rate("reports.verify", person_of(request).pk, most=_A_MINUTE):
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
    verify = partial(verify_or_begin, form.cleaned_data["sha256"], has_bytes=bool(file))
    outcome = attempt(request, verify)
    if outcome.refusal is not None:
        return _page(request, refused=str(outcome.refusal), status=409)
    if isinstance(outcome.result, Comparison):
        return redirect("reports:comparison", outcome.result.pk)
    told = describe(outcome.result, to=person_of(request))
    return _page(request, told=told, name=file.name if file else "")


@require_safe
def comparison(request: HttpRequest, comparison_id: int) -> HttpResponse:
    """Show how far the comparison of a report with many rows is, and what came of it."""
    found = _load(request, comparison_id)
    told = describe(result_of(found, actor=person_of(request)), to=person_of(request))
    context = {"comparison": found, "progress": read_progress(found), "told": told}
    return render(request, "reports/comparison.html", context)


@post_required
def comparison_looking(request: HttpRequest, comparison_id: int) -> JsonResponse:
    """Answer how far a comparison is: the open page asks this again and again."""
    return JsonResponse(read_progress(_load(request, comparison_id)))


vars(comparison_looking)["is_asked_by_pages"] = True


def _load(request: HttpRequest, comparison_id: int) -> Comparison:
    """Return this person's comparison; else raise Http404, recorded where it exists."""
    own = Comparison.objects.of(person_of(request)).select_related("report")
    return find_or_refuse(request, own, pk=comparison_id)


def _refused(request: HttpRequest, words: str, *, status: int) -> HttpResponse:
    """Return the page with the reason for a refusal, after reading what the browser is still sending."""
    drain(request, max_bytes=_DRAIN_BYTES)
    return _page(request, refused=words, status=status)


def _page(
    request: HttpRequest, *, form: VerifyForm | None = None, status: int = 200, **shown: object
) -> HttpResponse:
    """Return the page with the form, an empty one by default, and what it shows besides."""
    recent = Comparison.objects.of(person_of(request)).select_related("report")[:_RECENT]
    context = {"form": form or VerifyForm(), "recent": recent, "refused": "", "told": None, **shown}
    response = render(request, "reports/verify.html", context, status=status)
    allow_large_files(request, response)
    return response

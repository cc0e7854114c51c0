"""MAPO's one decision on an opening import."""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import mapo_only, person_of
from accounts.acting import add_refusal, attempt, posted, request_time, say_and_go
from audit.clock import local_date
from audit.errors import DomainError, NotAllowed
from audit.refusals import record_refusal
from imports.forms import OpeningReviewForm
from imports.queries import SentPage, read_sent
from imports.services.reviews import accept_opening, already_decided, return_opening
from imports.views.drafts import found_opening
from recommendations.models import OpeningImport
from recommendations.queries.queue import QueueRow, has_reviewer, next_to_decide, waiting_rows
from recommendations.states import Decision
from ui import dates


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def opening_review(request: HttpRequest, opening_id: int) -> HttpResponseBase:
    """Show the rows of a batch by item, with the verdicts before them, and take one decision for the whole."""
    batch = found_opening(request, opening_id)
    if batch.submitted_at is None:
        return redirect("imports:opening", batch.pk)
    page = read_sent(batch, user=person_of(request))
    form = None
    if batch.is_submitted:
        today = local_date(request_time(request))
        form = OpeningReviewForm(posted(request), opening=batch, today=today, summary=page.summary)
    if request.method != "POST":
        return _show(request, page, form)
    if form is None:
        taken_back = _("This import was withdrawn, so there is nothing to decide.")
        told = str(already_decided(batch)) if batch.decided_at is not None else taken_back
        return _show(request, page, None, told=told, status=409)
    if not form.is_valid():
        return _show(request, page, form, status=422)
    return _decide(request, page, form)


def _decide(request: HttpRequest, page: SentPage, form: OpeningReviewForm) -> HttpResponseBase:
    """Accept or return the batch as the valid form says, and go on to the next decision that waits."""
    values, words = form.cleaned_data, {"agency": form.agency_code, "summary": page.summary}
    if values["decision"] == Decision.RETURN:
        by = {"reason": values["return_reason"], "resubmit_by": values["resubmit_by"]}
        by["identities_reason"] = values["identities_reason"]
        outcome = attempt(request, partial(return_opening, page.opening, **by))
        done = _("Returned to %(agency)s: the opening import, %(summary)s.") % words
    else:
        outcome = attempt(request, partial(accept_opening, page.opening))
        done = _("Accepted: the opening import of %(agency)s, %(summary)s.") % words
    if outcome.refusal is not None:
        return _show_refused(request, page, form, outcome.refusal)
    following = next_to_decide(_queue(request))
    back_url = following.url if following else reverse("recommendations:queue")
    return say_and_go(request, outcome.result, done=done, back_url=back_url)


def _show_refused(
    request: HttpRequest, page: SentPage, form: OpeningReviewForm, refusal: DomainError
) -> HttpResponse:
    """Show why the decision was refused, and the import as it is now; a reason that was typed stays on the page."""
    batch = page.opening
    if isinstance(refusal, NotAllowed):
        record_refusal(request, batch, label=batch.label, agency_id=batch.agency_id)
        return _show(request, page, None, told=str(refusal), status=403)
    batch = found_opening(request, batch.pk)
    page = read_sent(batch, user=person_of(request))
    if batch.is_submitted:
        add_refusal(form, refusal)
        return _show(request, page, form, status=422)
    return _show(request, page, None, told=str(refusal), status=409)


def _queue(request: HttpRequest) -> list[QueueRow]:
    return waiting_rows(person_of(request), today=local_date(request_time(request)))


def _show(
    request: HttpRequest,
    page: SentPage,
    form: OpeningReviewForm | None,
    *,
    told: str = "",
    status: int = 200,
) -> HttpResponse:
    batch, rows = page.opening, _queue(request)
    row = next((each for each in rows if each.opening_id == batch.pk), None)
    is_typed = status == 409 and batch.decided_at is not None
    context = {
        "opening": batch,
        "page": page,
        "form": form if row and row.may_decide else None,
        "row": row,
        "has_reviewer": has_reviewer(row),
        "place": rows.index(row) + 1 if row else 0,
        "total": len(rows),
        "told": told,
        "told_words": _decision_words(batch) if is_typed else "",
        "typed": request.POST.get("return_reason", "").strip() if told else "",
    }
    return render(request, "imports/review.html", context, status=status)


def _decision_words(batch: OpeningImport) -> str:
    at = {"at": dates.day_time(batch.decided_at)}
    return (_("Returned, %(at)s.") if batch.reason else _("Accepted, %(at)s.")) % at

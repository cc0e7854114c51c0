"""MAPO's one decision on an opening import."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import mapo_only, person_of, record_refusal
from accounts.acting import acting, posted, request_time
from audit.clock import local_date
from audit.errors import DomainError, NotAllowed
from imports.errors import OpeningDecided
from imports.forms import OpeningReviewForm
from imports.queries import SentPage, read_sent
from imports.services.reviews import accept_opening, return_opening
from imports.views.drafts import found_opening
from recommendations.models import OpeningImport
from recommendations.queries.queue import QueueRow, next_to_decide, waiting_rows
from recommendations.states import Decision
from ui import dates


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def opening_review(request: HttpRequest, opening_id: int) -> HttpResponse:
    """All rows of a batch, item by item, beside the verdicts that stand, and one decision for the whole."""
    batch = found_opening(request, opening_id)
    if batch.submitted_at is None:
        return redirect("imports:opening", batch.pk)
    page = read_sent(batch, user=person_of(request))
    form = _form(request, page) if batch.is_submitted else None
    if request.method != "POST":
        return _show(request, page, form)
    if form is None:
        return _show(request, page, None, told=_meanwhile(batch), status=409)
    if not form.is_valid():
        return _show(request, page, form, status=422)
    return _decided(request, page, form)


def _form(request: HttpRequest, page: SentPage) -> OpeningReviewForm:
    today = local_date(request_time(request))
    return OpeningReviewForm(posted(request), opening=page.opening, today=today, summary=page.summary)


def _decided(request: HttpRequest, page: SentPage, form: OpeningReviewForm) -> HttpResponse:
    try:
        settled = _carry_out(request, page.opening, form.cleaned_data)
    except NotAllowed as refusal:
        batch = page.opening
        record_refusal(request, batch, label=batch.label, agency_id=batch.agency_id)
        return _show(request, page, None, told=str(refusal), status=403)
    except DomainError as refusal:
        return _refused(request, page.opening, form, refusal)
    words = {"agency": settled.agency.code, "summary": page.summary}
    accepted = _("Accepted: the opening import of %(agency)s, %(summary)s.") % words
    returned = _("Returned to %(agency)s: the opening import, %(summary)s.") % words
    messages.success(request, returned if form.cleaned_data["decision"] == Decision.RETURN else accepted)
    following = next_to_decide(_queue(request))
    return redirect(following.url if following else "recommendations:queue")


def _carry_out(request: HttpRequest, batch: OpeningImport, values: dict[str, Any]) -> OpeningImport:
    if values["decision"] == Decision.RETURN:
        return return_opening(
            batch, reason=values["return_reason"], resubmit_by=values["resubmit_by"], **acting(request)
        )
    return accept_opening(batch, **acting(request))


def _refused(
    request: HttpRequest, batch: OpeningImport, form: OpeningReviewForm, refusal: DomainError
) -> HttpResponse:
    """Say what happened meanwhile; a reason that was typed stays on the page."""
    batch = found_opening(request, batch.pk)
    page = read_sent(batch, user=person_of(request))
    if batch.is_submitted:
        form.add_error(None, str(refusal))
        return _show(request, page, form, status=422)
    return _show(request, page, None, told=str(refusal), status=409)


def _meanwhile(batch: OpeningImport) -> str:
    if batch.decided_at is not None:
        return str(OpeningDecided(batch))
    return _("This import was taken back, so there is nothing to decide.")


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
    row = next((each for each in rows if each.opening and each.opening.pk == batch.pk), None)
    is_typed = status == 409 and batch.decided_at is not None
    context = {
        "opening": batch,
        "page": page,
        "form": form if row and row.may_decide else None,
        "row": row,
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

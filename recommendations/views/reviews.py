"""MAPO decides: the queue, one update, and a correction of a verdict."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import mapo_only, person_of
from accounts.acting import attempt, posted, request_time, say_and_go
from audit.clock import local_date
from audit.errors import AlreadyDecided, NotAllowed
from audit.refusals import record_refusal, refuse
from recommendations.context import has_several_open_cycles, set_page_cycle
from recommendations.errors import already_decided
from recommendations.extensions import work_beside
from recommendations.forms.review import ReviewForm, SupersedeForm
from recommendations.models import Review, Submission, Update
from recommendations.permissions import may_review
from recommendations.queries.comments import read_newest_comments
from recommendations.queries.queue import has_reviewer, next_to_decide, waiting_rows
from recommendations.queries.review_page import (
    ReviewPage,
    read_review_page,
    supersedable_verdict,
)
from recommendations.queries.steps import own_steps
from recommendations.services import accept_update, return_update, supersede_verdict
from recommendations.states import Decision, Status
from recommendations.views.loading import closed_page
from ui import dates
from ui.numbers import percent as percent_text
from ui.numbers import whole_number
from ui.pagination import paginate

ROWS_PER_PAGE = 50


@require_safe
@mapo_only
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits for a decision, oldest first, and the person's own steps that are due."""
    today = local_date(request_time(request))
    rows = waiting_rows(person_of(request), today=today, with_notes=True)
    context = {
        "steps": own_steps(
            person_of(request), today=today, has_several_cycles=has_several_open_cycles(request)
        ),
        "beside": work_beside(person_of(request), now=request_time(request)),
        "today": today,
        "page": paginate(request, rows, per_page=ROWS_PER_PAGE),
        "first": next_to_decide(rows),
        "has_notes": any(row.notes for row in rows),
    }
    return render(request, "recommendations/review/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def review(request: HttpRequest, update_id: int) -> HttpResponseBase:
    """Show one update beside the verdict before it, and take MAPO's decision on it."""
    page = _page(request, update_id)
    if page.is_waiting and page.update.opening_id is not None:
        return redirect("imports:opening_review", page.update.opening_id)
    form = _review_form(request, page, is_bound=request.method == "POST") if page.is_waiting else None
    if request.method == "POST":
        return _decide(request, page, form)
    return _show_review(request, page, form)


def _page(request: HttpRequest, update_id: int) -> ReviewPage:
    """Return the page; 404 where the person may not see the update, recorded where it exists."""
    user, today = person_of(request), local_date(request_time(request))
    page = read_review_page(update_id, user=user, today=today)
    if page is None:
        hidden = Update.objects.select_related("assignment").filter(pk=update_id).first()
        if hidden is None:
            raise Http404
        refuse(request, hidden, agency_id=hidden.assignment.agency_id, item_id=hidden.assignment.item_id)
    set_page_cycle(request, page.cycle)
    return page


def _review_form(request: HttpRequest, page: ReviewPage, *, is_bound: bool) -> ReviewForm:
    data = request.POST if is_bound else None
    today = local_date(request_time(request))
    return ReviewForm(data, version=page.submission, today=today, is_held=bool(page.held))


def _decide(request: HttpRequest, page: ReviewPage, form: ReviewForm | None) -> HttpResponseBase:
    """Take the decision on the version that was read, and go on to the next update; or say why not."""
    read = _version_read(request, page)
    if form is None or read is None or read.pk != page.submission.pk:
        return _overtaken(request, page, read)
    outcome = attempt(request, partial(_carry_out, read), form=form)
    if outcome.is_done:
        following = next_to_decide(page.queue.rows, after=page.update.pk)
        back_url = following.url if following else reverse("recommendations:queue")
        return say_and_go(request, outcome.result, done=partial(_decided_text, page), back_url=back_url)
    if isinstance(outcome.refusal, AlreadyDecided):
        return _overtaken(request, _page(request, page.update.pk), read, str(outcome.refusal))
    if isinstance(outcome.refusal, NotAllowed):
        _record_refusal(request, page.submission)
        return _show_review(request, page, None, status=403, told=str(outcome.refusal))
    return _show_review(request, page, form, status=422)


def _version_read(request: HttpRequest, page: ReviewPage) -> Submission | None:
    """Return the version of this update for which the form was made."""
    number = whole_number(request.POST.get("submission", ""))
    sent = Submission.objects.filter(update=page.update)
    return sent.filter(pk=number).first() if number is not None else None


def _carry_out(read: Submission, *, actor: Any, now: Any, **typed: Any) -> Review:
    """Accept or return the version, as the form says."""
    about = {"identities_reason": typed["identities_reason"], "actor": actor, "now": now}
    if typed["decision"] == Decision.RETURN:
        returned = {"reason": typed["return_reason"], "resubmit_by": typed["resubmit_by"]}
        return return_update(read, **returned, **about)
    verdict = {"status": typed["status"], "percent": typed["percent"], "reason": typed["difference_reason"]}
    return accept_update(read, **verdict, **about)


def _overtaken(
    request: HttpRequest, page: ReviewPage, read: Submission | None, told: str = ""
) -> HttpResponse:
    """Show what happened meanwhile. What was typed stays: in the form, or beside it when there is none."""
    form: ReviewForm | None = None
    typed = request.POST.get("return_reason", "").strip() or request.POST.get("difference_reason", "").strip()
    if page.is_waiting:
        form = _review_form(request, page, is_bound=False)
        form.initial.update({**request.POST.dict(), "submission": page.submission.pk})
        typed = ""
    decided = page.decision_on(read) if read else None
    told = told or _meanwhile(page, decided)
    extra = {"told": told, "told_words": _decision_words(decided), "typed": typed}
    return _show_review(request, page, form, status=409, **extra)


def _meanwhile(page: ReviewPage, decided: Review | None) -> str:
    """Say why the version that was read can no longer be decided on."""
    if decided is not None:
        return str(already_decided(decided))
    if page.is_waiting:
        return _(
            "The agency has sent a newer version meanwhile. It is shown here: read it before you decide."
        )
    return _("The agency has withdrawn this update, so there is nothing to decide.")


def _record_refusal(request: HttpRequest, submission: Submission) -> None:
    """Record that the person may not decide on this update."""
    assignment = submission.update.assignment
    record_refusal(
        request,
        submission.update,
        label=f"{assignment.item.label_with_year} · {assignment.agency.code}",
        agency_id=assignment.agency_id,
        item_id=assignment.item_id,
    )


def _decision_words(decided: Review | None) -> str:
    """What the other reviewer decided, and when."""
    if decided is None:
        return ""
    at = dates.day_time(decided.decided_at)
    if not decided.is_accepted:
        return _("Returned, %(at)s.") % {"at": at}
    return _("Accepted as “%(verdict)s”, %(at)s.") % {"verdict": _verdict_words(decided), "at": at}


def _verdict_words(decided: Review) -> str:
    return f"{Status(decided.status).label}, {percent_text(decided.percent)}"


def _decided_text(page: ReviewPage, decided: Review) -> str:
    values = {"agency": page.agency_code, "item": page.item}
    if decided.decision == Decision.RETURN:
        return _("Returned to %(agency)s: %(item)s.") % values
    values["verdict"] = _verdict_words(decided)
    return _("Accepted as “%(verdict)s”: %(agency)s, %(item)s.") % values


def _show_review(
    request: HttpRequest, page: ReviewPage, form: ReviewForm | None, *, status: int = 200, **extra: Any
) -> HttpResponse:
    row = page.queue.row
    context = {
        "page": page,
        "now": request_time(request),
        "form": form if row and row.may_decide else None,
        "row": row,
        "has_reviewer": has_reviewer(row),
        "talk": read_newest_comments(page.assignment, user=person_of(request)),
        "following": next_to_decide(page.queue.rows, after=page.update.pk),
        "supersedable": supersedable_verdict(page, user=person_of(request)),
        "told": "",
        "told_words": "",
        "typed": "",
        **extra,
    }
    return render(request, "recommendations/review/review.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def review_supersede(request: HttpRequest, review_id: int) -> HttpResponseBase:
    """Correct a wrong verdict by a new one with a reason; the old one is kept and shown."""
    old = _verdict(request, review_id)
    assignment = old.submission.update.assignment
    back_url = reverse("recommendations:review", args=[old.submission.update_id])
    if assignment.cycle.is_closed and request.method != "POST":
        return closed_page(request)
    form = SupersedeForm(posted(request), review=old, cancel_url=back_url)
    outcome = attempt(request, partial(supersede_verdict, old), form=form)
    if outcome.is_done:
        done = _("The verdict was replaced. The old one is kept.")
        return say_and_go(request, outcome.result, done=done, back_url=back_url)
    if isinstance(outcome.refusal, NotAllowed):
        _record_refusal(request, old.submission)
    is_barred = not may_review(person_of(request), old.submission)
    context = {
        "review": old,
        "subject": f"{assignment.agency.code} · {assignment.item}",
        "bar": _("You are not allowed to decide on this update.") if is_barred else "",
        "form": form,
        "back_url": back_url,
    }
    status = 422 if form.errors else 200
    return render(request, "recommendations/review/supersede.html", context, status=status)


def _verdict(request: HttpRequest, review_id: int) -> Review:
    """Return a verdict that the person may see, or raise Http404, recorded where it exists."""
    visible = Update.objects.visible_to(person_of(request))
    reviews = Review.objects.accepted().select_related(
        "submission__update__assignment__item__cycle", "submission__update__assignment__agency", "reviewer"
    )
    found = reviews.filter(pk=review_id, submission__update__in=visible).first()
    if found is None:
        hidden = reviews.filter(pk=review_id).first()
        if hidden is not None:
            refuse(request, hidden, agency_id=hidden.assignment.agency_id, item_id=hidden.item_id)
        raise Http404
    set_page_cycle(request, found.submission.update.assignment.cycle)
    return found

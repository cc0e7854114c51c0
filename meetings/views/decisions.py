"""MAPO records what the council decided; an agency reads the decisions that name it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import agency_only, find_or_refuse, mapo_only, person_of
from accounts.acting import act_by_form, add_refusal, attempt, posted, request_time, say_and_go
from audit.clock import local_date
from meetings.forms.decision import MAPO, CorrectionForm, MeetingDecisionForm
from meetings.models import Meeting, MeetingDecision
from meetings.queries.decisions_page import decisions_for_agency, decisions_of
from meetings.services import decisions as services
from meetings.states import MeetingState
from meetings.views.loading import frame, loaded_meeting
from privacy.forms import ReasonForm
from recommendations.states import REASON_LENGTH


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def meeting_decisions(request: HttpRequest, meeting_id: int) -> HttpResponseBase:
    """List a meeting's decisions, and record the next one: the form begins anew after each."""
    found = loaded_meeting(request, meeting_id)
    today = local_date(request_time(request))
    may_record = found.state == MeetingState.HELD and not found.cycle.is_closed
    lines = decisions_of(found, user=person_of(request), today=today)
    last = lines[-1].decision if lines else None
    initial = {"due_on": max(last.due_on, today)} if last else {}
    form = (
        MeetingDecisionForm(posted(request), cycle=found.cycle, today=today, initial=initial)
        if may_record
        else None
    )
    if request.method == "POST":
        if form is None:
            return redirect(_decisions_url(found))
        if (answer := _record(request, found, form)) is not None:
            return answer
    context = {**frame(found, step="meeting_decisions"), "lines": lines, "form": form}
    return render(
        request, "meetings/decisions/decisions.html", context, status=422 if form and form.errors else 200
    )


def _decisions_url(meeting: Meeting) -> str:
    return reverse("meetings:meeting_decisions", args=[meeting.pk])


def _record(request: HttpRequest, meeting: Meeting, form: MeetingDecisionForm) -> HttpResponseBase | None:
    """Record what a form holds; None when it is refused, with the reasons in the form."""
    if not form.is_valid():
        return None
    typed = form.values | {"token": form.cleaned_data["token"]}
    outcome = attempt(request, partial(services.record_decision, meeting, **typed))
    if outcome.refusal is not None:
        add_refusal(form, outcome.refusal)
        return None
    words = _("Decision %(number)s was recorded. Type the next one.") % {"number": outcome.result.number}
    agency = typed["agency"]
    if agency and not agency.has_actor:
        words = _(
            "Decision %(number)s was recorded. Nobody at %(agency)s can act yet: invite an officer there."
        ) % {
            "number": outcome.result.number,
            "agency": agency.code,
        }
    return say_and_go(request, outcome.result, done=words, back_url=_decisions_url(meeting))


def _loaded_decision(request: HttpRequest, meeting_id: int, decision_id: int) -> MeetingDecision:
    """Return a decision of a meeting, or raise Http404."""
    meeting = loaded_meeting(request, meeting_id)
    decisions = MeetingDecision.objects.visible_to(person_of(request)).filter(meeting=meeting)
    decision = find_or_refuse(request, decisions.select_related("item", "agency", "action"), pk=decision_id)
    decision.meeting = meeting
    return decision


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def decision_correct(request: HttpRequest, meeting_id: int, decision_id: int) -> HttpResponseBase:
    """Correct a decision, with a reason; the former wording is kept."""
    decision = _loaded_decision(request, meeting_id, decision_id)
    back_url = _decisions_url(decision.meeting)
    initial = {
        "text": decision.text,
        "item": decision.item_id,
        "agency": str(decision.agency_id) if decision.agency_id else MAPO,
        "due_on": decision.due_on,
    }
    today = local_date(request_time(request))
    form = CorrectionForm(
        posted(request), cycle=decision.meeting.cycle, today=today, initial=initial, cancel_url=back_url
    )
    if form.is_valid():
        outcome = attempt(request, partial(services.correct_decision, decision, **form.values))
        if outcome.is_done:
            return say_and_go(request, decision, done=_("The decision was corrected."), back_url=back_url)
        assert outcome.refusal is not None
        add_refusal(form, outcome.refusal)
    return _show_form(request, decision, form, title=_("Correct the decision"))


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def decision_withdraw(request: HttpRequest, meeting_id: int, decision_id: int) -> HttpResponseBase:
    """Withdraw a decision, with a reason; its step is cancelled."""
    decision = _loaded_decision(request, meeting_id, decision_id)
    back_url, title = _decisions_url(decision.meeting), _("Withdraw the decision")
    hint = _("Kept with the decision. The agency reads it beside its step, which is cancelled.")
    about: dict[str, Any] = {"tone": "danger", "hint": hint, "max_length": REASON_LENGTH, "cancel": _("Back")}
    form = ReasonForm(posted(request), verb=title, cancel_url=back_url, **about)
    return act_by_form(
        request,
        form,
        act=partial(services.withdraw_decision, decision),
        done=_("The decision was withdrawn."),
        back_url=back_url,
        template="meetings/decisions/form.html",
        context=_form_context(decision, title),
        error_status=422,
    )


def _form_context(decision: MeetingDecision, title: str) -> dict[str, Any]:
    back_url = _decisions_url(decision.meeting)
    return {"meeting": decision.meeting, "decision": decision, "title": title, "back_url": back_url}


def _show_form(
    request: HttpRequest, decision: MeetingDecision, form: CorrectionForm, *, title: str
) -> HttpResponse:
    context = {"form": form, **_form_context(decision, title)}
    return render(request, "meetings/decisions/form.html", context, status=422 if form.errors else 200)


@require_safe
@agency_only
def our_decisions(request: HttpRequest) -> HttpResponse:
    """Show an agency the council's decisions that name it, with what became of each."""
    person, today = person_of(request), local_date(request_time(request))
    lines = decisions_for_agency(person, today=today)
    return render(request, "meetings/decisions/ours.html", {"lines": lines, "today": today})

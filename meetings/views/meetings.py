"""The pages on which MAPO lists meetings, announces one, and says what became of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import mapo_only, person_of
from accounts.acting import act_by_button, act_by_form, add_refusal, attempt, posted, request_time, say_and_go
from audit.clock import local_date
from audit.services import digest
from meetings.forms.meeting import AttendanceForm, MeetingForm
from meetings.models import Meeting
from meetings.queries.meetings_page import next_number, read_acts, read_meetings
from meetings.services import meetings as services
from meetings.services.laying import is_laid_as_it_stands
from meetings.states import MeetingState
from meetings.views.loading import frame, loaded_meeting, may_be_laid, meeting_url
from privacy.forms import ReasonForm
from recommendations.context import in_cycle, page_cycle
from recommendations.states import REASON_LENGTH
from recommendations.views.loading import closed_page


@require_safe
@mapo_only
def meetings(request: HttpRequest) -> HttpResponse:
    """List the meetings of the cycle, the next first."""
    cycle = page_cycle(request)
    page = read_meetings(cycle, user=person_of(request)) if cycle else None
    context = {"page": page, "cycle": cycle, "today": local_date(request_time(request))}
    return render(request, "meetings/meetings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def meeting_announce(request: HttpRequest) -> HttpResponseBase:
    """Announce a meeting in the page's cycle."""
    cycle, list_url = page_cycle(request), in_cycle(request, reverse("meetings:meetings"))
    if cycle is None:
        return redirect(list_url)
    if cycle.is_closed:
        return closed_page(request)
    initial = {"number": next_number(cycle, day=local_date(request_time(request)))}
    form = MeetingForm(posted(request), initial=initial, verb=_("Announce"), cancel_url=list_url)
    context = {"form": form, "title": _("Announce a meeting"), "back_url": list_url, "meeting": None}
    if form.is_valid():
        outcome = attempt(request, partial(services.announce_meeting, cycle, details=form.details()))
        if outcome.is_done:
            words = _("%(meeting)s was announced.") % {"meeting": outcome.result}
            return say_and_go(request, outcome.result, done=words, back_url=meeting_url)
        assert outcome.refusal is not None
        add_refusal(form, outcome.refusal)
    return render(request, "meetings/form.html", context, status=422 if form.errors else 200)


@require_safe
@mapo_only
def meeting(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Show the details of a meeting, what may be done with it now, and what was done."""
    found = loaded_meeting(request, meeting_id)
    context = {
        **frame(found, step="meeting"),
        "acts": read_acts(found),
        "acts_on": {act: found.may(act) and not found.cycle.is_closed for act in _ACTS},
        "is_over": found.meets_on <= local_date(request_time(request)),
    }
    return render(request, "meetings/meeting.html", context)


#: The acts that the page of a meeting offers, where the table of moves has them.
_ACTS = ("hold", "close", "postpone", "cancel", "reopen", "reschedule")


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def meeting_change(request: HttpRequest, meeting_id: int) -> HttpResponseBase:
    """Change number, date, time or place; a postponed meeting is announced again."""
    found = loaded_meeting(request, meeting_id)
    if found.cycle.is_closed:
        return closed_page(request)
    if not found.may_be_prepared:
        return redirect(meeting_url(found))
    details = found.details
    about: dict[str, Any] = {"initial": details.values, "seen": details.mark}
    form = MeetingForm(posted(request), verb=_("Save"), cancel_url=meeting_url(found), **about)
    if form.is_valid():
        typed = {"seen": form.cleaned_data["seen"], "details": form.details()}
        outcome = attempt(request, partial(services.change_meeting, found, **typed))
        if outcome.is_done:
            return say_and_go(request, found, done=_("The meeting was changed."), back_url=meeting_url)
        assert outcome.refusal is not None
        add_refusal(form, outcome.refusal)
    context = {"form": form, "title": _("Change the meeting"), "back_url": meeting_url(found)}
    context["meeting"] = found
    return render(request, "meetings/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def meeting_hold(request: HttpRequest, meeting_id: int) -> HttpResponseBase:
    """Say that the meeting takes place, after a page that says whether its agenda changed since it was laid."""
    found = loaded_meeting(request, meeting_id)
    if found.cycle.is_closed:
        return closed_page(request)
    typed = request.POST.get("attendance", "").split()
    if found.state == MeetingState.HELD and typed and typed != found.attendance.split():
        # Somebody else has held it meanwhile: what this person typed is kept beside what was recorded.
        return meeting_attendance(request, meeting_id)
    if not found.may("hold"):
        return redirect(meeting_url(found))
    last = found.laid_agendas.defer("content").order_by("-number").first()
    is_same = is_laid_as_it_stands(found, user=person_of(request))
    may_lay = may_be_laid(found, today=local_date(request_time(request)))
    context = {"last": last, "is_same": is_same, "may_lay": may_lay}
    seen = f"{last.number if last else 0} {is_same}"
    form = AttendanceForm(
        posted(request), verb=_("The meeting is held"), seen=seen, cancel_url=meeting_url(found)
    )
    done, back_url = _("The meeting is held: record its decisions."), _decisions_url(found)
    act = partial(services.hold_meeting, found)
    return _act_with_attendance(
        request, found, form, act=act, done=done, back_url=back_url, title=_("Hold the meeting"), **context
    )


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def meeting_attendance(request: HttpRequest, meeting_id: int) -> HttpResponseBase:
    """Record who was present, until the minutes are closed."""
    found = loaded_meeting(request, meeting_id)
    if found.cycle.is_closed:
        return closed_page(request)
    if found.state != MeetingState.HELD:
        return redirect(meeting_url(found))
    about = {"attendance": found.attendance, "seen": digest(found.attendance)["sha256"]}
    form = AttendanceForm(posted(request), verb=_("Save"), cancel_url=meeting_url(found), **about)
    act, done = partial(services.record_attendance, found), _("Who was present is recorded.")
    title, back_url = _("Who was present"), meeting_url(found)
    return _act_with_attendance(request, found, form, act=act, done=done, back_url=back_url, title=title)


def _decisions_url(meeting: Meeting) -> str:
    return reverse("meetings:meeting_decisions", args=[meeting.pk])


def _act_with_attendance(
    request: HttpRequest,
    meeting: Meeting,
    form: AttendanceForm,
    *,
    act: Callable[..., Meeting],
    done: str,
    back_url: str,
    title: str,
    **more: Any,
) -> HttpResponseBase:
    shown = {"meeting": meeting, "title": title, "back_url": meeting_url(meeting)}
    # Only who is about to hold the meeting is told how its agenda stands.
    context = {**shown, "may_lay": None, **more}
    return act_by_form(
        request,
        form,
        act=act,
        done=done,
        back_url=back_url,
        template="meetings/attendance.html",
        context=context,
        error_status=422,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def meeting_close(request: HttpRequest, meeting_id: int) -> HttpResponseBase:
    """Close the minutes; a GET goes to the meeting's page."""
    found = loaded_meeting(request, meeting_id)
    if request.method != "POST":
        return redirect(meeting_url(found))
    done, back_url = _("The minutes are closed."), meeting_url(found)
    return act_by_button(request, partial(services.close_meeting, found), done=done, back_url=back_url)


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def meeting_postpone(request: HttpRequest, meeting_id: int) -> HttpResponseBase:
    """Postpone the meeting, with a reason."""
    words = (_("Postpone the meeting"), _("The meeting was postponed. Give it a new date when it is known."))
    return _with_reason(request, meeting_id, "postpone", services.postpone_meeting, *words)


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def meeting_cancel(request: HttpRequest, meeting_id: int) -> HttpResponseBase:
    """Cancel the meeting, with a reason."""
    words = (pgettext("meeting", "Cancel the meeting"), _("The meeting was cancelled."))
    return _with_reason(request, meeting_id, "cancel", services.cancel_meeting, *words)


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def meeting_reopen(request: HttpRequest, meeting_id: int) -> HttpResponseBase:
    """Open closed minutes again, with a reason."""
    words = (_("Reopen the minutes"), _("The minutes are open again."))
    return _with_reason(request, meeting_id, "reopen", services.reopen_meeting, *words)


def _with_reason(
    request: HttpRequest,
    meeting_id: int,
    name: str,
    act: Callable[..., Meeting],
    verb: str,
    done: str,
) -> HttpResponseBase:
    found = loaded_meeting(request, meeting_id)
    if found.cycle.is_closed:
        return closed_page(request)
    if not found.may(name):
        return redirect(meeting_url(found))
    hint = _("MAPO’s people read it on the page of the meeting. It stays in the audit trail.")
    about: dict[str, Any] = {"hint": hint, "max_length": REASON_LENGTH, "cancel": _("Back")}
    form = ReasonForm(posted(request), verb=verb, cancel_url=meeting_url(found), **about)
    return act_by_form(
        request,
        form,
        act=partial(act, found),
        done=done,
        back_url=meeting_url,
        template="meetings/form.html",
        context={"meeting": found, "title": verb, "back_url": meeting_url(found)},
        error_status=422,
    )

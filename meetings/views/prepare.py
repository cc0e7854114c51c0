"""The pages on which the secretary prepares the agenda of a meeting."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import find_or_refuse, mapo_only, person_of
from accounts.acting import act_by_button, attempt, posted, refusal_toast, request_time, say_and_go
from audit.clock import local_date
from audit.errors import Stale
from meetings.forms.agenda import OwnPointForm, PointForm, PrepareForm
from meetings.models import AgendaPoint, Meeting
from meetings.queries.agenda import PreparedAgenda, read_agenda, usual_days
from meetings.services import agenda as services
from meetings.views.loading import frame, loaded_meeting
from ui.methods import post_required


@require_http_methods(["GET", "HEAD", "POST"])
@mapo_only
def meeting_prepare(request: HttpRequest, meeting_id: int) -> HttpResponseBase:
    """Show what was gathered for a meeting, point by point; a POST sets the days between which it gathers."""
    found = loaded_meeting(request, meeting_id)
    form = _days_form(request, found, data=posted(request))
    if request.method == "POST":
        outcome = attempt(request, partial(services.prepare_meeting, found), form=form)
        if outcome.is_done:
            words = _("The agenda was prepared. Add what the council needs to know.")
            return say_and_go(request, found, done=words, back_url=_prepare_url(found))
    return _show(request, found, days_form=form, status=422 if form.errors else 200)


def _prepare_url(meeting: Meeting) -> str:
    return reverse("meetings:meeting_prepare", args=[meeting.pk])


def _days_form(request: HttpRequest, meeting: Meeting, *, data: Any = None) -> PrepareForm:
    today = local_date(request_time(request))
    if meeting.as_at_on is not None and meeting.since_on is not None:
        days, verb = (meeting.as_at_on, meeting.since_on), _("Prepare again")
    else:
        days, verb = usual_days(meeting, today=today), _("Prepare the meeting")
    return PrepareForm(data, days=days, today=today, verb=verb, action=_prepare_url(meeting))


def _show(
    request: HttpRequest,
    meeting: Meeting,
    *,
    days_form: PrepareForm | None = None,
    point_form: PointForm | None = None,
    new_form: OwnPointForm | None = None,
    agenda: PreparedAgenda | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the page; a form that was refused stands in the place of its own."""
    person = person_of(request)
    if agenda is None and meeting.is_prepared:
        agenda = read_agenda(meeting, user=person)
    may_write = meeting.may_be_prepared and not meeting.cycle.is_closed
    context = {
        **frame(meeting, step="meeting_prepare"),
        "days_form": days_form or _days_form(request, meeting),
        "agenda": agenda,
        "months": agenda.gathering.months if agenda else (),
        "may_write": may_write,
        "is_today": meeting.as_at_on == local_date(request_time(request)),
        "forms": [
            point_form
            if point_form is not None and point_form.prepared.point.pk == each.point.pk
            else PointForm(prepared=each, person=person, action=_point_url(each.point))
            for each in (agenda.points if agenda else ())
        ],
        "new_form": new_form or OwnPointForm(person=person, action=_add_url(meeting)),
    }
    return render(request, "meetings/prepare/prepare.html", context, status=status)


def _point_url(point: AgendaPoint) -> str:
    return reverse("meetings:point_save", args=[point.meeting_id, point.pk])


def _add_url(meeting: Meeting) -> str:
    return reverse("meetings:point_add", args=[meeting.pk])


def _loaded_point(request: HttpRequest, meeting_id: int, point_id: int) -> AgendaPoint:
    """Return a point of a meeting within the person's clearance, or raise Http404."""
    meeting = loaded_meeting(request, meeting_id)
    points = AgendaPoint.objects.visible_to(person_of(request)).filter(meeting=meeting)
    point = find_or_refuse(request, points, pk=point_id)
    point.meeting = meeting
    return point


@post_required
@mapo_only
def point_save(request: HttpRequest, meeting_id: int, point_id: int) -> HttpResponseBase:
    """Save the text of a point, and what is left out of it; what was refused is shown again with what was typed."""
    point = _loaded_point(request, meeting_id, point_id)
    meeting = point.meeting
    if not meeting.is_prepared:
        return redirect(_prepare_url(meeting))
    agenda = read_agenda(meeting, user=person_of(request))
    prepared = next(each for each in agenda.points if each.point.pk == point.pk)
    form = PointForm(request.POST, prepared=prepared, person=person_of(request), action=_point_url(point))
    outcome = attempt(request, partial(services.save_point, point), form=form)
    if outcome.is_done:
        url = f"{_prepare_url(meeting)}#point-{point.pk}"
        return say_and_go(request, point, done=_("The point was saved."), back_url=url)
    if isinstance(outcome.refusal, Stale):
        form.show_theirs(outcome.refusal.current)
    return _show(request, meeting, point_form=form, agenda=agenda, status=422)


@post_required
@mapo_only
def point_move(request: HttpRequest, meeting_id: int, point_id: int) -> HttpResponseBase:
    """Move a point up or down; the button that moved it has the focus again, so that it can be pressed again."""
    point = _loaded_point(request, meeting_id, point_id)
    card_url = f"{_prepare_url(point.meeting)}#point-{point.pk}"
    by = -1 if request.POST.get("to") == "up" else 1

    def button_url(moved: AgendaPoint) -> str:
        """Return the address of the button, or of the other one at the end of the agenda."""
        points = moved.meeting.points.visible_to(person_of(request))
        is_further = points.filter(**{f"position__{'lt' if by < 0 else 'gt'}": moved.position}).exists()
        return f"{card_url}-{'up' if (by < 0) == is_further else 'down'}"

    return act_by_button(
        request,
        partial(services.move_point, point, by=by),
        done="",
        back_url=button_url,
        on_refusal=partial(refusal_toast, request, card_url),
    )


@post_required
@mapo_only
def point_add(request: HttpRequest, meeting_id: int) -> HttpResponseBase:
    """Add an own point at the end of the agenda."""
    meeting = loaded_meeting(request, meeting_id)
    form = OwnPointForm(request.POST, person=person_of(request), action=_add_url(meeting))
    outcome = attempt(request, partial(services.add_point, meeting), form=form)
    if outcome.is_done:
        url = f"{_prepare_url(meeting)}#point-{outcome.result.pk}"
        return say_and_go(request, meeting, done=_("The point was added."), back_url=url)
    return _show(request, meeting, new_form=form, status=422)

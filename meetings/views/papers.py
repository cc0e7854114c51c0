"""The papers of a meeting: what was laid before the council, and what other apps add."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import find_or_refuse, mapo_only, person_of
from accounts.acting import act_by_button, refusal_toast, request_time
from audit.clock import local_date
from meetings.extensions import panels_about
from meetings.models import LaidAgenda
from meetings.queries.laid import read_laid
from meetings.services.laying import lay_agenda
from meetings.states import LAID_STATES
from meetings.views.loading import frame, loaded_meeting, may_be_laid
from ui.methods import post_required


@require_safe
@mapo_only
def meeting_papers(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Show what was laid before the council, the latest first, and the papers of other apps."""
    found, person, now = loaded_meeting(request, meeting_id), person_of(request), request_time(request)
    # What was laid is not read here: an agenda is long.
    laid = (
        found.laid_agendas.visible_to(person).select_related("laid_by").defer("content").order_by("-number")
    )
    is_open = found.state in LAID_STATES and not found.cycle.is_closed
    context = {
        **frame(found, step="meeting_papers"),
        "laid_agendas": laid,
        "may_lay": may_be_laid(found, today=local_date(now)),
        "is_open": is_open,
        "panels": panels_about(found, user=person, now=now),
    }
    return render(request, "meetings/papers/papers.html", context)


@post_required
@mapo_only
def agenda_lay(request: HttpRequest, meeting_id: int) -> HttpResponseBase:
    """Keep the agenda as it is laid before the council."""
    found = loaded_meeting(request, meeting_id)
    goes_to = "meeting_hold" if request.POST.get("next") == "hold" else "meeting_papers"
    back_url = reverse(f"meetings:{goes_to}", args=[found.pk])
    return act_by_button(
        request,
        partial(lay_agenda, found),
        done=_("The agenda is kept as laid before the council."),
        back_url=back_url,
        on_refusal=partial(refusal_toast, request, back_url),
    )


@require_safe
@mapo_only
def agenda_laid(request: HttpRequest, meeting_id: int, laid_id: int) -> HttpResponse:
    """Show an agenda as it was laid before the council."""
    found, person = loaded_meeting(request, meeting_id), person_of(request)
    seen = LaidAgenda.objects.visible_to(person).filter(meeting=found).select_related("laid_by")
    laid = find_or_refuse(request, seen, pk=laid_id)
    context = {
        **frame(found, step="meeting_papers"),
        "laid": laid,
        "content": read_laid(laid),
        "now": request_time(request),
        "papers_url": reverse("meetings:meeting_papers", args=[found.pk]),
    }
    return render(request, "meetings/papers/laid.html", context)

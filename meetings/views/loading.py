"""Load a meeting for MAPO, and what its pages share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.access import find_or_refuse, person_of
from meetings.models import Meeting
from meetings.states import LAID_STATES
from recommendations.context import set_page_cycle


def loaded_meeting(request: HttpRequest, meeting_id: int) -> Meeting:
    """Return a meeting that the person may see, or raise Http404."""
    meetings = Meeting.objects.visible_to(person_of(request)).select_related("cycle")
    found = find_or_refuse(request, meetings, pk=meeting_id)
    set_page_cycle(request, found.cycle)
    return found


def meeting_url(meeting: Meeting) -> str:
    """Return the address of a meeting's details."""
    return reverse("meetings:meeting", args=[meeting.pk])


def may_be_laid(meeting: Meeting, *, today: date) -> bool:
    """Return whether the page may offer to lay the agenda: it is prepared as at a day that is over."""
    is_open = meeting.state in LAID_STATES and not meeting.cycle.is_closed
    return is_open and meeting.as_at_on is not None and meeting.as_at_on < today


def frame(meeting: Meeting, *, step: str) -> dict[str, Any]:
    """Return the context of a page of a meeting: the meeting, and its steps with the present one marked."""
    steps = (
        ("meeting", _("Details")),
        ("meeting_prepare", pgettext("meeting", "Prepare")),
        ("meeting_papers", _("Papers")),
        ("meeting_decisions", _("Decisions")),
    )
    return {
        "meeting": meeting,
        "tabs": [
            {
                "url": reverse(f"meetings:{name}", args=[meeting.pk]),
                "label": label,
                "count": None,
                "is_current": name == step,
            }
            for name, label in steps
        ],
    }

"""Reading one's own news, and going where it leads."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect

from accounts.access import find_or_refuse, person_of
from accounts.acting import acting, post_required
from reminders.models import Notice
from reminders.services.notices import read_notice


@post_required
def read(request: HttpRequest, notice_id: int) -> HttpResponseBase:
    """Mark one notice as read, and go where it leads; with `stay`, back to the list."""
    found = find_or_refuse(request, Notice.objects.of(person_of(request)), pk=notice_id)
    read_notice(found, **acting(request))
    return redirect("reminders:mine" if "stay" in request.POST else found.path)

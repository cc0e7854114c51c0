"""A person's calendar, read by programs without a session, and the renewal of its address."""

from __future__ import annotations

from hashlib import sha256

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from accounts.access import person_of
from accounts.acting import acting, post_required
from audit import clock
from reminders.calendar_file import calendar_file
from reminders.queries.feed import find_reader, read_feed
from reminders.queries.feed.occasions import calendar_name, occasions
from reminders.services.feed import renew_feed


@login_not_required
@require_safe
def feed(request: HttpRequest, user_id: int, token: str) -> HttpResponseBase:
    """The calendar of whoever the link was made for, in their language, as they may see it now.

    A wrong, old or dead link finds nothing, like any other address. Nothing is written: not even that it was read.
    """
    reader = find_reader(user_id, token)
    if reader is None:
        raise Http404
    with override(reader.language):
        found = read_feed(reader, now=clock.now())
        body = calendar_file(occasions(found), name=calendar_name(found))
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="jejak.ics"'
    response.headers["Content-Language"] = reader.language
    # Kept by the program that asked alone, and asked anew each time: a link that was renewed is dead at once.
    response.headers["Cache-Control"] = "private, no-cache"
    etag = response.headers["ETag"] = quote_etag(sha256(body).hexdigest())
    return get_conditional_response(request, etag, response=response) or response


@post_required
def feed_renew(request: HttpRequest) -> HttpResponseBase:
    """Give one's own calendar another address."""
    renew_feed(person_of(request), **acting(request))
    messages.success(
        request, _("Your calendar has a new link. Calendars that used the old one get nothing more.")
    )
    return redirect("reminders:preferences")

"""A person's calendar, which programs read without a session, and the renewal of its address."""

from functools import partial
from hashlib import sha256

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from accounts.access import person_of
from accounts.acting import act_by_button, post_required
from audit import clock
from reminders.calendar_file import render_calendar
from reminders.queries.feed.calendar import load_feed
from reminders.queries.feed.links import find_reader
from reminders.services.preferences import renew_feed


@login_not_required
@require_safe
def feed(request: HttpRequest, user_id: int, token: str) -> HttpResponseBase:
    """Return the calendar of the person for whom the link was made, in their language, as they may see it now.

    A wrong, old or dead link is not found, like any other address. Nothing is written, not even that it was read.
    """
    reader = find_reader(user_id, token)
    if reader is None:
        raise Http404
    with override(reader.language):
        found = load_feed(reader, now=clock.now())
        body = render_calendar(found.events(), name=found.name)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="jejak.ics"'
    response.headers["Content-Language"] = reader.language
    # Cached only by the program that asked, and checked each time: a renewed link is dead at once.
    response.headers["Cache-Control"] = "private, no-cache"
    etag = response.headers["ETag"] = quote_etag(sha256(body).hexdigest())
    return get_conditional_response(request, etag, response=response) or response


@post_required
def feed_renew(request: HttpRequest) -> HttpResponseBase:
    """Give one's own calendar another address."""
    return act_by_button(
        request,
        partial(renew_feed, person_of(request)),
        done=_("Your calendar has a new link. Calendars that used the old one get nothing more."),
        back_url=reverse("reminders:preferences"),
    )

"""Each person's own choices, and their calendar, which programs read without a session."""

from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import person_of
from accounts.acting import act_by_button, attempt, posted, say_and_go
from accounts.middleware import keep_language
from accounts.models import User
from accounts.services.people import choose_language
from audit import clock
from reminders.calendar_file import render_calendar
from reminders.forms import PreferencesForm
from reminders.models import Preference
from reminders.permissions import mutable_kinds
from reminders.queries.feed.calendar import load_feed
from reminders.queries.feed.links import find_reader, own_link
from reminders.services.preferences import change_preferences, renew_feed
from ui.methods import post_required
from ui.recent_proof import has_recent_proof, requires_recent_proof


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponseBase:
    """Choose the language, the hour of the daily mail, and of which dates to be reminded."""
    person = person_of(request)
    form = PreferencesForm(posted(request), initial=_initial(person), person=person)

    def save(*, language: str, actor: User, now: datetime, hour: int = 0, kinds: object = None) -> None:
        if form.gets_reminders:
            change_preferences(person, hour=hour, muted=form.muted, actor=actor, now=now)
        choose_language(person, language=language, now=now)

    if not attempt(request, save, form=form).is_done:
        return _show(request, form, status=422 if form.is_bound else 200)
    language = form.cleaned_data["language"]
    with override(language):
        done = gettext("Your choices were saved.")
    response = say_and_go(request, None, done=done, back_url=reverse("reminders:preferences"))
    keep_language(response, language)
    return response


def _initial(person: User) -> dict[str, Any]:
    """Return the person's present choices."""
    saved = Preference.objects.filter(user=person).first() or Preference()
    kinds = [kind.value for kind in mutable_kinds(person) if kind not in saved.muted]
    return {"language": person.language, "hour": saved.hour, "kinds": kinds}


def _show(request: HttpRequest, form: PreferencesForm, *, status: int = 200) -> HttpResponseBase:
    person = person_of(request)
    calendar = own_link(person) if has_recent_proof(request) else None
    context = {"form": form, "place": person.working_place, "calendar": calendar}
    return render(request, "reminders/preferences.html", context, status=status)


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


@require_safe
@requires_recent_proof
def feed_show(request: HttpRequest) -> HttpResponse:
    """Go to one's own calendar link, which is shown after a recent proof alone."""
    return redirect(f"{reverse('reminders:preferences')}#calendar-head")


@post_required
@requires_recent_proof
def feed_renew(request: HttpRequest) -> HttpResponseBase:
    """Give one's own calendar another address."""
    return act_by_button(
        request,
        partial(renew_feed, person_of(request)),
        done=_("Your calendar has a new link. Calendars with the old one no longer update."),
        back_url=reverse("reminders:preferences"),
    )

"""Each person's own choices. The mails' "unsubscribe" leads here, by the sign-in for people who are signed out."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, override
from django.views.decorators.http import require_http_methods

from accounts.access import person_of
from accounts.acting import attempt, posted, say_and_go
from accounts.middleware import keep_language
from accounts.models import User
from accounts.services.people import choose_language
from reminders.forms.preferences import PreferencesForm
from reminders.models.preference import Preference
from reminders.permissions import mutable_kinds
from reminders.queries.feed.links import own_link
from reminders.services.preferences import change_preferences


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
        done = gettext("Your choices are kept.")
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
    context = {"form": form, "place": person.working_place, "calendar": own_link(person)}
    return render(request, "reminders/preferences.html", context, status=status)

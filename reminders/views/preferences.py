"""Each person's own choices. The mails' "unsubscribe" leads here, through the sign-in for whoever is signed out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext, override
from django.views.decorators.http import require_http_methods

from accounts.access import person_of
from accounts.acting import acting, request_time
from accounts.middleware import keep_language
from accounts.models import User
from accounts.services.people import choose_language
from audit.errors import DomainError
from reminders.forms.preferences import PreferencesForm
from reminders.models import Preference
from reminders.muting import offered_to
from reminders.queries.feed import own_link
from reminders.services.preferences import change_preferences


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponseBase:
    """Language, hour of the daily e-mail, and which dates to hear of."""
    person = person_of(request)
    if request.method != "POST":
        return _page(request, PreferencesForm(initial=_initial(person), person=person))
    form = PreferencesForm(request.POST, person=person)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        return _changed(request, form)
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, status=422)


def _initial(person: User) -> dict[str, object]:
    kept = Preference.objects.filter(user=person).first() or Preference()
    heard = [what.value for what in offered_to(person) if what not in kept.muted]
    return {"language": person.language, "hour": kept.hour, "heard": heard}


def _changed(request: HttpRequest, form: PreferencesForm) -> HttpResponseBase:
    person, language = person_of(request), form.cleaned_data["language"]
    if form.is_offered_reminders:
        change_preferences(person, hour=form.cleaned_data["hour"], muted=form.muted, **acting(request))
    choose_language(person, language=language, now=request_time(request))
    with override(language):
        messages.success(request, gettext("Your choices are kept."))
    response = redirect("reminders:preferences")
    keep_language(response, language)
    return response


def _page(request: HttpRequest, form: PreferencesForm, *, status: int = 200) -> HttpResponseBase:
    person = person_of(request)
    context = {"form": form, "place": person.working_place, "calendar": own_link(person)}
    return render(request, "reminders/preferences.html", context, status=status)

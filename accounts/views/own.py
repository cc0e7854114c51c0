"""One's own account: who am I here, in which language, and where am I signed in."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts import queries as readings
from accounts import services
from accounts.access import person_of
from accounts.browsers import short_name
from accounts.forms import LanguageForm, PlaceForm
from accounts.middleware import keep_language
from accounts.models import Language
from audit import clock
from audit.errors import DomainError


@require_GET
def my_account(request: HttpRequest) -> HttpResponse:
    """Name, agency, role, clearance, language, place, stand-ins; ways to the password and the sessions."""
    person, today = person_of(request), clock.today()
    context = {
        "languages": Language.choices,
        "place_form": PlaceForm(person=person),
        "stand_ins": readings.stand_ins_of(person, today=today),
        "stands_in_for": readings.stands_in_for(person, today=today),
    }
    return render(request, "accounts/my_account.html", context)


@require_POST
def choose_place(request: HttpRequest) -> HttpResponseBase:
    """Keeps where this person works, or that it is where the agency is."""
    person = person_of(request)
    form = PlaceForm(request.POST, person=person)
    if form.is_valid():
        services.choose_place(person, place=form.cleaned_data["place"], now=clock.now())
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose one of the places in the list. Nothing was changed."))
    return redirect("accounts:my_account")


@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Where this person is signed in, newest first."""
    mine = list(UserSession.objects.filter(user=person_of(request)).order_by("-created_at"))
    keys = Session.objects.filter(session_key__in=[row.session_key for row in mine])
    alive = set(keys.filter(expire_date__gt=timezone.now()).values_list("session_key", flat=True))
    rows = [
        {
            "session": row,
            "browser": short_name(row.user_agent),
            "is_current": row.session_key == request.session.session_key,
        }
        for row in mine
        if row.session_key in alive
    ]
    return render(request, "accounts/sessions.html", {"rows": rows})


@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponseBase:
    """Ends one of one's own sessions; another person's does not exist here."""
    try:
        services.end_own_session(person_of(request), session_id=session_id, now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("That session is ended."))
    return redirect("accounts:sessions")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponseBase:
    """Signs out everywhere but here."""
    person = person_of(request)
    here = request.session.session_key
    person = services.sign_out_everywhere(person, actor=person, now=clock.now(), but=here)
    update_session_auth_hash(request, person)
    UserSession.objects.create_from_request(request)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("accounts:sessions")


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Keeps the choice in a cookie and with the person, then goes back to where it was made."""
    form = LanguageForm(request.POST)
    response = redirect(_safe_next(request, request.POST.get("next", "")))
    if not form.is_valid():
        return response
    language = form.cleaned_data["language"]
    if request.user.is_authenticated:
        services.choose_language(person_of(request), language=language, now=clock.now())
    keep_language(response, language)
    return response


def _safe_next(request: HttpRequest, asked: str) -> str:
    is_safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_safe else "/"

"""Pages of one's own account: data, language, place, sessions."""

from functools import partial
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import queries
from accounts.access import person_of
from accounts.acting import act_by_button, act_by_form, refusal_toast
from accounts.browsers import short_name
from accounts.forms import ContactForm, LanguageForm, PlaceForm
from accounts.middleware import keep_language
from accounts.models import Language
from accounts.services.people import change_contact as change_own_contact
from accounts.services.people import choose_language
from accounts.services.people import choose_place as choose_own_place
from accounts.services.sessions import end_own_session, sign_out_everywhere
from audit import clock
from ui.methods import post_required

_MY_ACCOUNT = "accounts/my_account.html"


@require_GET
def my_account(request: HttpRequest) -> HttpResponse:
    """Show name, agency, role, clearance, language, place, contact details and stand-ins."""
    context = _account_context(request) | {"form": ContactForm(instance=person_of(request))}
    return render(request, _MY_ACCOUNT, context)


def _account_context(request: HttpRequest) -> dict[str, Any]:
    person, today = person_of(request), clock.today()
    return {
        "languages": Language.choices,
        "place_form": PlaceForm(person=person),
        "stand_ins": queries.stand_ins_of(person, today=today),
        "stands_in_for": queries.stands_in_for(person, today=today),
    }


@post_required
def change_contact(request: HttpRequest) -> HttpResponseBase:
    """Store this person's post, unit and telephone."""
    person = person_of(request)
    return act_by_form(
        request,
        ContactForm(request.POST, instance=person),
        act=partial(change_own_contact, person),
        done=_("Saved."),
        back_url=reverse("accounts:my_account"),
        template=_MY_ACCOUNT,
        context=lambda: _account_context(request),
        error_status=422,
    )


@post_required
def choose_place(request: HttpRequest) -> HttpResponseBase:
    """Store where this person works, or that it is where the agency is."""
    person = person_of(request)
    form = PlaceForm(request.POST, person=person)
    if form.is_valid():
        choose_own_place(person, place=form.cleaned_data["place"], now=clock.now())
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose one of the places in the list. Nothing was changed."))
    return redirect("accounts:my_account")


@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Show where this person is signed in, newest first."""
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
    has_others = any(not row["is_current"] for row in rows)
    return render(request, "accounts/sessions.html", {"rows": rows, "has_others": has_others})


@post_required
def end_session(request: HttpRequest, session_id: int) -> HttpResponseBase:
    """End one of one's own sessions; another person's does not exist here."""
    back_url = reverse("accounts:sessions")
    return act_by_button(
        request,
        partial(end_own_session, session_id=session_id),
        done=_("The session was ended."),
        back_url=back_url,
        on_refusal=partial(refusal_toast, request, back_url),
    )


@post_required
def end_other_sessions(request: HttpRequest) -> HttpResponseBase:
    """Sign out everywhere but here."""
    person = person_of(request)
    here = request.session.session_key
    person = sign_out_everywhere(person, actor=person, now=clock.now(), but=here)
    update_session_auth_hash(request, person)
    UserSession.objects.create_from_request(request)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("accounts:sessions")


@login_not_required
@post_required
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Store the language in a cookie and with the person (once they sign in), then return to where it was chosen."""
    form = LanguageForm(request.POST)
    response = HttpResponseRedirect(
        _safe_next(request, request.POST.get("next") or request.headers.get("Referer", ""))
    )
    if not form.is_valid():
        return response
    language, is_signed_in = form.cleaned_data["language"], request.user.is_authenticated
    if is_signed_in:
        choose_language(person_of(request), language=language, now=clock.now())
    keep_language(response, language, is_before_sign_in=not is_signed_in)
    return response


def _safe_next(request: HttpRequest, asked: str) -> str:
    """Return the address to return to, or "/" for one on another host, and for what is none."""
    is_safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_safe and asked.startswith(("/", "http")) else "/"

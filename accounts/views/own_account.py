"""Pages of one's own account: data, language, place."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts import queries
from accounts.access import person_of
from accounts.acting import act_by_form
from accounts.forms import ContactForm, LanguageForm, PlaceForm
from accounts.middleware import keep_language
from accounts.models import Language
from accounts.oidc.provider_settings import provider_name
from accounts.services.people import change_contact as change_own_contact
from accounts.services.people import choose_language
from accounts.services.people import choose_place as choose_own_place
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
        "provider_name": provider_name(),
        "is_provider_connected": queries.is_provider_connected(person),
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

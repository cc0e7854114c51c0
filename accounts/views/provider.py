"""Sign in at the provider, connect one's account there, disconnect it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts import provider_refusals as refusals
from accounts.access import administrators_only, person_of
from accounts.acting import act_by_form
from accounts.attempts import network_of
from accounts.models import User
from accounts.oidc import errors, flow
from accounts.oidc.id_token import Identity
from accounts.oidc.provider_settings import ProviderSettings, the_provider
from accounts.oidc.session import keep_id_token
from accounts.password_forms import OwnPasswordForm
from accounts.proof import note_provider_proof
from accounts.queries import is_provider_connected
from accounts.rate_limits import is_within_rate
from accounts.services import provider_accounts as services
from accounts.sign_in_mails import SignInChange
from accounts.tasks import notify_sign_in_change
from accounts.tokens import INVITATION, user_of_link
from audit import clock
from audit.context import Origin
from audit.errors import DomainError
from audit.middleware import client_address
from privacy.forms import ReasonForm
from ui.methods import post_required
from ui.recent_proof import requires_recent_proof

_LOG = structlog.get_logger(__name__)
#: As for the password: an agency's people share an address.
_REQUESTS_A_MINUTE, _PASSWORDS_A_MINUTE = 60, 5
_ACCOUNT_PAGE = "accounts/provider_account.html"
#: What the provider may send back; more than this of it is no answer.
_FIELDS, _MOST = ("code", "state", "iss", "error"), 4096


@login_not_required
@post_required
@never_cache
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Send the browser to the provider to sign in."""
    return leave(request, flow.Journey(flow.SIGN_IN, next=_onward(request)))


def _onward(request: HttpRequest) -> str:
    """Return the address of ours to which the person wants to go afterwards, or ""."""
    asked = request.POST.get("next", "")
    is_ours = len(asked) <= _MOST // 4 and get_adapter(request).is_safe_url(asked)
    return asked if is_ours else ""


@login_not_required
@post_required
@never_cache
def join(request: HttpRequest, person: str, token: str) -> HttpResponseBase:
    """Send an invited person's browser to the provider; the one-time link stays valid until they come back."""
    if user_of_link(purpose=INVITATION, person=person, token=token) is None:
        return redirect("accounts:set_password", INVITATION, person, token)
    return leave(request, flow.Journey(flow.JOIN, person=person, token=token))


def leave(request: HttpRequest, journey: flow.Journey) -> HttpResponseBase:
    """Send the browser to the provider, with what it keeps until it comes back."""
    provider = the_provider()
    if not _is_within_rate(request, "provider_leave"):
        return refuse(request, refusals.TOO_MANY)
    try:
        address = flow.address_at(provider, journey)
    except errors.ProviderDownError as error:
        _LOG.warning("provider_down", reason=error.reason)
        return refuse(request, refusals.DOWN)
    response = HttpResponseRedirect(address)
    flow.keep(response, journey)
    return response


@login_not_required
@require_GET
@never_cache
def come_back(request: HttpRequest) -> HttpResponse:
    """Show the page that hands on what the provider sent, by itself or by its button: a GET changes nothing."""
    fields = [(name, request.GET.get(name, "")[:_MOST]) for name in _FIELDS]
    response = render(request, "accounts/provider_return.html", {"fields": fields})
    # The address holds the code: it goes to nobody. (Under no-referrer, browsers would send Origin: null.)
    response["Referrer-Policy"] = "strict-origin"
    return response


@login_not_required
@post_required
@never_cache
def finish(request: HttpRequest) -> HttpResponseBase:
    """Take what the provider sent, once: sign in, join, or connect."""
    provider = the_provider()
    if not _is_within_rate(request, "provider_finish"):
        return refuse(request, refusals.TOO_MANY)
    response = _finished(request, provider, {name: request.POST.get(name, "")[:_MOST] for name in _FIELDS})
    flow.forget(response)
    return response


def _finished(request: HttpRequest, provider: ProviderSettings, said: dict[str, str]) -> HttpResponseBase:
    try:
        journey = flow.kept_journey(request, state=said["state"])
        flow.check_issuer(provider, said["iss"])
        if said["error"] == "access_denied":
            return refuse(request, refusals.CANCELLED)
        if said["error"] or not said["code"]:
            raise errors.UntrustedError("error")
        identity = flow.redeem(provider, journey, said["code"])
    except errors.ExpiredError:
        # Back and forward again, after it was finished.
        return redirect("/") if request.user.is_authenticated else refuse(request, refusals.EXPIRED)
    except errors.ProviderDownError as error:
        _LOG.warning("provider_down", reason=error.reason)
        return refuse(request, refusals.DOWN)
    except errors.UntrustedError as error:
        services.record_refused_provider(None, subject="", reason=error.reason, now=clock.now())
        is_clock = isinstance(error, errors.ClockApartError)
        return refuse(request, refusals.CLOCK if is_clock else refusals.UNTRUSTED)
    return _ENDS[journey.purpose](request, journey, identity)


def _sign_in(request: HttpRequest, journey: flow.Journey, identity: Identity) -> HttpResponseBase:
    """Sign in whose account this is; an unknown subject and a deactivated person get the same page."""
    issuer, subject = identity.issuer, identity.subject
    person = services.person_of_subject(issuer=issuer, subject=subject)
    if person is None or not person.is_active or not person.has_joined:
        reason = "inactive" if person else "unknown"
        services.record_refused_provider(person, subject=subject, reason=reason, now=clock.now())
        return refuse(request, refusals.NOT_INVITED)
    return _signed_in(request, person, identity, journey.next or settings.LOGIN_REDIRECT_URL)


def _join(request: HttpRequest, journey: flow.Journey, identity: Identity) -> HttpResponseBase:
    """Accept the invitation whose link began this, and sign in."""
    person = user_of_link(purpose=INVITATION, person=journey.person, token=journey.token)
    if person is None:
        return redirect("accounts:set_password", INVITATION, journey.person, journey.token)
    # Some providers do not say when a person signed in for the first time, which is now.
    if identity.asked_at and not flow.is_asked_anew(journey, identity):
        return _not_asked(request, person, identity)
    try:
        person = services.join_by_provider(
            person, issuer=identity.issuer, subject=identity.subject, now=clock.now()
        )
    except DomainError as refusal:
        return refuse(request, refusals.not_connected(refusal))
    _tell_connected(person)
    return _signed_in(request, person, identity, resolve_url(settings.FIRST_SIGN_IN_URL))


def _connect(request: HttpRequest, journey: flow.Journey, identity: Identity) -> HttpResponseBase:
    """Connect the account with the person who asked for it, if they are still signed in here."""
    person = request.user
    if not isinstance(person, User) or str(person.pk) != journey.person:
        return refuse(request, refusals.EXPIRED)
    if not flow.is_asked_anew(journey, identity):
        return _not_asked(request, person, identity)
    try:
        services.connect_provider(
            person, issuer=identity.issuer, subject=identity.subject, actor=person, now=clock.now()
        )
    except DomainError as refusal:
        return refuse(request, refusals.not_connected(refusal))
    _tell_connected(person)
    keep_id_token(request.session, identity)
    messages.success(request, _("Connected. From now on you may sign in this way."))
    return redirect("accounts:my_account")


def _not_asked(request: HttpRequest, person: User, identity: Identity) -> HttpResponseBase:
    """Connect nobody whom the provider does not say that it asked just now: it may have ignored `prompt=login`."""
    services.record_refused_provider(person, subject=identity.subject, reason="auth_time", now=clock.now())
    return refuse(request, refusals.NOT_ASKED)


def _prove(request: HttpRequest, journey: flow.Journey, identity: Identity) -> HttpResponseBase:
    """Note that whoever is signed in has proved again who they are, if the provider asked them just now."""
    person = request.user
    if not isinstance(person, User) or str(person.pk) != journey.person:
        return refuse(request, refusals.EXPIRED)
    found = services.person_of_subject(issuer=identity.issuer, subject=identity.subject)
    is_theirs = found is not None and found.pk == person.pk
    if not is_theirs or not flow.is_asked_anew(journey, identity):
        reason = "auth_time" if is_theirs else "another"
        services.record_refused_provider(person, subject=identity.subject, reason=reason, now=clock.now())
        return refuse(request, refusals.NOT_PROVED)
    note_provider_proof(
        request,
        person,
        has_second_factor=identity.has_second_factor,
        asked_at=identity.asked_at,
        is_again=True,
    )
    return redirect(journey.next or settings.LOGIN_REDIRECT_URL)


_ENDS: dict[str, Callable[[HttpRequest, flow.Journey, Identity], HttpResponseBase]] = {
    flow.SIGN_IN: _sign_in,
    flow.JOIN: _join,
    flow.CONNECT: _connect,
    flow.PROVE: _prove,
}


def _signed_in(request: HttpRequest, person: User, identity: Identity, address: str) -> HttpResponseBase:
    """Sign in, as by a password: with its Event, a new key of the session, and back to where the person was."""
    if request.user.is_authenticated:
        _leave_session(request, person)
    note_provider_proof(
        request, person, has_second_factor=identity.has_second_factor, asked_at=identity.asked_at
    )
    response: HttpResponseBase = perform_login(request, person, redirect_url=address)
    keep_id_token(request.session, identity)
    return response


def _leave_session(request: HttpRequest, person: User) -> None:
    """Let the key end under which somebody is signed in here; Django keeps it for who signs in over themselves."""
    if request.user.pk != person.pk:
        logout(request)
        return
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    request.session.cycle_key()


def refuse(request: HttpRequest, refusal: refusals.Refusal) -> HttpResponse:
    """Return the page that says why nobody was signed in, and what to do."""
    words = {"provider": the_provider().name}
    context = {"title": refusal.title % words, "text": refusal.text % words}
    return render(request, "accounts/provider_refused.html", context, status=refusal.status)


@never_cache
@require_http_methods(["GET", "POST"])
def prove_at_provider(request: HttpRequest) -> HttpResponseBase:
    """Ask a signed-in person to sign in at the provider once more, to prove that it is they."""
    provider, person = the_provider(), person_of(request)
    if not is_provider_connected(person):
        raise Http404
    if request.method == "POST":
        journey = flow.Journey(flow.PROVE, next=_onward(request), person=str(person.pk))
        return leave(request, journey)
    asked = request.GET.get("next", "")
    others = get_adapter(request).get_reauthentication_methods(person)
    context = {
        "provider": provider,
        "reauthentication_alternatives": [
            {**other, "url": f"{other['url']}?{urlencode({'next': asked})}"}
            for other in others
            if other["url"] != request.path
        ],
    }
    return render(request, "accounts/prove_at_provider.html", context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def connect_provider(request: HttpRequest) -> HttpResponseBase:
    """Ask for the password, then send the browser to the provider; whoever signs in there is connected."""
    provider, person = the_provider(), person_of(request)
    if not _may_try(request):
        return refuse(request, refusals.TOO_MANY)
    form = OwnPasswordForm(request.POST or None, person=person, verb=_("Continue"))
    if form.is_valid():
        return leave(request, flow.Journey(flow.CONNECT, person=str(person.pk)))
    context = {
        "form": form,
        "title": _("Connect %(provider)s") % {"provider": provider.name},
        "note": _(
            "You then sign in at %(provider)s, and may do so from then on. Your rights in Jejak stay as they are."
        )
        % {"provider": provider.name},
    }
    return render(request, _ACCOUNT_PAGE, context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def disconnect_provider(request: HttpRequest) -> HttpResponseBase:
    """Disconnect one's own account, after the password."""
    provider, person = the_provider(), person_of(request)
    if not _may_try(request):
        return refuse(request, refusals.TOO_MANY)
    words = {"provider": provider.name}
    return act_by_form(
        request,
        OwnPasswordForm(request.POST or None, person=person, verb=_("Disconnect")),
        act=partial(_disconnect, person),
        done=_("Disconnected. You sign in with your password."),
        back_url=reverse("accounts:my_account"),
        template=_ACCOUNT_PAGE,
        context={
            "title": _("Disconnect %(provider)s") % words,
            "note": _("You then sign in to Jejak with your e-mail and password."),
        },
    )


@administrators_only
@require_http_methods(["GET", "POST"])
@requires_recent_proof
def end_provider_account(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Disconnect another person's account, with a reason; they are signed out everywhere."""
    provider = the_provider()
    shown = get_object_or_404(User.objects.select_related("agency"), pk=person_id)
    back_url = reverse("accounts:person", args=[person_id])
    return act_by_form(
        request,
        ReasonForm(request.POST or None, verb=_("Disconnect"), cancel_url=back_url),
        act=partial(_disconnect, shown),
        done=_("%(name)s is disconnected and signed out.") % {"name": shown.name},
        back_url=back_url,
        template="accounts/person_form.html",
        context={
            "person": shown,
            "title": _("Disconnect %(provider)s") % {"provider": provider.name},
            "note": _(
                "%(name)s is signed out at once, and then signs in with a password (who has none asks for one under "
                "“Forgotten your password?”)."
            )
            % {"name": shown.name},
        },
    )


def _tell_connected(person: User) -> None:
    notify_sign_in_change(
        person, SignInChange.PROVIDER_CONNECTED, now=clock.now(), detail=the_provider().name
    )


def _disconnect(person: User, **values: Any) -> User:
    """Disconnect, and tell the person; not from where, when an administrator does it."""
    changed = services.disconnect_provider(person, **values)
    notify_sign_in_change(
        changed,
        SignInChange.PROVIDER_DISCONNECTED,
        now=values["now"],
        detail=the_provider().name,
        origin=None if values["actor"] == person else Origin(),
    )
    return changed


def _may_try(request: HttpRequest) -> bool:
    return is_within_rate("provider_password", person_of(request).pk, most=_PASSWORDS_A_MINUTE)


def _is_within_rate(request: HttpRequest, name: str) -> bool:
    return is_within_rate(name, network_of(client_address(request)), most=_REQUESTS_A_MINUTE)

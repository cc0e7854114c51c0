"""Invite people: one, many, or again; and the page where a one-time link leads."""

from functools import partial
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts import people_csv, tasks
from accounts.access import administrators_only
from accounts.acting import asked_text, attempt, refusal_toast, say_and_go
from accounts.forms import BY_MAIL, InvitationForm, PeopleFileForm
from accounts.models import Agency, User
from accounts.oidc.provider_settings import provider_name
from accounts.password_forms import SetPasswordForm
from accounts.services import invitations as services
from accounts.services.sessions import set_own_password
from accounts.sign_in_mails import SignInChange
from accounts.tokens import INVITATION, RESET, TOKENS, link_url, user_of_link
from audit import clock
from ui.methods import post_required
from ui.numbers import whole_number
from ui.recent_proof import requires_recent_proof
from ui.whole_files import refused_status


@administrators_only
@require_http_methods(["GET", "POST"])
@never_cache
@requires_recent_proof(form=InvitationForm)
def invite(request: HttpRequest) -> HttpResponseBase:
    """Invite one person, by mail or by a link that is shown once."""
    form = InvitationForm(
        request.POST or None,
        initial={"agency": _agency_asked_for(request)},
        cancel_url=reverse("accounts:people"),
    )
    delivery = form.cleaned_data.pop("delivery") if form.is_valid() else ""
    outcome = attempt(request, _invite, form=form)
    if outcome.is_done and not outcome.result.is_active:
        return say_and_go(request, outcome.result, done=asked_text, back_url=reverse("accounts:rights"))
    if outcome.is_done:
        return _delivered(request, [outcome.result], delivery=delivery)
    context = {
        "form": form,
        "title": _("Invite a person"),
        "note": _("The link can be used once, within three days."),
    }
    return render(request, "accounts/invite.html", context)


def _invite(**values: Any) -> User:
    """Add the person, and tell the other administrators if one of them must decide."""
    with transaction.atomic():
        person = services.add_person(**values)
        if not person.is_active:
            tasks.tell_administrators(person, actor=values["actor"], now=values["now"])
    return person


@administrators_only
@require_http_methods(["GET", "POST"])
@never_cache
@requires_recent_proof(form=PeopleFileForm)
def invite_many(request: HttpRequest) -> HttpResponseBase:
    """Read a CSV file: first show what it says and what is wrong, then, confirmed, invite all or nobody."""
    form = PeopleFileForm(request.POST or None, request.FILES or None, cancel_url=reverse("accounts:people"))
    context: dict[str, Any] = {"form": form, "columns": people_csv.COLUMNS, "file": None}
    if not form.is_valid():
        return render(request, "accounts/invite_many.html", context, status=refused_status(form, 200))
    text, delivery = form.cleaned_data["text"], form.cleaned_data["delivery"]
    file = people_csv.read(text)
    if not file.errors and "confirmed" in request.POST:
        outcome = attempt(request, partial(services.invite_many, file.newcomers))
        if outcome.refusal is None:
            return _delivered(request, outcome.result, delivery=delivery)
        form.add_error(None, str(outcome.refusal))
    context |= {"file": file, "text": text, "delivery": delivery, "is_by_mail": delivery == BY_MAIL}
    return render(request, "accounts/invite_many.html", context)


@administrators_only
@require_GET
def invite_many_template(request: HttpRequest) -> HttpResponse:
    """Send the CSV to fill in."""
    disposition = {"Content-Disposition": 'attachment; filename="jejak-people.csv"'}
    return HttpResponse(people_csv.template(), content_type="text/csv; charset=utf-8", headers=disposition)


@administrators_only
@post_required
@never_cache
@requires_recent_proof
def reissue_link(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Invite again; earlier links stop working."""
    person = get_object_or_404(User, pk=person_id)
    outcome = attempt(request, partial(services.reissue_link, person))
    if outcome.refusal is not None:
        return refusal_toast(request, reverse("accounts:person", args=[person_id]), outcome.refusal)
    return _delivered(request, [outcome.result], delivery=request.POST.get("delivery", ""))


@login_not_required
@sensitive_post_parameters("password", "password_again")
@never_cache
@require_http_methods(["GET", "POST"])
def set_password(request: HttpRequest, purpose: str, person: str, token: str) -> HttpResponseBase:
    """Set a password by a one-time link, then sign in, with the second factor if there is one. A GET uses nothing up."""
    if purpose not in TOKENS:
        raise Http404
    user = user_of_link(purpose=purpose, person=person, token=token)
    if user is None:
        return _unreferred(
            render(request, "accounts/set_password_dead.html", {"purpose": purpose}, status=410)
        )
    form = SetPasswordForm(request.POST or None, user=user)
    if not form.is_valid():
        is_invitation = purpose == INVITATION
        context = {
            "form": form,
            "person": user,
            "is_invitation": is_invitation,
            "provider_name": provider_name() if is_invitation else "",
            "provider_url": reverse("accounts:provider_join", args=[person, token]),
        }
        return _unreferred(render(request, "accounts/set_password.html", context))
    user = set_own_password(user, password=form.cleaned_data["password"], how=purpose, now=clock.now())
    if request.user.is_authenticated and request.user.pk != user.pk:
        logout(request)
    record_authentication(request, user, "password")
    if purpose == RESET:
        tasks.notify_sign_in_change(user, SignInChange.PASSWORD_RESET, now=clock.now())
    messages.success(request, _("Your password was saved."))
    where = reverse(settings.FIRST_SIGN_IN_URL) if purpose == INVITATION else "/"
    return perform_login(request, user, redirect_url=where)


def _delivered(request: HttpRequest, people: list[User], *, delivery: str) -> HttpResponse:
    """Mail the links, or show them this once; no session, log or table holds one."""
    if delivery == BY_MAIL or any(person.is_mail_only for person in people):
        for person in people:
            tasks.ask_for_mail(tasks.send_invitation, person.pk)
        return render(
            request, "accounts/invited.html", {"title": _("Invited"), "people": people, "links": None}
        )
    links = [{"person": person, "link": link_url(person, purpose=INVITATION)} for person in people]
    context = {"title": _("Invited"), "people": people, "links": links}
    return _unreferred(render(request, "accounts/invited.html", context))


def _unreferred(response: HttpResponse) -> HttpResponse:
    """Keep the secret in the page or its address out of the Referer header.

    (Under `no-referrer` browsers send their form with `Origin: null`, which the CSRF check refuses.)
    """
    response["Referrer-Policy"] = "strict-origin"
    return response


def _agency_asked_for(request: HttpRequest) -> Agency | None:
    """Return the active agency that the address names, or None."""
    asked = whole_number(request.GET.get("agency", ""))
    return Agency.objects.active().filter(pk=asked).first() if asked is not None else None

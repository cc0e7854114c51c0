"""Bringing people in: one, many, or once more; and the page where a one-time link leads."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import people_csv, services, tasks
from accounts.access import administrators_only, person_of
from accounts.forms import BY_MAIL, InvitationForm, PeopleFileForm, SetPasswordForm
from accounts.models import Agency, User
from accounts.services import Newcomer
from accounts.tokens import INVITATION, TOKENS, link_url, user_of_link
from audit import clock
from audit.errors import DomainError
from ui.numbers import whole_number


@administrators_only
@require_http_methods(["GET", "POST"])
@never_cache
def invite(request: HttpRequest) -> HttpResponseBase:
    """One person, by mail or by a link that is shown once."""
    form = InvitationForm(
        request.POST or None,
        initial={"agency": _agency_asked_for(request)},
        cancel_url=reverse("accounts:people"),
    )
    if form.is_valid():
        data = dict(form.cleaned_data)
        delivery = data.pop("delivery")
        try:
            person = services.invite_person(Newcomer(**data), actor=person_of(request), now=clock.now())
        except DomainError as error:
            form.add_error(getattr(error, "field", "") or None, str(error))
        else:
            return _delivered(request, [person], delivery=delivery)
    return render(request, "accounts/invite.html", {"form": form})


@administrators_only
@require_http_methods(["GET", "POST"])
@never_cache
def invite_many(request: HttpRequest) -> HttpResponseBase:
    """A CSV file: first what it says and what is wrong, then, confirmed, all of it or nothing."""
    form = PeopleFileForm(request.POST or None, request.FILES or None, cancel_url=reverse("accounts:people"))
    context: dict[str, Any] = {"form": form, "columns": people_csv.COLUMNS}
    if not form.is_valid():
        return render(request, "accounts/invite_many.html", context)
    text, delivery = form.cleaned_data["text"], form.cleaned_data["delivery"]
    reading = people_csv.read(text)
    if not reading.errors and "confirmed" in request.POST:
        try:
            people = services.invite_many(reading.newcomers, actor=person_of(request), now=clock.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return _delivered(request, people, delivery=delivery)
    context |= {"reading": reading, "text": text, "delivery": delivery, "is_by_mail": delivery == BY_MAIL}
    return render(request, "accounts/invite_many.html", context)


@administrators_only
@require_GET
def invite_many_template(request: HttpRequest) -> HttpResponse:
    """The CSV to fill in."""
    disposition = {"Content-Disposition": 'attachment; filename="jejak-people.csv"'}
    return HttpResponse(people_csv.template(), content_type="text/csv; charset=utf-8", headers=disposition)


@administrators_only
@require_POST
@never_cache
def reissue_link(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """A new invitation; earlier links are dead."""
    person = get_object_or_404(User, pk=person_id)
    try:
        person = services.reissue_link(person, actor=person_of(request), now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("accounts:person", person_id=person_id)
    return _delivered(request, [person], delivery=request.POST.get("delivery", ""))


@login_not_required
@sensitive_post_parameters("password", "password_again")
@never_cache
@require_http_methods(["GET", "POST"])
def set_password(request: HttpRequest, purpose: str, person: str, token: str) -> HttpResponseBase:
    """Where a one-time link leads: a password of one's own, then signed in. A GET uses nothing up."""
    if purpose not in TOKENS:
        raise Http404
    user = user_of_link(purpose=purpose, person=person, token=token)
    if user is None:
        return _unreferred(
            render(request, "accounts/set_password_dead.html", {"purpose": purpose}, status=410)
        )
    form = SetPasswordForm(request.POST or None, user=user)
    if not form.is_valid():
        context = {"form": form, "person": user, "is_invitation": purpose == INVITATION}
        return _unreferred(render(request, "accounts/set_password.html", context))
    user = services.set_own_password(
        user, password=form.cleaned_data["password"], how=purpose, now=clock.now()
    )
    login(request, user, backend="accounts.backends.EmailBackend")
    messages.success(request, _("Your password is saved."))
    return redirect("/")


def _delivered(request: HttpRequest, people: list[User], *, delivery: str) -> HttpResponse:
    """Mails the links, or shows them this once; no session, log or table keeps one."""
    if delivery == BY_MAIL:
        for person in people:
            send = partial(tasks.send_invitation.delay, person.pk)
            transaction.on_commit(send, robust=True)  # a lost broker loses a mail, not the invitation
        return render(request, "accounts/invited.html", {"people": people})
    links = [{"person": person, "link": link_url(person, purpose=INVITATION)} for person in people]
    return _unreferred(render(request, "accounts/invited.html", {"people": people, "links": links}))


def _unreferred(response: HttpResponse) -> HttpResponse:
    """The address or the page holds a secret: no Referer header may carry it. (Under `no-referrer` browsers send
    their form with `Origin: null`, which the CSRF check refuses.)"""
    response["Referrer-Policy"] = "strict-origin"
    return response


def _agency_asked_for(request: HttpRequest) -> Agency | None:
    asked = whole_number(request.GET.get("agency", ""))
    return Agency.objects.active().filter(pk=asked).first() if asked is not None else None

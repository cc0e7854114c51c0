"""Administrators keep people."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import queries as readings
from accounts import services, tasks
from accounts.access import administrators_only, person_of
from accounts.acting import act_by_form
from accounts.forms import AddressForm, MoveForm, PeopleFilterForm, PersonForm
from accounts.models import User, UserQuerySet
from audit import clock
from audit.errors import DomainError
from ui.forms import ReasonForm
from ui.pagination import paginate


@administrators_only
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, narrowed by name or e-mail, agency, role and state."""
    form = PeopleFilterForm(request.GET)
    form.is_valid()
    rows = _narrowed(User.objects.select_related("agency"), form.cleaned_data)
    page = paginate(request, rows, per_page=25)
    return render(request, "accounts/people.html", {"form": form, "page": page})


@administrators_only
@require_GET
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """One person: where they stand now and where they stood."""
    shown = _person_or_404(person_id)
    context = {
        "person": shown,
        "postings": shown.postings.select_related("agency").order_by("-began_at"),
        "is_own": shown.pk == person_of(request).pk,
        "stand_ins": readings.stand_ins_of(shown, today=clock.today()),
    }
    return render(request, "accounts/person.html", context)


@administrators_only
@require_http_methods(["GET", "POST"])
def edit_person(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Name, role, clearance and place; of one's own account name and place alone."""
    actor, shown = person_of(request), _person_or_404(person_id)
    form = PersonForm(
        request.POST or None,
        instance=shown,
        is_own=shown.pk == actor.pk,
        cancel_url=_url_of(shown),
    )
    if form.is_valid():
        kept = {"name": shown.name, "role": shown.role, "clearance": shown.clearance}
        try:
            services.change_person(shown, **{**kept, **form.cleaned_data}, actor=actor, now=clock.now())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(_url_of(shown))
    return render(request, "accounts/edit_person.html", {"form": form, "person": shown})


@administrators_only
@require_http_methods(["GET", "POST"])
def change_address(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """In two steps: which address, then what it means. Both addresses are told."""
    shown, actor = _person_or_404(person_id), person_of(request)
    old = shown.email
    form = AddressForm(request.POST or None, person=shown, cancel_url=_url_of(shown))
    context: dict[str, Any] = {"form": form, "person": shown, "is_own": shown.pk == actor.pk}
    if not form.is_valid() or context["is_own"]:
        return render(request, "accounts/change_address.html", context)
    data = dict(form.cleaned_data)
    if not data.pop("confirmed"):
        return render(request, "accounts/change_address_confirm.html", context | data)
    try:
        shown = services.change_address(shown, **data, actor=actor, now=clock.now())
    except DomainError as error:
        form.add_error("email", str(error))
        return render(request, "accounts/change_address.html", context)
    _tell_both(shown, old=old)
    messages.success(request, _corrected(shown))
    return redirect(_url_of(shown))


def _tell_both(shown: User, *, old: str) -> None:
    """After the commit; a lost broker loses the mails, not the change."""
    for send in (
        partial(tasks.send_address_taken.delay, shown.pk, old),
        partial(tasks.send_address_given.delay, shown.pk),
    ):
        transaction.on_commit(send, robust=True)


def _corrected(shown: User) -> str:
    words = {"name": shown.name, "email": shown.email}
    if shown.has_joined:
        return _("%(name)s now signs in with %(email)s.") % words
    return (
        _("The address of %(name)s is now %(email)s. Send the invitation again: the earlier link is dead.")
        % words
    )


@administrators_only
@require_http_methods(["GET", "POST"])
def move_person(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """In two steps: which agency and why, then what the person loses."""
    shown = _person_or_404(person_id)
    form = MoveForm(request.POST or None, person=shown, cancel_url=_url_of(shown))
    context: dict[str, Any] = {"form": form, "person": shown}
    if not form.is_valid():
        return render(request, "accounts/move_person.html", context)
    agency, reason = form.cleaned_data["agency"], form.cleaned_data["reason"]
    if not form.cleaned_data["confirmed"]:
        return render(
            request, "accounts/move_person_confirm.html", {**context, "agency": agency, "reason": reason}
        )
    try:
        services.move_person(shown, agency=agency, actor=person_of(request), now=clock.now(), reason=reason)
    except DomainError as error:
        form.add_error(None, str(error))
        return render(request, "accounts/move_person.html", context)
    messages.success(
        request, _("%(name)s now belongs to %(code)s.") % {"name": shown.name, "code": agency.code}
    )
    return redirect(_url_of(shown))


@administrators_only
@require_http_methods(["GET", "POST"])
def deactivate_person(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Ends the person's sight and sessions at once, with a reason."""
    shown = _person_or_404(person_id)
    back_url = _url_of(shown)
    return act_by_form(
        request,
        ReasonForm(request.POST or None, verb=_("Deactivate"), tone="danger", cancel_url=back_url),
        act=partial(services.deactivate_person, shown),
        done=_("%(name)s is deactivated and signed out.") % {"name": shown.name},
        back_url=back_url,
        template="accounts/deactivate_person.html",
        context={"person": shown},
    )


@administrators_only
@require_http_methods(["GET", "POST"])
def reactivate_person(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Lets the person sign in again, with a reason."""
    shown = _person_or_404(person_id)
    back_url = _url_of(shown)
    return act_by_form(
        request,
        ReasonForm(request.POST or None, verb=_("Reactivate"), cancel_url=back_url),
        act=partial(services.reactivate_person, shown),
        done=_("%(name)s may sign in again.") % {"name": shown.name},
        back_url=back_url,
        template="accounts/reactivate_person.html",
        context={"person": shown},
    )


@administrators_only
@require_POST
def sign_out_person(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Ends all sessions of another person. One's own are on the page of one's own sessions."""
    shown, actor = _person_or_404(person_id), person_of(request)
    if shown.pk == actor.pk:
        return redirect("accounts:sessions")
    services.sign_out_everywhere(shown, actor=actor, now=clock.now())
    messages.success(request, _("%(name)s is signed out everywhere.") % {"name": shown.name})
    return redirect(_url_of(shown))


def _person_or_404(person_id: int) -> User:
    return get_object_or_404(User.objects.select_related("agency"), pk=person_id)


def _url_of(shown: User) -> str:
    return reverse("accounts:person", kwargs={"person_id": shown.pk})


def _narrowed(rows: UserQuerySet, wanted: dict[str, Any]) -> UserQuerySet:
    if wanted.get("q"):
        rows = rows.named_like(wanted["q"])
    if wanted.get("agency"):
        rows = rows.filter(agency=wanted["agency"])
    if wanted.get("role"):
        rows = rows.filter(role=wanted["role"])
    states: dict[str, dict[str, Any]] = {
        "invited": {"is_active": True, "joined_at": None},
        "inactive": {"is_active": False},
        "all": {},
    }
    return rows.filter(**states.get(wanted.get("state", ""), {"is_active": True}))

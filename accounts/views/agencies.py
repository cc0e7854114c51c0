"""Administrators keep agencies; coordinators see who acts for their own."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import services
from accounts.access import administrators_only, coordinators_only, person_of, refuse
from accounts.acting import act_by_form
from accounts.forms import AgencyForm
from accounts.models import Agency, User
from accounts.permissions import may_name_acting
from accounts.queries import with_stand_ins
from audit import clock
from audit.errors import DomainError
from ui.forms import ReasonForm


@administrators_only
@require_GET
def agencies(request: HttpRequest) -> HttpResponse:
    """All agencies; those without anybody who could act stand out."""
    rows: list[Any] = list(Agency.objects.with_people_counts().order_by("-is_active", "code"))
    waiting = ", ".join(agency.code for agency in rows if agency.is_active and not agency.has_actor)
    return render(request, "accounts/agencies.html", {"agencies": rows, "waiting": waiting})


@administrators_only
@require_http_methods(["GET", "POST"])
def add_agency(request: HttpRequest) -> HttpResponseBase:
    """A new agency with its code and both names."""
    form = AgencyForm(request.POST or None, cancel_url=reverse("accounts:agencies"))
    if form.is_valid():
        try:
            agency = services.add_agency(**form.cleaned_data, actor=person_of(request), now=clock.now())
        except DomainError as error:
            form.add_error(getattr(error, "field", "") or "code", str(error))
        else:
            messages.success(request, _("%(code)s is added.") % {"code": agency.code})
            return redirect("accounts:agencies")
    return render(request, "accounts/add_agency.html", {"form": form})


@administrators_only
@require_http_methods(["GET", "POST"])
def edit_agency(request: HttpRequest, agency_id: int) -> HttpResponseBase:
    """New code or names (earlier ones stay answerable "as at"), place or shared mailbox."""
    agency = get_object_or_404(Agency, pk=agency_id)
    back_url = reverse("accounts:agencies")
    return act_by_form(
        request,
        AgencyForm(request.POST or None, instance=agency, cancel_url=back_url),
        act=partial(services.change_agency, agency),
        done=_("Saved."),
        back_url=back_url,
        template="accounts/edit_agency.html",
        context={"agency": agency},
        error_field="code",
    )


@administrators_only
@require_http_methods(["GET", "POST"])
def deactivate_agency(request: HttpRequest, agency_id: int) -> HttpResponseBase:
    """No new people and assignments from now on, with a reason."""
    agency = get_object_or_404(Agency, pk=agency_id)
    back_url = reverse("accounts:agencies")
    return act_by_form(
        request,
        ReasonForm(request.POST or None, verb=_("Deactivate"), tone="danger", cancel_url=back_url),
        act=partial(services.deactivate_agency, agency),
        done=_("%(code)s is deactivated.") % {"code": agency.code},
        back_url=back_url,
        template="accounts/deactivate_agency.html",
        context={"agency": agency},
    )


@administrators_only
@require_http_methods(["GET", "POST"])
def reactivate_agency(request: HttpRequest, agency_id: int) -> HttpResponseBase:
    """Takes people and assignments again, with a reason."""
    agency = get_object_or_404(Agency, pk=agency_id)
    back_url = reverse("accounts:agencies")
    return act_by_form(
        request,
        ReasonForm(request.POST or None, verb=_("Reactivate"), cancel_url=back_url),
        act=partial(services.reactivate_agency, agency),
        done=_("%(code)s is active again.") % {"code": agency.code},
        back_url=back_url,
        template="accounts/reactivate_agency.html",
        context={"agency": agency},
    )


@coordinators_only
@require_GET
def my_agency(request: HttpRequest) -> HttpResponse:
    """The people of the coordinator's own agency, who is acting coordinator, and who stands in for whom."""
    coordinator = person_of(request)
    rows = User.objects.active().in_agency(coordinator.agency_id).order_by("role", "name", "pk")
    people = with_stand_ins(rows, today=clock.today())
    return render(request, "accounts/my_agency.html", {"people": people, "agency": coordinator.agency})


@require_POST
def name_acting(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Names an officer as acting coordinator of the agency, or no longer."""
    actor = person_of(request)
    person = get_object_or_404(User.objects.select_related("agency"), pk=person_id)
    if not may_name_acting(actor, person):
        refuse(request, person, agency_id=person.agency_id)
    is_acting = request.POST.get("is_acting") == "yes"
    try:
        services.name_acting(person, is_acting=is_acting, actor=actor, now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
    if actor.is_administrator:
        return redirect("accounts:person", person_id=person.pk)
    return redirect("accounts:my_agency")

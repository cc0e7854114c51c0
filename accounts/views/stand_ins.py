"""Who stands in for whom: the coordinator's, an administrator's and everybody's own act."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import queries as readings
from accounts import services
from accounts.access import person_of, refuse
from accounts.acting import act_by_form
from accounts.forms import StandInForm
from accounts.models import StandIn, User
from accounts.permissions import may_name_stand_in
from audit import clock
from audit.errors import DomainError


@require_http_methods(["GET", "POST"])
def stand_ins(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Who stands in for a person now and later, and the form that names another one."""
    actor = person_of(request)
    absent = get_object_or_404(User.objects.agency_actors().select_related("agency"), pk=person_id)
    if not may_name_stand_in(actor, absent):
        refuse(request, absent, agency_id=absent.agency_id)
    today = clock.today()
    form = StandInForm(request.POST or None, absent=absent, today=today)
    context: dict[str, Any] = {
        "person": absent,
        "is_own": actor.pk == absent.pk,
        "stand_ins": readings.stand_ins_of(absent, today=today),
        "has_colleagues": User.objects.able_to_act().colleagues_of(absent).exists(),
    }
    return act_by_form(
        request,
        form,
        act=partial(services.name_stand_in, absent),
        done=_("The stand-in is named."),
        back_url=_back_to(actor, absent),
        template="accounts/stand_ins.html",
        context=context,
    )


@require_POST
def end_stand_in(request: HttpRequest, stand_in_id: int) -> HttpResponseBase:
    """Ends one, begun or not, with one click."""
    actor = person_of(request)
    stand_in = get_object_or_404(StandIn.objects.select_related("absent"), pk=stand_in_id)
    if not may_name_stand_in(actor, stand_in.absent):
        refuse(request, stand_in, agency_id=stand_in.absent.agency_id)
    try:
        services.end_stand_in(stand_in, actor=actor, now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The stand-in is ended."))
    return redirect(_back_to(actor, stand_in.absent))


def _back_to(actor: User, absent: User) -> str:
    """The page on which this actor sees the stand-ins of who is away."""
    if actor.pk == absent.pk:
        return reverse("accounts:my_account")
    name = "accounts:person" if actor.is_administrator else "accounts:stand_ins"
    return reverse(name, kwargs={"person_id": absent.pk})

"""Pages on which coordinators, administrators and people themselves name stand-ins."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import queries
from accounts.access import person_of
from accounts.acting import act_by_button, act_by_form, refusal_toast
from accounts.forms import StandInForm
from accounts.models import StandIn, User
from accounts.permissions import may_name_stand_in
from accounts.services import stand_ins as services
from audit import clock
from audit.refusals import refuse
from ui.methods import post_required


@require_http_methods(["GET", "POST"])
def stand_ins(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Show who stands in for a person now and later, and the form that names another one."""
    actor = person_of(request)
    absent = get_object_or_404(User.objects.agency_actors().select_related("agency"), pk=person_id)
    if not may_name_stand_in(actor, absent):
        refuse(request, absent, agency_id=absent.agency_id)
    today = clock.today()
    form = StandInForm(request.POST or None, absent=absent, today=today)
    context: dict[str, Any] = {
        "person": absent,
        "is_own": actor.pk == absent.pk,
        "stand_ins": queries.stand_ins_of(absent, today=today),
        "has_colleagues": User.objects.able_to_act().colleagues_of(absent).exists(),
    }
    return act_by_form(
        request,
        form,
        act=partial(services.name_stand_in, absent),
        done=_("The stand-in was named."),
        back_url=_back_to(actor, absent),
        template="accounts/stand_ins.html",
        context=context,
    )


@post_required
def end_stand_in(request: HttpRequest, stand_in_id: int) -> HttpResponseBase:
    """End a stand-in, begun or not, with one click."""
    actor = person_of(request)
    stand_in = get_object_or_404(StandIn.objects.select_related("absent"), pk=stand_in_id)
    if not may_name_stand_in(actor, stand_in.absent):
        refuse(request, stand_in, agency_id=stand_in.absent.agency_id)
    back_url = _back_to(actor, stand_in.absent)
    return act_by_button(
        request,
        partial(services.end_stand_in, stand_in),
        done=_("The stand-in was ended."),
        back_url=back_url,
        on_refusal=partial(refusal_toast, request, back_url),
    )


def _back_to(actor: User, absent: User) -> str:
    """Return the page on which this actor sees the absent person's stand-ins."""
    if actor.pk == absent.pk:
        return reverse("accounts:my_account")
    name = "accounts:person" if actor.is_administrator else "accounts:stand_ins"
    return reverse(name, kwargs={"person_id": absent.pk})

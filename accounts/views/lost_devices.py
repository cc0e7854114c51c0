"""Pages on which administrators let a person in again whose second factors are lost: two of them, one after the other."""

from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import tasks
from accounts.access import administrators_only, person_of
from accounts.acting import act_by_button, act_by_form, posted, refusal_toast, request_time
from accounts.lost_devices import REASON_LENGTH, LostDevice
from accounts.models import User
from accounts.second_eyes import asked_of_another
from accounts.services import lost_devices as services
from accounts.sign_in_mails import SignInChange
from audit.context import Origin
from privacy.forms import ReasonForm
from ui.methods import post_required
from ui.recent_proof import requires_recent_proof


@administrators_only
@require_GET
def lost_devices(request: HttpRequest) -> HttpResponse:
    """Show what waits for another administrator, and what was decided lately."""
    reader, now = person_of(request), request_time(request)
    rows = LostDevice.objects.all()
    asked = asked_of_another(rows, rows.open(now), reader=reader, now=now)
    return render(request, "accounts/factors/lost_devices.html", {"title": _("Lost devices"), **asked})


@administrators_only
@require_http_methods(["GET", "POST"])
@requires_recent_proof
def ask_for_new_device(request: HttpRequest, person_id: int) -> HttpResponseBase:
    """Ask, with a reason, that another administrator remove a person's second factors."""
    person = get_object_or_404(User.objects.select_related("agency"), pk=person_id)
    back_url = reverse("accounts:person", args=[person.pk])
    return act_by_form(
        request,
        ReasonForm(posted(request), verb=_("Ask"), cancel_url=back_url, max_length=REASON_LENGTH),
        act=partial(_ask, person),
        done=_("Asked. Another administrator can grant it within 24 hours."),
        back_url=reverse("accounts:lost_devices"),
        template="accounts/person_form.html",
        context={
            "person": person,
            "title": _("Lost device"),
            "note": _(
                "First make sure that it is %(name)s who asks: call a number that you know. Another administrator "
                "must grant it within 24 hours. Then all sessions end, and the password too; a link in their mailbox "
                "lets them choose a new one and add a new second factor. They get an e-mail now, and one when it is granted."
            )
            % {"name": person.name},
        },
    )


def _ask(person: User, **values: Any) -> LostDevice:
    made = services.ask_for_new_device(person, **values)
    tasks.notify_sign_in_change(person, SignInChange.LOST_ASKED, now=values["now"], origin=Origin())
    return made


@administrators_only
@post_required
@requires_recent_proof
def grant_new_device(request: HttpRequest, ask_id: int) -> HttpResponseBase:
    """Grant what another administrator has asked."""
    return _decide(
        request, ask_id, _grant, _("Granted. %(name)s gets an e-mail with a link to choose a new password.")
    )


def _grant(ask: LostDevice, **values: Any) -> LostDevice:
    with transaction.atomic():
        granted = services.grant_new_device(ask, **values)
        tasks.ask_for_mail(tasks.send_new_device_link, ask.person_id)
    return granted


@administrators_only
@post_required
def withdraw_ask(request: HttpRequest, ask_id: int) -> HttpResponseBase:
    """Withdraw an ask, one's own or another's."""
    return _decide(request, ask_id, services.withdraw_ask, _("Withdrawn. Nothing changes for %(name)s."))


def _decide(request: HttpRequest, ask_id: int, act: Any, done: str) -> HttpResponseBase:
    ask = get_object_or_404(LostDevice.objects.select_related("person"), pk=ask_id)
    back_url = reverse("accounts:lost_devices")
    return act_by_button(
        request,
        partial(act, ask),
        done=done % {"name": ask.person.name},
        back_url=back_url,
        on_refusal=partial(refusal_toast, request, back_url),
    )

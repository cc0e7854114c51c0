"""Pages on which a second administrator decides who becomes an administrator or gets a higher clearance."""

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import tasks
from accounts.access import administrators_only, person_of
from accounts.acting import act_by_button, act_by_form, acting, posted, refusal_toast, request_time
from accounts.models import RightsRequest, User
from accounts.rights import RightsOutcome
from accounts.rights_forms import RightsDecisionForm
from accounts.second_eyes import asked_of_another, may_be_second_eyes
from accounts.services import rights as services
from accounts.sign_in_mails import SignInChange
from audit.context import Origin
from ui.methods import post_required
from ui.recent_proof import requires_recent_proof


@administrators_only
@require_GET
def rights(request: HttpRequest) -> HttpResponse:
    """Show what waits for a second administrator, and what was decided lately."""
    reader, now = person_of(request), request_time(request)
    rows = RightsRequest.objects.all()
    asked = asked_of_another(rows, rows.open(), reader=reader, now=now)
    return render(request, "accounts/rights/list.html", {"title": _("Requests for rights"), **asked})


@administrators_only
@require_http_methods(["GET", "POST"])
@requires_recent_proof(form=RightsDecisionForm)
def decide_on_rights(request: HttpRequest, request_id: int) -> HttpResponseBase:
    """Grant or refuse, with a reason, what another administrator asked for."""
    rows = RightsRequest.objects.select_related("person__agency", "asked_by")
    asked = get_object_or_404(rows, pk=request_id)
    back_url = reverse("accounts:rights")
    is_mine = asked.person_id == person_of(request).pk
    if (
        asked.decided_at
        or is_mine
        or not may_be_second_eyes(**acting(request), asked_by_id=asked.asked_by_id)
    ):
        messages.info(request, _("There is nothing here for you to decide."))
        return redirect(back_url)
    return act_by_form(
        request,
        RightsDecisionForm(posted(request), cancel_url=back_url),
        act=partial(_decide, asked),
        done=_done,
        back_url=back_url,
        template="accounts/rights/decide.html",
        context={"title": _("Decide"), "note": "", "asked": asked},
    )


def _decide(asked: RightsRequest, **values: Any) -> RightsRequest:
    """Decide, and tell who asked and, if it was granted, the person."""
    with transaction.atomic():
        decided = services.decide_on_rights(asked, **values)
        person, now = decided.person, values["now"]
        if decided.outcome == RightsOutcome.GRANTED:
            kind = SignInChange.RIGHTS_GRANTED
            if person.has_joined:
                _tell(person, SignInChange.RIGHTS_RAISED, now=now)
            else:
                tasks.ask_for_mail(tasks.send_invitation, person.pk)
        else:
            kind = SignInChange.RIGHTS_REFUSED
        _tell(asked.asked_by, kind, now=now, about=person)
    return decided


def _done(decided: RightsRequest) -> str:
    words = {"name": decided.person.name}
    if decided.outcome == RightsOutcome.REFUSED:
        return _("Refused. Nothing changes for %(name)s.") % words
    if decided.person.has_joined:
        return _("Granted. %(name)s must sign in again.") % words
    return _("Granted. %(name)s gets an e-mail with a link.") % words


@administrators_only
@post_required
def withdraw_request(request: HttpRequest, request_id: int) -> HttpResponseBase:
    """Withdraw what one has asked for."""
    asked = get_object_or_404(RightsRequest.objects.select_related("person"), pk=request_id)
    back_url = reverse("accounts:rights")
    return act_by_button(
        request,
        partial(services.withdraw_request, asked),
        done=_("Withdrawn. Nothing changes for %(name)s.") % {"name": asked.person.name},
        back_url=back_url,
        on_refusal=partial(refusal_toast, request, back_url),
    )


def _tell(person: User, kind: SignInChange, *, now: datetime, about: User | None = None) -> None:
    tasks.notify_sign_in_change(person, kind, now=now, detail=about.name if about else "", origin=Origin())

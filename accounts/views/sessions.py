"""Pages of one's own sessions and known devices, and how long this session still lasts."""

from collections.abc import Callable
from functools import partial
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.access import person_of
from accounts.acting import act_by_button, keep_this_session, refusal_toast
from accounts.browsers import short_name
from accounts.devices import hash_of, token_of
from accounts.models import User
from accounts.services.devices import devices_of, forget_device, forget_devices
from accounts.services.sessions import end_own_session, sign_out_everywhere
from accounts.session_limits import limits_of, seconds_left, use_now
from audit import clock
from ui.methods import post_required


@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Show where this person is signed in, and from which devices they have signed in lately; newest first."""
    person = person_of(request)
    mine = list(UserSession.objects.filter(user=person).order_by("-created_at"))
    keys = Session.objects.filter(session_key__in=[row.session_key for row in mine])
    alive = set(keys.filter(expire_date__gt=timezone.now()).values_list("session_key", flat=True))
    rows = [
        {
            "session": row,
            "browser": short_name(row.user_agent),
            "is_current": row.session_key == request.session.session_key,
        }
        for row in mine
        if row.session_key in alive
    ]
    here = hash_of(token_of(request))
    devices = [
        {"device": device, "browser": short_name(device.user_agent), "is_current": device.token_hash == here}
        for device in devices_of(person)
    ]
    context = {
        "rows": rows,
        "has_others": any(not row["is_current"] for row in rows),
        "devices": devices,
        "has_other_devices": any(not row["is_current"] for row in devices),
    }
    return render(request, "accounts/sessions.html", context)


@post_required
def end_session(request: HttpRequest, session_id: int) -> HttpResponseBase:
    """End one of one's own sessions; another person's does not exist here."""
    return _ended(request, partial(end_own_session, session_id=session_id), done=_("The session was ended."))


@post_required
def end_other_sessions(request: HttpRequest) -> HttpResponseBase:
    """Sign out everywhere but here."""
    person = person_of(request)
    ended = sign_out_everywhere(person, actor=person, now=clock.now(), but=request.session.session_key)
    keep_this_session(request, ended)
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("accounts:sessions")


@post_required
def remove_device(request: HttpRequest, device_id: int) -> HttpResponseBase:
    """Forget one of one's own known devices; another person's does not exist here."""
    return _ended(request, partial(forget_device, device_id=device_id), done=_("The device was removed."))


@post_required
def remove_other_devices(request: HttpRequest) -> HttpResponseBase:
    """Forget all of one's own known devices but this one."""
    forget_others = partial(forget_devices, person_of(request), but=token_of(request))
    return _ended(request, forget_others, done=_("All other devices were removed."))


def _ended(request: HttpRequest, act: Callable[..., Any], *, done: str) -> HttpResponseBase:
    """Do the act; say on the page of the sessions that it is done, or why not."""
    back_url = reverse("accounts:sessions")
    refused = partial(refusal_toast, request, back_url)
    return act_by_button(request, act, done=done, back_url=back_url, on_refusal=refused)


@login_not_required
@never_cache
@require_GET
def session_left(request: HttpRequest) -> HttpResponse:
    """Tell the page's script how many seconds the session lasts if nothing more is done; 0 without one.

    Pages ask by themselves, so asking is no use of the session.
    """
    return JsonResponse({"seconds": _seconds_left(request)})


vars(session_left)["is_asked_by_pages"] = True


@post_required
def stay_signed_in(request: HttpRequest) -> HttpResponseBase:
    """Take the person's word that they are still there; the answer says how many seconds the session lasts now."""
    use_now(request.session)
    return JsonResponse({"seconds": _seconds_left(request)})


def _seconds_left(request: HttpRequest) -> int:
    person = request.user
    return max(seconds_left(request.session, limits_of(person.role)), 0) if isinstance(person, User) else 0

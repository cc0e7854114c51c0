"""Ask people for their password or second factor again before what only they may do."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest, HttpResponseBase

from accounts.access import person_of
from accounts.factors import PROVIDER
from accounts.models import User

View = Callable[..., HttpResponseBase]


def proved_again(view: View) -> View:
    """Return the view for who signed in, or proved again who they are, within the last minutes.

    Anybody else is asked first and then led back (allauth's reauthentication). Whoever leaves a desk open leaves
    a session, not the means to keep it.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not has_proved_lately(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return asked


def has_proved_lately(request: HttpRequest) -> bool:
    """Return whether this session's newest password or second factor is fresh."""
    records = get_authentication_records(request, person_of(request))
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def used_factor(request: HttpRequest, person: User) -> str:
    """Return the kind of the second factor that this session was opened with, or has proved since; "" for none."""
    records = get_authentication_records(request, person)
    return next((str(each.get("type", "")) for each in reversed(records) if each.get("method") == "mfa"), "")


def note_provider_proof(request: HttpRequest, person: User, *, has_second_factor: bool) -> None:
    """Note that the person proved at the provider who they are, and, if it says so, by a second factor too."""
    record_authentication(request, person, method=PROVIDER)
    if has_second_factor:
        record_authentication(request, person, method="mfa", type=PROVIDER)

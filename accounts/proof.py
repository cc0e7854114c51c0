"""How people have proved in this session who they are."""

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from django.http import HttpRequest

from accounts.factors import PROVIDER
from accounts.models import User


def used_factor(request: HttpRequest, person: User) -> str:
    """Return the kind of the second factor that this session was opened with, or has proved since; "" for none."""
    records = get_authentication_records(request, person)
    return next((str(each.get("type", "")) for each in reversed(records) if each.get("method") == "mfa"), "")


def note_provider_proof(
    request: HttpRequest,
    person: User,
    *,
    has_second_factor: bool,
    asked_at: int | None,
    is_again: bool = False,
) -> None:
    """Note that the person proved at the provider who they are, and, if it says so, by a second factor too.

    `asked_at`: when the provider asked them, in seconds since 1970; None where it does not say: then the proof opens a
    session, and is old at once. `is_again`: they were signed in here already.
    """
    facts = {"proved_at": asked_at or 0, "reauthenticated": is_again or None}
    record_authentication(request, person, method=PROVIDER, **facts)
    if has_second_factor:
        record_authentication(request, person, method="mfa", type=PROVIDER, proved_at=asked_at or 0)

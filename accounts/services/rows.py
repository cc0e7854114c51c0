"""What the services of accounts share: locked rows, sessions, and Events."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from audit.errors import NotNow
from audit.services import record


def locked_person(person: User) -> User:
    """Return the row as it is now, with the agency, locked until the transaction ends."""
    rows = User.objects.select_for_update(no_key=True, of=("self",)).select_related("agency")
    return rows.get(pk=person.pk)


def record_on(
    person: User,
    action: str,
    *,
    actor: User | None,
    now: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    """Add one Event about a person, as a matter of their present agency."""
    record(
        action=action,
        actor=actor,
        obj=person,
        label=person.name,
        agency_id=person.agency_id,
        before=before,
        after=after,
        reason=reason,
        now=now,
    )


def facts_of(person: User) -> dict[str, Any]:
    """Return what an Event records of a person, in values that outlive the row."""
    return {
        "name": person.name,
        "role": str(person.role),
        "clearance": int(person.clearance),
        "agency": person.agency.code,
        "is_active": person.is_active,
        "is_acting": person.is_acting,
        "place": str(person.place),
    }


def end_sessions(person: User, *, but: str | None = None) -> int:
    """Delete the person's sessions and raise the number in every session's hash; return how many ended.

    Does not save the person. `but` is the key of a session whose row stays.
    """
    person.sessions_number += 1
    sessions = list(UserSession.objects.filter(user=person).exclude(session_key=but or ""))
    for session in sessions:
        session.end()
    return len(sessions)


def open_agency(agency: Agency) -> Agency:
    """Return the agency as it is now, locked so that nobody deactivates it meanwhile. Raises NotNow."""
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if not agency.is_active:
        raise NotNow(_("%(code)s is not an active agency.") % {"code": agency.code})
    return agency

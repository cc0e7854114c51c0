"""What the services of this room share: the locked row of a person, and their Events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from accounts.models import User
from audit.services import record


def locked_person(person: User) -> User:
    """The row as it stands now, with the agency, locked until the transaction ends."""
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
    """Adds one Event about a person, as a matter of the agency to which they belong now."""
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

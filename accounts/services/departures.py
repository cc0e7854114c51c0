"""A person leaves: what they are responsible for goes to a colleague, then their access ends."""

from datetime import datetime

from django.db import transaction

from accounts.extensions import handovers
from accounts.models import User
from accounts.services.people import deactivate_person


@transaction.atomic
def hand_over_and_deactivate(
    person: User,
    *,
    reason: str,
    identities_reason: str = "",
    colleague: User | None = None,
    actor: User,
    now: datetime,
) -> User:
    """Deactivate a person; first name the colleague, if any, wherever the person is responsible. All of it or nothing.

    Raises what `deactivate_person` raises, and NotNow for a colleague who cannot act for the agency.
    """
    if colleague is not None:
        for hand_over in handovers.values():
            hand_over(person, colleague=colleague, actor=actor, now=now)
    return deactivate_person(person, reason=reason, identities_reason=identities_reason, actor=actor, now=now)

"""Administrators and higher clearances take two: one administrator asks, another grants or refuses."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import RightsRequest, User
from accounts.rights import RightsOutcome
from accounts.second_eyes import must_be_second_eyes
from accounts.services.checks import (
    end_sessions,
    facts_of,
    lock_with_administrators,
    open_agency,
    record_on,
    require_clearance_within,
    save_with_event,
)
from audit.errors import NotAllowed, NotNow
from privacy.checks import IdentityNote, check_identities


@transaction.atomic
def decide_on_rights(
    asked: RightsRequest,
    *,
    is_granted: bool,
    reason: str,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> RightsRequest:
    """Give the person what was asked for, or refuse it. Who was let in anew still needs the link, by mail.

    Raises NotAllowed for who may not, who asked, whom it is about, or who is tied to who asked; BadValue for who would grant
    a clearance above their own; NotNow when it is decided, or the person was deactivated after it was asked.
    """
    person, _others = lock_with_administrators(asked.person, actor=actor)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    asked = _open(asked)
    if actor.pk == person.pk:
        raise NotAllowed(_("This is about yourself: other administrators must do it."))
    must_be_second_eyes(actor, asked_by_id=asked.asked_by_id, now=now)
    _settle(
        asked,
        RightsOutcome.GRANTED if is_granted else RightsOutcome.REFUSED,
        reason=reason,
        actor=actor,
        now=now,
    )
    if is_granted:
        if asked.is_activating or asked.clearance > person.clearance:
            require_clearance_within(asked.clearance, actor=actor)
        _give(person, asked, reason=reason, identities=identities, actor=actor, now=now)
    else:
        facts = identities.trail_facts
        record_on(person, "person.rights_refused", actor=actor, now=now, after=facts, reason=reason.strip())
    asked.person = person
    return asked


@transaction.atomic
def withdraw_request(asked: RightsRequest, *, actor: User, now: datetime) -> RightsRequest:
    """Withdraw what one has asked for. Raises NotAllowed for anybody else, NotNow when it is decided."""
    person, _others = lock_with_administrators(asked.person, actor=actor)
    asked = _open(asked)
    if actor.pk != asked.asked_by_id:
        raise NotAllowed(_("Only who asked may withdraw this. You can refuse it."))
    _settle(asked, RightsOutcome.WITHDRAWN, reason="", actor=actor, now=now)
    record_on(person, "person.rights_withdrawn", actor=actor, now=now)
    return asked


def _open(asked: RightsRequest) -> RightsRequest:
    """Return the request as it is now, locked. Raises NotNow when it is decided."""
    found = RightsRequest.objects.open().select_for_update(no_key=True).filter(pk=asked.pk).first()
    if found is None:
        raise NotNow(_("This was already decided or withdrawn."))
    return found


def _settle(asked: RightsRequest, outcome: RightsOutcome, *, reason: str, actor: User, now: datetime) -> None:
    asked.decided_by, asked.decided_at = actor, now
    asked.outcome, asked.decision_reason = outcome, reason.strip()
    asked.save(update_fields=["decided_by", "decided_at", "outcome", "decision_reason"])


def _give(
    person: User,
    asked: RightsRequest,
    *,
    reason: str,
    identities: IdentityNote,
    actor: User,
    now: datetime,
) -> None:
    """Change the person as it was asked. Raises NotNow."""
    if not person.is_active and not asked.is_activating:
        raise NotNow(_("%(name)s was deactivated.") % {"name": person.name})
    before = facts_of(person)
    if asked.is_activating:
        open_agency(person.agency)
        person.is_active, person.deactivated_at = True, None
    person.role, person.clearance = asked.role, asked.clearance
    person.is_acting = person.is_acting and person.is_officer
    end_sessions(person)
    save_with_event(
        person,
        "person.rights_granted",
        before=before,
        actor=actor,
        now=now,
        reason=reason,
        identities=identities,
    )

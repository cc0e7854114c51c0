"""Let a person in again whose second factors are lost: one administrator asks, another grants, the person is told."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.factors import has_factor
from accounts.lost_devices import LostDevice, LostDeviceOutcome
from accounts.models import User
from accounts.permissions import may_keep_people
from accounts.second_eyes import must_be_second_eyes
from accounts.services.checks import end_sessions, locked_person, record_on
from audit.errors import NotAllowed, NotNow
from privacy.checks import check_identities


@transaction.atomic
def ask_for_new_device(
    person: User, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> LostDevice:
    """Ask that another administrator remove a person's second factors, within a day.

    Raises NotAllowed for who may not or for oneself, NotNow when the person has none, is inactive, or when somebody
    has asked already.
    """
    _may_act_on(actor, person)
    person = locked_person(person)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    if not person.is_active:
        raise NotNow(_("%(name)s was already deactivated.") % {"name": person.name})
    if not has_factor(person):
        raise NotNow(_("%(name)s has no second factor that could be lost.") % {"name": person.name})
    if LostDevice.objects.open(now).filter(person=person).exists():
        raise NotNow(_("Somebody has asked already. Another administrator can grant it."))
    made = LostDevice.objects.create(person=person, reason=reason.strip(), asked_by=actor, asked_at=now)
    facts = identities.trail_facts
    record_on(person, "factor.loss_reported", actor=actor, now=now, after=facts, reason=reason.strip())
    return made


@transaction.atomic
def grant_new_device(ask: LostDevice, *, actor: User, now: datetime) -> LostDevice:
    """Remove the person's second factors and password, and end every session: only their mailbox lets them in again.

    Raises NotAllowed for who may not, for who asked or is tied to them, and for the person; NotNow when it is no longer open.
    """
    person = locked_person(ask.person)
    ask = _open(ask, now=now)
    _may_act_on(actor, person)
    must_be_second_eyes(actor, asked_by_id=ask.asked_by_id, now=now)
    ask.decided_by, ask.decided_at, ask.outcome = actor, now, LostDeviceOutcome.GRANTED
    ask.save(update_fields=["decided_by", "decided_at", "outcome"])
    _remove_all(person)
    record_on(person, "factor.loss_granted", actor=actor, now=now, reason=ask.reason)
    return ask


@transaction.atomic
def withdraw_ask(ask: LostDevice, *, actor: User, now: datetime) -> LostDevice:
    """Withdraw or turn down an open ask. Raises NotAllowed for who may not, NotNow when it is no longer open."""
    person = locked_person(ask.person)
    ask = _open(ask, now=now)
    if not may_keep_people(actor):
        raise NotAllowed(_("Only an administrator may do this."))
    ask.decided_by, ask.decided_at, ask.outcome = actor, now, LostDeviceOutcome.WITHDRAWN
    ask.save(update_fields=["decided_by", "decided_at", "outcome"])
    record_on(person, "factor.loss_withdrawn", actor=actor, now=now)
    return ask


@transaction.atomic
def remove_factors_as_owner(person: User, *, reason: str, now: datetime) -> User:
    """Do the same from the server's command line, where no second administrator exists. Raises NotNow."""
    person = locked_person(person)
    if not has_factor(person):
        raise NotNow(_("%(name)s has no second factor that could be lost.") % {"name": person.name})
    _remove_all(person)
    record_on(
        person, "factor.loss_granted", actor=None, now=now, after={"by": "command"}, reason=reason.strip()
    )
    return person


def _may_act_on(actor: User, person: User) -> None:
    if not may_keep_people(actor):
        raise NotAllowed(_("Only an administrator may do this."))
    if actor.pk == person.pk:
        raise NotAllowed(_("This is about yourself: other administrators must do it."))


def _open(ask: LostDevice, *, now: datetime) -> LostDevice:
    found = LostDevice.objects.open(now).select_for_update().filter(pk=ask.pk).first()
    if found is None:
        raise NotNow(_("This was already decided, or a day has passed. Ask again."))
    return found


def _remove_all(person: User) -> None:
    """Remove the factors; a password that somebody may have stolen does not add the next one."""
    Authenticator.objects.filter(user=person).delete()
    person.set_unusable_password()
    end_sessions(person)
    person.save(update_fields=["password", "sessions_number"])

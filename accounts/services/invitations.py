"""Invite people: one, many, or again. Mails leave after the commit; no link is ever stored."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import NAME_LENGTH, Agency, Language, RightsRequest, User, default_clearance
from accounts.people_csv import Newcomer
from accounts.permissions import may_keep_people, needs_second_eyes
from accounts.services.checks import (
    address_of_ones_own,
    ask_for_rights,
    facts_of,
    hold_addresses,
    known_place,
    locked_person,
    open_agency,
    record_on,
    require_clearance_within,
)
from accounts.texts import require_line
from audit.errors import NotAllowed, NotNow
from privacy.checks import check_identities


@transaction.atomic
def add_person(
    *,
    name: str,
    email: str,
    role: str,
    agency: Agency,
    clearance: int | None = None,
    language: str = Language.MALAY,
    place: str = "",
    reason: str = "",
    identities_reason: str = "",
    actor: User | None,
    now: datetime,
) -> User:
    """Add one person, who cannot sign in before opening a one-time link.

    `actor` None is the command line. Without a clearance the role's default holds. An administrator, or a clearance above the
    role's default, is asked for with the reason (`ask_for_rights`): the person is inactive until it is granted. Raises NotAllowed unless
    the actor is an administrator, NotNow when the e-mail is taken or the agency inactive, BadValue for a
    name, e-mail or place that cannot be stored, also when the e-mail is an agency's shared mailbox, and for a
    clearance above the actor's own.
    """
    if actor is not None and not may_keep_people(actor):
        raise NotAllowed(_("Only an administrator may add people."))
    identities = check_identities({"reason": reason}, reason=identities_reason)
    name, place = require_line(name, most=NAME_LENGTH), known_place(place)
    hold_addresses()
    email = address_of_ones_own(email)
    agency = open_agency(agency)
    person = User(name=name, email=email, role=role, agency=agency, language=language, place=place)
    usual = default_clearance(role)
    wanted = usual if clearance is None else clearance
    require_clearance_within(wanted, actor=actor)
    waits = actor is not None and needs_second_eyes(role=role, clearance=wanted, former_clearance=usual)
    person.clearance, person.is_active = min(usual, wanted) if waits else wanted, not waits
    person.invited_by, person.invited_at = actor, now
    person.set_unusable_password()
    person.save(force_insert=True)
    record_on(person, "person.invited", actor=actor, after={**facts_of(person), "email": email}, now=now)
    if actor is not None and waits:
        about: dict[str, Any] = {"role": role, "clearance": wanted, "reason": reason}
        ask_for_rights(person, **about, identities=identities, actor=actor, now=now)
    return person


@transaction.atomic
def invite_many(newcomers: Sequence[Newcomer], *, actor: User, now: datetime) -> list[User]:
    """Add all of these people, or none when one cannot be added. Raises what `add_person` raises."""
    return [add_person(**vars(newcomer), actor=actor, now=now) for newcomer in newcomers]


@transaction.atomic
def reissue_link(person: User, *, actor: User, now: datetime) -> User:
    """End every earlier link; the caller makes the new one from the person that this returns.

    Of an administrator, or somebody with a raised clearance, it goes by mail alone (`is_mail_only`). Raises NotAllowed unless an administrator, NotNow when the person is inactive or has joined already (who
    forgot a password uses the sign-in page).
    """
    if not may_keep_people(actor):
        raise NotAllowed(_("Only an administrator may do this."))
    person = locked_person(person)
    if RightsRequest.objects.open().filter(person=person, is_activating=True).exists():
        raise NotNow(_("Another administrator decides first. Then the link leaves by e-mail."))
    if not person.is_active:
        raise NotNow(_("%(name)s was deactivated. Reactivate the account first.") % {"name": person.name})
    if person.has_joined:
        raise NotNow(_("%(name)s already has a password.") % {"name": person.name})
    person.invited_by, person.invited_at = actor, now
    person.sessions_number += 1
    person.save(update_fields=["invited_by", "invited_at", "sessions_number"])
    record_on(person, "person.invited_again", actor=actor, now=now)
    return person

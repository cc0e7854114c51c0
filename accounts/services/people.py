"""Changes of a person: name, role, address, agency, activity, acting coordinator."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.extensions import handovers
from accounts.models import NAME_LENGTH, Agency, Language, RightsRequest, User
from accounts.permissions import may_change_standing, may_name_acting, needs_second_eyes
from accounts.roles import Role
from accounts.services.checks import (
    address_of_ones_own,
    ask_for_rights,
    end_sessions,
    facts_of,
    hold_addresses,
    known_place,
    lock_with_administrators,
    locked_person,
    open_agency,
    record_on,
    require_clearance_within,
    save_with_event,
    set_contact,
)
from accounts.texts import require_line
from audit.errors import BadValue, NotAllowed, NotNow
from privacy.checks import NO_IDENTITIES, check_identities


@transaction.atomic
def change_person(
    person: User,
    *,
    name: str,
    role: str,
    clearance: int,
    place: str | None = None,
    post: str | None = None,
    unit: str | None = None,
    telephone: str | None = None,
    reason: str = "",
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> User:
    """Change name, role, clearance, place or contact details (None: unchanged); only others change one's own role
    and clearance. Another role or clearance ends the person's sessions.

    Role and clearance stay, and are asked for (`ask_for_rights`), where another administrator must grant them. Raises
    NotAllowed for who may not, NotNow when no active administrator would be left, BadValue for a value that cannot be
    stored, and for a clearance that is raised above the actor's own.
    """
    person, others = lock_with_administrators(person, actor=actor)
    before = facts_of(person)
    if person.pk == actor.pk and (role, clearance) != (person.role, person.clearance):
        raise NotAllowed(_("Another administrator must change your own role or clearance."))
    if clearance > person.clearance:
        require_clearance_within(clearance, actor=actor)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    if needs_second_eyes(
        role=role, clearance=clearance, former_role=person.role, former_clearance=person.clearance
    ):
        wanted: dict[str, Any] = {"role": role, "clearance": clearance}
        ask_for_rights(person, **wanted, reason=reason, identities=identities, actor=actor, now=now)
        role, clearance, reason = person.role, person.clearance, ""
        identities = NO_IDENTITIES
    if person.is_active and person.is_administrator and role != Role.ADMINISTRATOR:
        _keep_an_administrator(others)
    person.name, person.role, person.clearance = require_line(name, most=NAME_LENGTH), role, clearance
    person.place = person.place if place is None else known_place(place)
    set_contact(person, post=post, unit=unit, telephone=telephone)
    person.is_acting = person.is_acting and person.is_officer
    if (role, clearance) != (before["role"], before["clearance"]):
        end_sessions(person)
    save_with_event(
        person, "person.changed", before=before, actor=actor, now=now, reason=reason, identities=identities
    )
    return person


@transaction.atomic
def change_address(
    person: User, *, email: str, reason: str = "", identities_reason: str = "", actor: User, now: datetime
) -> User:
    """Change the e-mail to sign in with; ends every session and link of the person, the password stays.

    Raises NotAllowed for who may not or for oneself (a typing error would lock one out), NotNow when somebody
    else has the address, BadValue for one that cannot be stored, is a shared mailbox, or is theirs already, and for a
    person above the actor's clearance: the address receives the links that let somebody in.
    """
    hold_addresses()
    person, _others = lock_with_administrators(person, actor=actor)
    _may_change_standing(actor, person)
    if person.clearance > actor.clearance:
        message = _("%(name)s has a higher clearance than you. Ask an administrator who has it too.")
        raise BadValue(message % {"name": person.name}, field="email")
    identities = check_identities({"reason": reason}, reason=identities_reason)
    email, before = address_of_ones_own(email, person=person), person.email
    if email == before:
        raise BadValue(_("This is already the address. Enter another one."), field="email")
    person.email = email
    end_sessions(person)
    person.save(update_fields=["email", "sessions_number"])
    record_on(
        person,
        "person.address_changed",
        actor=actor,
        before={"email": before},
        after={"email": email, **identities.trail_facts},
        reason=reason.strip(),
        now=now,
    )
    return person


@transaction.atomic
def move_person(
    person: User, *, agency: Agency, reason: str = "", identities_reason: str = "", actor: User, now: datetime
) -> User:
    """Move a person to another agency at once; their sessions end, and at their next sign-in they see the new one's work.

    The past stays in Posting. Raises NotAllowed for who may not or for oneself, NotNow when the agency is
    inactive or already theirs.
    """
    person, _others = lock_with_administrators(person, actor=actor)
    _may_change_standing(actor, person)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    agency = open_agency(agency)
    if agency.pk == person.agency_id:
        raise NotNow(_("%(name)s is already at this agency.") % {"name": person.name})
    before = facts_of(person)
    person.agency, person.is_acting = agency, False
    end_sessions(person)
    save_with_event(
        person, "person.moved", before=before, actor=actor, now=now, reason=reason, identities=identities
    )
    return person


@transaction.atomic
def deactivate_person(
    person: User, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> User:
    """End every session and link of this person, also mid-session, from their next request on.

    Raises NotAllowed for who may not or for oneself, NotNow when inactive already or when no active
    administrator would be left.
    """
    person, others = lock_with_administrators(person, actor=actor)
    _may_change_standing(actor, person)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    if not person.is_active:
        raise NotNow(_("%(name)s was already deactivated.") % {"name": person.name})
    if person.is_administrator:
        _keep_an_administrator(others)
    before = facts_of(person)
    person.is_active, person.is_acting, person.deactivated_at = False, False, now
    end_sessions(person)
    save_with_event(
        person,
        "person.deactivated",
        before=before,
        actor=actor,
        now=now,
        reason=reason,
        identities=identities,
    )
    return person


@transaction.atomic
def hand_over_and_deactivate(
    person: User,
    *,
    reason: str,
    identities_reason: str = "",
    colleague: User | None = None,
    is_handed_over: bool = False,
    actor: User,
    now: datetime,
) -> User:
    """Deactivate a person; first hand over, if so chosen, what they answer for. All of it or nothing.

    Without a colleague it goes to the agency's coordinators; of a person of MAPO, to all of MAPO. Raises what
    `deactivate_person` raises, and NotNow for a colleague who cannot act for the agency.
    """
    if is_handed_over:
        for hand_over in handovers.values():
            hand_over(person, colleague=colleague, actor=actor, now=now)
    return deactivate_person(person, reason=reason, identities_reason=identities_reason, actor=actor, now=now)


@transaction.atomic
def reactivate_person(
    person: User, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> User:
    """Let the person sign in again with the old password; earlier sessions stay ended.

    An administrator stays inactive, and it is asked for (`ask_for_rights`). Raises NotAllowed for who may not, BadValue
    for a clearance above the actor's own, NotNow when active already, when the agency is inactive, or while another
    administrator decides.
    """
    person, _others = lock_with_administrators(person, actor=actor)
    _may_change_standing(actor, person)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    if person.is_active:
        raise NotNow(_("%(name)s is already active.") % {"name": person.name})
    require_clearance_within(person.clearance, actor=actor)
    open_agency(person.agency)
    if person.is_administrator:
        wanted: dict[str, Any] = {"role": person.role, "clearance": person.clearance}
        ask_for_rights(person, **wanted, reason=reason, identities=identities, actor=actor, now=now)
        return person
    if RightsRequest.objects.open().filter(person=person).exists():
        raise NotNow(_("Somebody has asked already. Another administrator decides."))
    before = facts_of(person)
    person.is_active, person.deactivated_at = True, None
    save_with_event(
        person,
        "person.reactivated",
        before=before,
        actor=actor,
        now=now,
        reason=reason,
        identities=identities,
    )
    return person


@transaction.atomic
def name_acting(person: User, *, is_acting: bool, actor: User, now: datetime) -> User:
    """Name an officer as acting coordinator, who gets what the coordinators get, or end that.

    It gives no right. Raises NotAllowed for who may not, NotNow for anybody but an active officer who has joined.
    """
    person = locked_person(person)
    if not may_name_acting(actor, person):
        raise NotAllowed(_("Only the agency's coordinator may name acting coordinators."))
    if is_acting and not (person.is_able_to_act and person.is_officer):
        raise NotNow(_("Only an active officer can be acting coordinator."))
    before = facts_of(person)
    person.is_acting = is_acting
    save_with_event(person, "person.named_acting", before=before, actor=actor, now=now)
    return person


@transaction.atomic
def choose_language(person: User, *, language: str, now: datetime) -> User:
    """Store the person's own choice of language; the same again writes nothing."""
    return _choose(person, "language", Language(language), now=now)


@transaction.atomic
def choose_place(person: User, *, place: str, now: datetime) -> User:
    """Store where the person works, "" for "as the agency"; the same again writes nothing.

    Raises BadValue for an unknown place.
    """
    return _choose(person, "place", known_place(place), now=now)


@transaction.atomic
def change_contact(person: User, *, post: str, unit: str, telephone: str, actor: User, now: datetime) -> User:
    """Store one's own post, unit and telephone; the same again writes nothing.

    Raises NotAllowed for another person's, BadValue for a value that cannot be stored.
    """
    if actor.pk != person.pk:
        raise NotAllowed(_("Only the person, or an administrator, may change this."))
    person = locked_person(person)
    before = facts_of(person)
    set_contact(person, post=post, unit=unit, telephone=telephone)
    if facts_of(person) != before:
        save_with_event(person, "person.changed", before=before, actor=actor, now=now)
    return person


def _choose(person: User, field: str, value: str, *, now: datetime) -> User:
    """Store one of the person's own choices, with its Event."""
    before = str(getattr(person, field))
    if before == value:
        return person
    setattr(person, field, value)
    person.save(update_fields=[field])
    after = {field: str(value)}
    record_on(person, f"person.chose_{field}", actor=person, before={field: before}, after=after, now=now)
    return person


def _may_change_standing(actor: User, person: User) -> None:
    """Raise NotAllowed for one's own account."""
    if not may_change_standing(actor, person):
        raise NotAllowed(_("Another administrator must do this: it is your own account."))


def _keep_an_administrator(others: list[User]) -> None:
    """Raise NotNow when there are no other active administrators."""
    if not others:
        raise NotNow(_("This is the last active administrator. Name another one first."))

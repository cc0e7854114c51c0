"""Who may do what to people and agencies, whatever their state. Services check the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.roles import Role

if TYPE_CHECKING:
    from accounts.models import User


def may_keep_people(actor: User) -> bool:
    """Return whether the actor may manage agencies and people: administrators."""
    return actor.is_active and actor.is_administrator


def may_see_agency_people(actor: User) -> bool:
    """Return whether the actor may see the people of their own agency: coordinators."""
    return actor.is_active and actor.is_coordinator


def may_name_acting(actor: User, person: User) -> bool:
    """Return whether the actor may name acting coordinators.

    A coordinator may for their own agency, an administrator for any.
    """
    if may_keep_people(actor):
        return True
    return may_see_agency_people(actor) and actor.agency_id == person.agency_id


def may_name_mailbox(actor: User, agency_id: int) -> bool:
    """Return whether the actor may name an agency's shared mailbox: its coordinators, and administrators."""
    return may_keep_people(actor) or (may_see_agency_people(actor) and actor.agency_id == agency_id)


def may_name_stand_in(actor: User, absent: User) -> bool:
    """Return whether the actor may name stand-ins: who names acting coordinators, and everybody for themself."""
    is_self = actor.pk == absent.pk and actor.is_active and actor.is_agency_actor
    return is_self or may_name_acting(actor, absent)


def needs_second_eyes(*, role: str, clearance: int, former_role: str = "", former_clearance: int) -> bool:
    """Return whether another administrator must grant this: it makes somebody an administrator, or raises a clearance."""
    return clearance > former_clearance or (role == Role.ADMINISTRATOR and former_role != Role.ADMINISTRATOR)


def may_change_standing(actor: User, person: User) -> bool:
    """Return whether the actor may change role, clearance, agency and activity: never one's own."""
    return may_keep_people(actor) and actor.pk != person.pk

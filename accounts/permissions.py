"""May this person do this to people and agencies? Whether it may happen now is for the services to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User


def may_keep_people(actor: User) -> bool:
    """Administrators keep agencies and people."""
    return actor.is_active and actor.is_administrator


def may_see_agency_people(actor: User) -> bool:
    """Coordinators see who acts for their own agency."""
    return actor.is_active and actor.is_coordinator


def may_name_acting(actor: User, person: User) -> bool:
    """A coordinator names the acting coordinators of their own agency; an administrator those of any."""
    if may_keep_people(actor):
        return True
    return may_see_agency_people(actor) and actor.agency_id == person.agency_id


def may_name_stand_in(actor: User, absent: User) -> bool:
    """Who keeps the acting coordinators of the agency, and everybody who acts for an agency for themself."""
    is_self = actor.pk == absent.pk and actor.is_active and actor.is_agency_actor
    return is_self or may_name_acting(actor, absent)


def may_change_standing(actor: User, person: User) -> bool:
    """Role, clearance, agency and activity: an administrator's act, and never on oneself."""
    return may_keep_people(actor) and actor.pk != person.pk

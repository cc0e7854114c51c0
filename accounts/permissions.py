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
    """A coordinator names the acting officers of their own agency; an administrator those of any."""
    if may_keep_people(actor):
        return True
    return may_see_agency_people(actor) and actor.agency_id == person.agency_id


def may_change_standing(actor: User, person: User) -> bool:
    """Role, clearance, agency and activity: an administrator's act, and never on oneself."""
    return may_keep_people(actor) and actor.pk != person.pk

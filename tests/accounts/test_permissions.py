"""Who may manage people and agencies, and name acting coordinators and stand-ins: every role, active or not."""

from __future__ import annotations

from collections.abc import Callable

from accounts import permissions
from accounts.models import User
from accounts.roles import Role

OWN, OTHER = 1, 2


def person(role: str, *, agency_id: int = OWN, is_active: bool = True, pk: int = 7) -> User:
    """Somebody who was never saved: these rules ask no database."""
    return User(pk=pk, role=role, agency_id=agency_id, is_active=is_active, clearance=1)


def roles_for(rule: Callable[[User], bool]) -> set[str]:
    """The roles whose active people the rule lets; nobody is let who is not active."""
    assert not any(rule(person(role, is_active=False)) for role in Role.values)
    return {role for role in Role.values if rule(person(role))}


def test_administrators_keep_people_but_nobody_their_own_standing() -> None:
    assert roles_for(permissions.may_keep_people) == {"administrator"}
    assert roles_for(permissions.may_see_agency_people) == {"coordinator"}
    for role in Role.values:
        somebody = person(role)
        assert [somebody.is_mapo, somebody.is_agency_actor, somebody.is_observer].count(True) == 1, role
    other, themself = person("officer", pk=8), person("administrator")
    assert roles_for(lambda actor: permissions.may_change_standing(actor, other)) == {"administrator"}
    assert not permissions.may_change_standing(themself, themself)


def test_acting_coordinators_and_stand_ins_are_named_by_administrators_and_coordinators() -> None:
    own, other = person("officer", pk=8), person("officer", agency_id=OTHER, pk=9)
    assert roles_for(lambda actor: permissions.may_name_acting(actor, own)) == {
        "coordinator",
        "administrator",
    }
    assert roles_for(lambda actor: permissions.may_name_acting(actor, other)) == {"administrator"}
    own, other, themself = (
        person("officer", pk=8),
        person("officer", agency_id=OTHER, pk=9),
        person("officer"),
    )
    assert roles_for(lambda actor: permissions.may_name_stand_in(actor, own)) == {
        "coordinator",
        "administrator",
    }
    assert roles_for(lambda actor: permissions.may_name_stand_in(actor, other)) == {"administrator"}
    assert roles_for(lambda actor: permissions.may_name_stand_in(actor, themself)) == {
        "officer",
        "coordinator",
        "administrator",
    }

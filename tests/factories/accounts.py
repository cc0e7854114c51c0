"""Agencies and people; each factory writes rows directly, as the services would leave them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import factory
from django.contrib.auth.hashers import make_password
from django.core.signing import get_cookie_signer

from accounts.models import Agency, RightsRequest, User, default_clearance
from accounts.resume import LAST_PERSON
from accounts.roles import Role
from accounts.services.people import change_person
from accounts.services.rights import decide_on_rights

PASSWORD = "jejak-yang-panjang-2023"
_HASHED: list[str] = []


def hashed_password() -> str:
    """The hash of PASSWORD, made once a process."""
    if not _HASHED:
        _HASHED.append(make_password(PASSWORD))
    return _HASHED[0]


class AgencyFactory(factory.django.DjangoModelFactory[Agency]):
    """An active agency."""

    class Meta:
        model = Agency

    code = factory.Sequence(lambda number: f"AG{number}")
    name_ms = factory.LazyAttribute(lambda made: f"Agensi {made.code}")
    name_en = factory.LazyAttribute(lambda made: f"Agency {made.code}")


class UserFactory(factory.django.DjangoModelFactory[User]):
    """An active officer who joined long ago and signs in with PASSWORD."""

    class Meta:
        model = User

    name = factory.Sequence(lambda number: f"Pegawai {number}")
    email = factory.Sequence(lambda number: f"pegawai{number}@agensi.example")
    agency = factory.SubFactory(AgencyFactory)
    role = Role.OFFICER
    clearance = factory.LazyAttribute(lambda made: default_clearance(made.role))
    password = factory.LazyFunction(hashed_password)
    joined_at = datetime(2023, 1, 2, tzinfo=UTC)


def last_person_cookie(person: User) -> dict[str, str]:
    """The cookie of a browser in which a person signed in last."""
    return {LAST_PERSON: get_cookie_signer(salt=LAST_PERSON).sign(str(person.pk))}


@dataclass
class World:
    """Two agencies with all their people, and the secretariat: what the matrix walks through.

    `own` is the agency of `people["officer"]` and `people["coordinator"]`, `foreign` another one with its own
    `foreign_officer` and `foreign_coordinator`. Other rooms put what they make into `extra`.
    """

    own: Agency
    foreign: Agency
    secretariat: Agency
    people: dict[str, User]
    foreign_officer: User
    foreign_coordinator: User
    invited: User
    extra: dict[str, Any] = field(default_factory=dict)


def make_world() -> World:
    """The same small world for every test."""
    own = AgencyFactory(code="PDRM", name_ms="Polis Diraja Malaysia", name_en="Royal Malaysia Police")
    foreign = AgencyFactory(
        code="MPOB", name_ms="Lembaga Minyak Sawit Malaysia", name_en="Malaysian Palm Oil Board"
    )
    secretariat = AgencyFactory(
        code="KDN", name_ms="Kementerian Dalam Negeri", name_en="Ministry of Home Affairs"
    )
    homes = {
        Role.OFFICER: own,
        Role.COORDINATOR: own,
        Role.REVIEWER: secretariat,
        Role.ADMINISTRATOR: secretariat,
        Role.OBSERVER: secretariat,
    }
    people = {
        role.value: UserFactory(
            name=f"{role.value.title()} satu", email=f"{role.value}@kerajaan.example", role=role, agency=home
        )
        for role, home in homes.items()
    }
    return World(
        own=own,
        foreign=foreign,
        secretariat=secretariat,
        people=people,
        foreign_officer=UserFactory(name="Pegawai asing", role=Role.OFFICER, agency=foreign),
        foreign_coordinator=UserFactory(name="Penyelaras asing", role=Role.COORDINATOR, agency=foreign),
        invited=UserFactory(
            name="Dijemput", agency=own, joined_at=None, invited_at=datetime(2023, 1, 2, tzinfo=UTC)
        ),
    )


def make_agency(code: str, **values: object) -> Agency:
    """An active agency with this code."""
    return AgencyFactory(code=code, **values)


def make_person(role: str, agency: Agency, **values: object) -> User:
    """An active person who has joined, with the role's own clearance."""
    return UserFactory(role=role, agency=agency, **values)


#: Whether a reviewer comes to an agency or leaves it, so many microseconds before something is sent there, and whether they
#: belonged to it then: also who comes or leaves at the very instant did.
MOVES = [
    (False, -1, True),
    (False, 0, True),
    (False, 1, False),
    (True, -1, False),
    (True, 0, True),
    (True, 1, True),
]


def moved_reviewer(agency: Agency, home: Agency, *, comes: bool) -> tuple[User, datetime]:
    """A reviewer of `home` who was at an agency before, and the instant at which they came there, or left it."""
    person = make_person(Role.REVIEWER, home if comes else agency)
    for place in (agency, home) if comes else (home,):
        person.agency = place
        person.save(update_fields=["agency"])
    posting = person.postings.get(agency=agency)
    return person, posting.began_at if comes else posting.ended_at


def set_clearance(person: User, *, clearance: int, actor: User, now: datetime) -> None:
    """Change a person's clearance, as an administrator does; a second one grants what is higher."""
    is_raised = clearance > person.clearance
    second = UserFactory(role=Role.ADMINISTRATOR, agency=actor.agency) if is_raised else None
    about = {"name": person.name, "role": person.role, "clearance": clearance, "reason": "Tugas baharu"}
    change_person(person, **about, actor=actor, now=now)
    if second is not None:
        request = RightsRequest.objects.get(person=person, decided_at=None)
        decide_on_rights(request, is_granted=True, reason="Disahkan", actor=second, now=now)

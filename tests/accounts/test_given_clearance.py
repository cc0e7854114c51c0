"""Nobody gives a clearance above their own: not by an invitation, not by a list, not by a change,
not by letting in again."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from accounts.services.invitations import add_person
from accounts.services.people import change_address, change_person, deactivate_person, reactivate_person
from audit.errors import BadValue
from tests.factories.accounts import UserFactory, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def inviter(world: World) -> User:
    """An administrator who reads up to Confidential."""
    person = world.people["administrator"]
    person.clearance = Clearance.CONFIDENTIAL
    person.save(update_fields=["clearance"])
    return person


def newcomer(world: World, clearance: int | None) -> dict[str, Any]:
    return {
        "name": "Orang Baharu",
        "email": "baharu@x.example",
        "role": Role.OFFICER,
        "agency": world.own,
        "clearance": clearance,
    }


def test_invitation_above_the_inviters_own_clearance_is_refused(
    world: World, inviter: User, now: datetime
) -> None:
    with pytest.raises(BadValue) as refused:
        add_person(**newcomer(world, Clearance.SECRET), reason="Tugas baharu", actor=inviter, now=now)
    assert refused.value.field == "clearance"
    assert not User.objects.filter(email="baharu@x.example").exists()
    reviewer = newcomer(world, None) | {"role": Role.REVIEWER, "agency": inviter.agency}
    assert add_person(**reviewer, actor=inviter, now=now).clearance == Clearance.CONFIDENTIAL


def test_default_of_the_role_counts_as_well(world: World, inviter: User, now: datetime) -> None:
    inviter.clearance = Clearance.OPEN
    with pytest.raises(BadValue):
        add_person(**newcomer(world, None), actor=inviter, now=now)


def test_command_line_gives_any(world: World, now: datetime) -> None:
    made = add_person(**newcomer(world, Clearance.TOP_SECRET), actor=None, now=now)
    assert made.clearance == Clearance.TOP_SECRET


def test_page_tells_it_at_the_field(client: Client, world: World, inviter: User) -> None:
    client.force_login(inviter)
    data = {**newcomer(world, Clearance.SECRET), "agency": world.own.pk, "language": "en", "delivery": "mail"}
    response = client.post("/people/invite/", data)
    assert "clearance" in response.context["form"].errors
    assert not User.objects.filter(email="baharu@x.example").exists()


def test_change_raises_nobody_above_ones_own_but_leaves_what_stands(
    world: World, inviter: User, now: datetime
) -> None:
    officer = world.people["officer"]
    facts: dict[str, Any] = {"name": officer.name, "role": officer.role, "actor": inviter, "now": now}
    with pytest.raises(BadValue) as refused:
        change_person(officer, clearance=Clearance.SECRET, reason="Tugas baharu", **facts)
    assert refused.value.field == "clearance"
    secret = UserFactory(role=Role.OFFICER, agency=world.own, clearance=Clearance.SECRET)
    about = {**facts, "name": "Nama Baharu", "role": secret.role}
    assert change_person(secret, clearance=Clearance.SECRET, **about).name == "Nama Baharu"


@pytest.mark.parametrize("role", [Role.OFFICER, Role.ADMINISTRATOR])
def test_reactivation_gives_back_nothing_above_ones_own(
    client: Client, world: World, inviter: User, now: datetime, role: Role
) -> None:
    agency = world.own if role == Role.OFFICER else inviter.agency
    UserFactory(role=Role.ADMINISTRATOR, agency=inviter.agency)
    secret = UserFactory(role=role, agency=agency, clearance=Clearance.SECRET)
    facts: dict[str, Any] = {"reason": "Tugas baharu", "actor": inviter, "now": now}
    deactivate_person(secret, **facts)
    with pytest.raises(BadValue) as refused:
        reactivate_person(secret, **facts)
    assert refused.value.field == "clearance"
    client.force_login(inviter)
    response = client.post(f"/people/{secret.pk}/reactivate/", {"reason": "Tugas baharu"})
    assert str(refused.value) in response.content.decode()
    secret.refresh_from_db()
    assert not secret.is_active
    assert not secret.rights_requests.exists()
    inviter.clearance = Clearance.SECRET
    inviter.save(update_fields=["clearance"])
    reactivate_person(secret, **facts)


def test_address_of_somebody_above_ones_own_stays(
    client: Client, world: World, inviter: User, now: datetime
) -> None:
    """Whoever receives the links of an account can sign in to it."""
    secret = UserFactory(role=Role.OFFICER, agency=world.own, clearance=Clearance.SECRET)
    before, email = secret.email, "pegawai.baharu@agensi.example.gov.my"
    with pytest.raises(BadValue) as refused:
        change_address(secret, email=email, reason="Salah taip", actor=inviter, now=now)
    client.force_login(inviter)
    response = client.post(
        f"/people/{secret.pk}/address/", {"email": email, "reason": "Salah taip", "confirmed": "on"}
    )
    assert str(refused.value) in response.content.decode()
    secret.refresh_from_db()
    assert secret.email == before
    inviter.clearance = Clearance.SECRET
    inviter.save(update_fields=["clearance"])
    assert change_address(secret, email=email, reason="Salah taip", actor=inviter, now=now).email == email

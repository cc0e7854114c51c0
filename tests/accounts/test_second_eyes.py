"""Two pairs of eyes: nobody makes their own second pair, neither by invitation nor by another way into an account."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.clearance import Clearance
from accounts.lost_devices import LostDeviceOutcome
from accounts.models import RightsRequest, User
from accounts.roles import Role
from accounts.second_eyes import may_be_second_eyes
from accounts.services.invitations import add_person, reissue_link
from accounts.services.lost_devices import ask_for_new_device, grant_new_device
from accounts.services.people import (
    change_address,
    change_person,
    deactivate_person,
    reactivate_person,
)
from accounts.services.rights import decide_on_rights, withdraw_request
from audit.errors import BadValue, NotAllowed, NotNow
from audit.models import Event
from identities.permissions import may_decide_on
from tests.accounts.test_at_once import at_once
from tests.conftest import Clock, WorkerDatabase
from tests.factories.accounts import AgencyFactory, UserFactory, World, make_person
from tests.factories.passkeys import make_passkey
from tests.shared import shared

LINK = re.compile(r"/password/invitation/\S+?/\S+?/")


@shared
def first(world: World) -> User:
    return world.people["administrator"]


@shared
def second(world: World) -> User:
    return make_person(
        Role.ADMINISTRATOR, world.secretariat, name="Pentadbir dua", email="dua@kerajaan.example"
    )


def invitation(world: World, role: str) -> dict[str, object]:
    return {
        "name": "Pentadbir Palsu",
        "email": "palsu@kerajaan.example",
        "agency": world.secretariat.pk,
        "role": role,
        "language": "ms",
        "delivery": "link",
        "reason": "Pentadbir baharu",
    }


def test_invited_administrator_is_no_second_pair_of_eyes(world: World, first: User, second: User) -> None:
    """The whole way: invite an administrator, ask for the link on the page, use it, and agree with oneself."""
    client = Client()
    client.force_login(first)
    answer = client.post("/people/invite/", invitation(world, "administrator"), follow=True)
    assert not LINK.search(answer.content.decode())
    made = User.objects.get(email="palsu@kerajaan.example")
    assert not made.is_active
    answer = client.post(f"/people/{made.pk}/link/", {"delivery": "link"}, follow=True)
    assert not LINK.search(answer.content.decode())
    request = RightsRequest.objects.get()
    client.post(f"/people/rights/{request.pk}/", {"is_granted": "yes", "reason": "Betul"})
    made.refresh_from_db()
    assert not made.is_active


def test_link_of_an_administrator_is_never_shown(
    world: World, first: User, second: User, now: datetime
) -> None:
    asked(world, first, now)
    made = granted(second, now)
    client = Client()
    client.force_login(first)
    answer = client.post(f"/people/{made.pk}/link/", {"delivery": "link"}, follow=True)
    assert not LINK.search(answer.content.decode())


def asked(world: World, by: User, now: datetime, **values: object) -> User:
    facts = {"name": "Baharu", "email": "baharu@kerajaan.example", "agency": world.secretariat}
    facts |= {"role": Role.ADMINISTRATOR, "reason": "Pentadbir ketiga"}
    return add_person(**(facts | values), actor=by, now=now)  # type: ignore[arg-type]


def granted(by: User, now: datetime) -> User:
    request = RightsRequest.objects.get(decided_at=None)
    return decide_on_rights(request, is_granted=True, reason="Disahkan", actor=by, now=now).person


def joined(person: User, now: datetime) -> User:
    person.joined_at = now
    person.save(update_fields=["joined_at"])
    return person


def tied_by_grant(world: World, first: User, second: User, now: datetime) -> User:
    asked(world, first, now)
    return joined(granted(second, now), now)


def tied_by_invitation(world: World, first: User, second: User, now: datetime) -> User:
    made = asked(world, first, now, role=Role.OFFICER, agency=world.own)
    User.objects.filter(pk=made.pk).update(role=Role.ADMINISTRATOR, clearance=2, joined_at=now)
    return User.objects.get(pk=made.pk)


def tied_by_a_new_link(world: World, first: User, second: User, now: datetime) -> User:
    reissue_link(world.invited, actor=first, now=now)
    User.objects.filter(pk=world.invited.pk).update(role=Role.ADMINISTRATOR, clearance=2, joined_at=now)
    return User.objects.get(pk=world.invited.pk)


def third(world: World) -> User:
    return make_person(Role.ADMINISTRATOR, world.secretariat, name="Tiga", email="tiga@kerajaan.example")


def tied_by_address(world: World, first: User, second: User, now: datetime) -> User:
    return change_address(third(world), email="lain@kerajaan.example", actor=first, now=now)


def tied_by_reactivation(world: World, first: User, second: User, now: datetime) -> User:
    person = third(world)
    deactivate_person(person, reason="Cuti", actor=second, now=now)
    reactivate_person(person, reason="Kembali", actor=first, now=now)
    return granted(second, now)


def tied_by_lost_device(world: World, first: User, second: User, now: datetime) -> User:
    person = third(world)
    make_passkey(person)
    ask = ask_for_new_device(person, reason="Hilang", actor=first, now=now)
    grant_new_device(ask, actor=second, now=now)
    return User.objects.get(pk=person.pk)


TIES = [
    tied_by_grant,
    tied_by_invitation,
    tied_by_a_new_link,
    tied_by_address,
    tied_by_reactivation,
    tied_by_lost_device,
]


@pytest.mark.parametrize("tie", TIES, ids=lambda tie: tie.__name__)
def test_whose_access_came_from_somebody_is_not_their_second_pair_of_eyes(
    tie: Callable[..., User], world: World, first: User, second: User, now: datetime, clock: Clock
) -> None:
    other = tie(world, first, second, now)
    for one, two in ((first, other), (other, first)):
        assert not may_be_second_eyes(two, asked_by_id=one.pk, now=now)
        assert not may_decide_on(two, asked_by_id=one.pk, now=now)
    for one, two in ((first, second), (second, other)):
        assert may_be_second_eyes(two, asked_by_id=one.pk, now=now)
    later = clock.move_to(now + timedelta(days=30, minutes=1))
    assert may_be_second_eyes(other, asked_by_id=first.pk, now=later)


def test_nobody_is_their_own_second_pair_of_eyes(first: User, now: datetime) -> None:
    assert not may_be_second_eyes(first, asked_by_id=first.pk, now=now)


def test_refused_in_service_and_database_for_a_lost_device(
    world: World, first: User, second: User, now: datetime
) -> None:
    other = tied_by_grant(world, first, second, now)
    loser = world.people["reviewer"]
    make_passkey(loser)
    ask = ask_for_new_device(loser, reason="Hilang", actor=first, now=now)
    with pytest.raises(NotAllowed, match=r"30|tiga puluh"):
        grant_new_device(ask, actor=other, now=now)
    ask.decided_by, ask.decided_at, ask.outcome = other, now, LostDeviceOutcome.GRANTED
    with pytest.raises(DatabaseError, match="second_eyes"), transaction.atomic():
        ask.save()
    grant_new_device(ask, actor=second, now=now)


def test_refused_in_database_for_rights(world: World, first: User, second: User, now: datetime) -> None:
    other = tied_by_grant(world, first, second, now)
    asked(world, first, now, email="lagi@kerajaan.example")
    request = RightsRequest.objects.get(decided_at=None)
    with pytest.raises(NotAllowed):
        decide_on_rights(request, is_granted=True, reason="Ya", actor=other, now=now)
    request.decided_by, request.decided_at, request.outcome = other, now, "granted"
    with pytest.raises(DatabaseError, match="second_eyes"), transaction.atomic():
        request.save()


def test_raised_clearance_of_a_newcomer_waits(world: World, first: User, second: User, now: datetime) -> None:
    User.objects.filter(pk=first.pk).update(clearance=Clearance.SECRET)
    first.refresh_from_db()
    made = asked(world, first, now, role=Role.OFFICER, agency=world.own, clearance=Clearance.SECRET)
    assert (made.is_active, made.clearance) == (False, Clearance.RESTRICTED)
    User.objects.filter(pk=second.pk).update(clearance=Clearance.SECRET)
    second.refresh_from_db()
    made = granted(second, now)
    assert (made.is_active, made.clearance) == (True, Clearance.SECRET)


def test_pages_say_who_asked_and_why_and_decide_once(
    world: World,
    first: User,
    second: User,
    now: datetime,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    client, other = Client(), Client()
    client.force_login(first)
    other.force_login(second)
    assert "people/rights/1" not in other.get("/people/rights/").content.decode()
    officer = world.people["officer"]
    values = {"name": officer.name, "role": "officer", "clearance": "2", "reason": "Kes sulit"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/people/{officer.pk}/edit/", values)
    assert [letter.to for letter in mail.outbox] == [[second.email]]
    officer.refresh_from_db()
    assert officer.clearance == Clearance.RESTRICTED
    request = RightsRequest.objects.get()
    page = f"/people/rights/{request.pk}/"
    listed = other.get("/people/rights/").content.decode()
    assert page in listed and "Kes sulit" in listed and first.name in listed
    assert page not in client.get("/people/rights/").content.decode().replace(f"{page}withdraw", "")
    assert client.get(page).status_code == 302
    assert "Kes sulit" in other.get(page).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        other.post(page, {"is_granted": "yes", "reason": "Disahkan"})
    officer.refresh_from_db()
    assert officer.clearance == Clearance.CONFIDENTIAL
    assert {letter.to[0] for letter in mail.outbox[1:]} == {first.email, officer.email}
    assert other.get(page).status_code == 302
    event = Event.objects.get(action="person.rights_granted")
    assert (event.actor_id, event.before, event.after) == (second.pk, {"clearance": 1}, {"clearance": 2})


@pytest.mark.parametrize("is_new", [True, False])
def test_nobody_grants_a_clearance_above_their_own(
    world: World, first: User, second: User, now: datetime, is_new: bool
) -> None:
    first.clearance, second.clearance = Clearance.SECRET, Clearance.CONFIDENTIAL
    for each in (first, second):
        each.save(update_fields=["clearance"])
    about = {"clearance": Clearance.SECRET, "reason": "Tugas baharu", "actor": first, "now": now}
    if is_new:
        person = add_person(
            name="Baharu", email="baharu@kerajaan.example", role=Role.OFFICER, agency=world.own, **about
        )
    else:
        person = world.people["officer"]
        change_person(person, name=person.name, role=person.role, **about)
    asked = RightsRequest.objects.open().get(person=person)
    decide = partial(decide_on_rights, asked, reason="Disemak", now=now)
    with pytest.raises(BadValue, match="tapisan keselamatan"):
        decide(is_granted=True, actor=second)
    assert RightsRequest.objects.open().filter(pk=asked.pk).exists()
    person.refresh_from_db()
    assert person.clearance < Clearance.SECRET
    second.clearance = Clearance.SECRET
    second.save(update_fields=["clearance"])
    assert decide(is_granted=True, actor=second).person.clearance == Clearance.SECRET


def test_refused_or_withdrawn_nothing_changes(world: World, first: User, second: User, now: datetime) -> None:
    made = asked(world, first, now)
    request = RightsRequest.objects.get()
    with pytest.raises(NotAllowed):
        withdraw_request(request, actor=second, now=now)
    decide_on_rights(request, is_granted=False, reason="Tidak dikenali", actor=second, now=now)
    with pytest.raises(NotNow):
        withdraw_request(request, actor=first, now=now)
    reactivate_person(made, reason="Sekali lagi", actor=first, now=now)
    withdraw_request(RightsRequest.objects.get(decided_at=None), actor=first, now=now)
    made.refresh_from_db()
    assert not made.is_active


def test_without_a_reason_or_another_administrator_nothing_is_asked(
    world: World, first: User, now: datetime
) -> None:
    with pytest.raises(NotNow):
        asked(world, first, now)
    invited = make_person(Role.ADMINISTRATOR, world.secretariat, joined_at=None)
    with pytest.raises(NotNow):
        asked(world, first, now)
    joined(invited, now)
    with pytest.raises(BadValue):
        asked(world, first, now, reason=" ")
    assert not User.objects.filter(email="baharu@kerajaan.example").exists()


def test_the_operators_command_makes_administrators_at_once(world: World) -> None:
    call_command(
        "add_person",
        email="kedua@kerajaan.example",
        name="Pentadbir Kedua",
        role="administrator",
        agency=world.secretariat.code,
        stdout=StringIO(),
    )
    assert User.objects.get(email="kedua@kerajaan.example").is_active


def test_two_who_decide_at_once_decide_once(real_db: WorkerDatabase, now: datetime) -> None:
    agency = AgencyFactory()
    one, two, three = UserFactory.create_batch(3, role=Role.ADMINISTRATOR, agency=agency)
    facts = {"name": "Baharu", "email": "baharu@x.example", "role": Role.ADMINISTRATOR, "agency": agency}
    add_person(**facts, reason="Pentadbir", actor=one, now=now)  # type: ignore[arg-type]
    request = RightsRequest.objects.get()
    about = {"reason": "Baik", "now": now}
    acts = [
        partial(decide_on_rights, request, is_granted=yes, actor=by, **about)
        for yes, by in ((True, two), (False, three))
    ]
    assert at_once(*acts) == ["NotNow", "done"]

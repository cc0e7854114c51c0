"""A lost device: one administrator asks, another grants, the person is told and comes back through their mailbox."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.lost_devices import LostDevice, LostDeviceOutcome
from accounts.models import User
from accounts.roles import Role
from accounts.services.lost_devices import ask_for_new_device, grant_new_device, withdraw_ask
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from tests.accounts.conftest import sign_in
from tests.accounts.test_factors import HOME, is_signed_in
from tests.conftest import Clock
from tests.factories.accounts import World, make_person
from tests.factories.passkeys import make_passkey
from tests.shared import shared


@shared
def first(world: World) -> User:
    return world.people["administrator"]


@shared
def second(world: World) -> User:
    return make_person(
        Role.ADMINISTRATOR, world.secretariat, name="Pentadbir dua", email="dua@kerajaan.example"
    )


@shared
def loser(world: World) -> User:
    """The reviewer, with a passkey that is lost."""
    person = world.people["reviewer"]
    make_passkey(person)
    return person


def test_four_eyes_let_a_person_in_again(
    first: User,
    second: User,
    loser: User,
    settings: Settings,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    settings.SECOND_FACTOR_REQUIRED = frozenset({"reviewer"})
    session, asking, granting = Client(), Client(), Client()
    session.force_login(loser)
    asking.force_login(first)
    granting.force_login(second)
    with django_capture_on_commit_callbacks(execute=True):
        answer = asking.post(f"/people/{loser.pk}/lost-device/", {"reason": "Telefon hilang di lapangan"})
    assert answer.url == "/people/lost-devices/"
    assert [each.to for each in mail.outbox] == [[loser.email]]
    ask = LostDevice.objects.get()
    assert "Telefon hilang di lapangan" in granting.get("/people/lost-devices/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        granting.post(f"/people/lost-devices/{ask.pk}/grant/")
    assert not Authenticator.objects.filter(user=loser).exists()
    assert session.get("/account/again/password/").url.startswith("/sign-in/")
    # Whoever stole the password has nothing from it.
    thief = Client()
    sign_in(thief, loser)
    assert not is_signed_in(thief)
    link = re.search(r"/password/reset/\S+", str(mail.outbox[-1].body))
    assert link is not None
    back = Client()
    passwords = dict.fromkeys(("password", "password_again"), "kata-laluan-baharu-2023")
    assert back.post(link[0], passwords).status_code == 302
    assert back.get("/").url == HOME
    lost = Event.objects.filter(action__startswith="factor.loss").order_by("pk")
    actions = list(lost.values_list("action", "actor_id"))
    assert actions == [("factor.loss_reported", first.pk), ("factor.loss_granted", second.pk)]


def test_nobody_does_it_alone(first: User, second: User, loser: User, now: datetime) -> None:
    make_passkey(first)
    with pytest.raises(NotAllowed):
        ask_for_new_device(first, reason="Sendiri", actor=first, now=now)
    with pytest.raises(NotAllowed):
        ask_for_new_device(first, reason="Penyemak", actor=loser, now=now)
    about_first = ask_for_new_device(first, reason="Hilang", actor=second, now=now)
    for actor in (first, second, loser):
        with pytest.raises(NotAllowed):
            grant_new_device(about_first, actor=actor, now=now)
    assert Authenticator.objects.filter(user=first).exists()


def test_the_database_refuses_one_pair_of_eyes(first: User, second: User, loser: User, now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        LostDevice.objects.create(person=loser, reason="x", asked_by=loser, asked_at=now)
    ask = ask_for_new_device(loser, reason="Hilang", actor=first, now=now)
    for actor in (first, loser):
        ask.decided_by, ask.decided_at, ask.outcome = actor, now, LostDeviceOutcome.GRANTED
        with pytest.raises(IntegrityError), transaction.atomic():
            ask.save()


def test_after_a_day_it_is_void(first: User, second: User, loser: User, now: datetime, clock: Clock) -> None:
    ask = ask_for_new_device(loser, reason="Hilang", actor=first, now=now)
    later = clock.move_to(now + timedelta(hours=24, minutes=1))
    with pytest.raises(NotNow):
        grant_new_device(ask, actor=second, now=later)
    assert ask_for_new_device(loser, reason="Masih hilang", actor=second, now=later)


def test_it_is_withdrawn_and_asked_once(first: User, second: User, loser: User, now: datetime) -> None:
    ask = ask_for_new_device(loser, reason="Hilang", actor=first, now=now)
    with pytest.raises(NotNow):
        ask_for_new_device(loser, reason="Hilang", actor=second, now=now)
    withdraw_ask(ask, actor=first, now=now)
    with pytest.raises(NotNow):
        grant_new_device(ask, actor=second, now=now)
    assert Authenticator.objects.filter(user=loser).exists()


def test_without_a_factor_there_is_nothing_to_lose(first: User, world: World, now: datetime) -> None:
    with pytest.raises(NotNow):
        ask_for_new_device(world.people["officer"], reason="Hilang", actor=first, now=now)


def test_the_owner_of_the_server_does_it_by_a_command(
    loser: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        call_command("remove_factors", email=loser.email.upper(), reason="Pentadbir tunggal")
    assert not Authenticator.objects.filter(user=loser).exists()
    assert mail.outbox[-1].to == [loser.email]
    event = Event.objects.get(action="factor.loss_granted")
    assert (event.actor_id, event.reason, event.after) == (None, "Pentadbir tunggal", {"by": "command"})
    with pytest.raises(CommandError):
        call_command("remove_factors", email=loser.email, reason="Sekali lagi")
    with pytest.raises(CommandError):
        call_command("remove_factors", email="tiada@kerajaan.example", reason="x")


@pytest.mark.parametrize("language", ["ms", "en"])
def test_mail_with_the_link_is_whole_in_both_languages(officer: User, language: str) -> None:
    from accounts.tasks import send_new_device_link

    User.objects.filter(pk=officer.pk).update(language=language)
    send_new_device_link(officer.pk)
    assert len(str(mail.outbox[-1].body)) > 150
    assert str(mail.outbox[-1].subject).strip()

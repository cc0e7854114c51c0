"""Post, unit and telephone: kept by oneself and by administrators, read by everybody under Contacts."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.services.people import change_contact, change_person
from audit.errors import BadValue, NotAllowed
from audit.models import Event
from tests.conftest import NOW
from tests.factories.accounts import World

pytestmark = pytest.mark.django_db

DETAILS = {"post": "Penolong Pengarah", "unit": "Unit Dasar", "telephone": "03-8000 8000 samb. 123"}


def test_one_keeps_ones_own_and_colleagues_read_it(client: Client, world: World) -> None:
    officer = world.people["officer"]
    client.force_login(officer)
    answer = client.post(reverse("accounts:change_contact"), DETAILS)
    assert answer.status_code == 302
    event = Event.objects.filter(action="person.changed").latest("pk")
    assert {name: event.after[name] for name in DETAILS} == DETAILS
    client.force_login(world.people["observer"])
    page = client.get(reverse("recommendations:contacts")).content.decode()
    assert "Penolong Pengarah, Unit Dasar" in page and DETAILS["telephone"] in page
    found = client.get(reverse("recommendations:contacts"), {"text": "unit dasar"}).content.decode()
    assert officer.email in found and world.people["coordinator"].email not in found


def test_the_same_again_writes_nothing(world: World) -> None:
    officer = world.people["officer"]
    for _ in range(2):
        change_contact(officer, **DETAILS, actor=officer, now=NOW)
    assert Event.objects.filter(action="person.changed").count() == 1


def test_what_cannot_be_stored_is_said_at_its_field_and_kept(client: Client, world: World) -> None:
    client.force_login(world.people["officer"])
    answer = client.post(reverse("accounts:change_contact"), {**DETAILS, "unit": "Unit\u200bDasar"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["unit"]
    assert answer.context["form"]["post"].value() == DETAILS["post"]
    answer = client.post(reverse("accounts:change_contact"), {**DETAILS, "telephone": "hubungi saya"})
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["telephone"]
    assert answer.context["form"]["telephone"].value() == "hubungi saya"


def test_nobody_but_administrators_keeps_anothers(world: World) -> None:
    officer, coordinator = world.people["officer"], world.people["coordinator"]
    with pytest.raises(NotAllowed):
        change_contact(officer, **DETAILS, actor=coordinator, now=NOW)
    standing = {"name": officer.name, "role": officer.role, "clearance": officer.clearance}
    with pytest.raises(NotAllowed):
        change_person(officer, **standing, **DETAILS, actor=coordinator, now=NOW)
    kept = change_person(officer, **standing, **DETAILS, actor=world.people["administrator"], now=NOW)
    assert kept.telephone == DETAILS["telephone"]
    with pytest.raises(BadValue):
        change_person(officer, **standing, post="x" * 101, actor=world.people["administrator"], now=NOW)
    officer.refresh_from_db()
    assert officer.post == DETAILS["post"]

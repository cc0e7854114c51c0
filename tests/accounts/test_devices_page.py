"""The list of one's known devices."""

from __future__ import annotations

from django.test import Client

from accounts.models import KnownDevice, User
from tests.accounts.conftest import sign_in
from tests.accounts.events import events
from tests.factories.accounts import World

FIREFOX = {"user-agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"}


def devices(client: Client) -> list[tuple[str, bool]]:
    rows = client.get("/account/sessions/").context["devices"]
    return [(row["browser"], row["is_current"]) for row in rows]


def test_mine_alone_are_listed_and_this_one_marked(client: Client, officer: User, world: World) -> None:
    sign_in(Client(headers=FIREFOX), officer)
    sign_in(Client(), world.foreign_officer)
    sign_in(client, officer)
    assert devices(client) == [("", True), ("Firefox · Windows", False)]


def test_one_is_removed_and_its_session_goes_on(client: Client, officer: User) -> None:
    other = Client(headers=FIREFOX)
    sign_in(other, officer)
    sign_in(client, officer)
    device = KnownDevice.objects.get(user_agent__contains="Firefox")
    client.post(f"/account/devices/{device.pk}/remove/")
    assert devices(client) == [("", True)]
    assert other.get("/account/").status_code == 200
    assert len(events("device.forgotten")) == 1


def test_another_persons_is_not_there(client: Client, officer: User, world: World) -> None:
    sign_in(Client(), world.foreign_officer)
    sign_in(client, officer)
    theirs = KnownDevice.objects.get(person=world.foreign_officer)
    answers = [client.post(f"/account/devices/{pk}/remove/", follow=True) for pk in (theirs.pk, 99999999)]
    said = [[str(each) for each in answer.context["messages"]] for answer in answers]
    assert said[0] == said[1]
    assert KnownDevice.objects.filter(pk=theirs.pk).exists()
    assert events("device.forgotten") == []


def test_all_others_are_removed(client: Client, officer: User, world: World) -> None:
    for browser in (Client(headers=FIREFOX), Client(), client):
        sign_in(browser, officer)
    sign_in(Client(), world.foreign_officer)
    client.post("/account/devices/remove-others/")
    assert devices(client) == [("", True)]
    assert [event.after for event in events("device.forgotten")] == [{"devices": 2}]
    assert KnownDevice.objects.count() == 2

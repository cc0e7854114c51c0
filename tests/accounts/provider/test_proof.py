"""Acts of weight ask people of single sign-on at the provider who they are."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.services.provider_accounts import connect_provider
from audit import clock
from audit.models import Event
from tests.accounts.provider.browser import (
    AGAIN,
    APP,
    finish,
    is_signed_in,
    onward_of,
    sign_in,
)
from tests.accounts.provider.fake_provider import FakeProvider
from tests.factories.accounts import UserFactory
from tests.recent_proof import age_proof


@pytest.mark.usefixtures("now", "officer")
class TestProvingAgain:
    """An act of weight, here the page of one's own second factors, asks people of single sign-on at the provider."""

    @pytest.fixture
    def inside(self, client: Client, provider: FakeProvider) -> Client:
        """The browser of somebody without a password, signed in by a provider that does not say when it asked."""
        User.objects.update(password="!")
        sign_in(client, provider)
        return client

    def ask(self, client: Client) -> dict[str, str]:
        """Press the button of the proof; what the provider is asked for."""
        asking = client.get(APP)["Location"]
        address = str(client.post(AGAIN, {"next": onward_of(asking)})["Location"])
        return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()} | {"": address}

    def prove(self, client: Client, provider: FakeProvider) -> HttpResponse:
        return finish(client, provider.authorize(self.ask(client)[""]))

    def test_a_fresh_round_proves(self, inside: Client, provider: FakeProvider, officer: User) -> None:
        asking = inside.get(APP)["Location"]
        assert asking.startswith(AGAIN)
        page = inside.get(asking).text
        assert "ID Agensi" in page and "kerana mungkin orang lain" in page
        asked = self.ask(inside)
        assert (asked["prompt"], asked["max_age"]) == ("login", "0")
        provider.claims = {"auth_time": int(time.time())}
        before = inside.session.session_key
        answer = finish(inside, provider.authorize(asked[""]))
        assert answer["Location"] == APP
        assert inside.get(APP).status_code == 200
        assert not Session.objects.filter(session_key=before).exists()
        assert [row.session_key for row in UserSession.objects.all()] == [inside.session.session_key]
        event = Event.objects.get(action="session.proved_again")
        assert (event.actor_id, event.after) == (officer.pk, {"proof": "provider"})

    @pytest.mark.parametrize("age", [None, True, "now", 3600, 120, -600], ids=str)
    def test_a_round_without_being_asked_proves_nothing(
        self, inside: Client, provider: FakeProvider, age: Any
    ) -> None:
        """The provider still knows the browser, and lets it pass unasked, or its clock is wrong."""
        is_number = isinstance(age, int) and not isinstance(age, bool)
        provider.claims = {"auth_time": int(time.time()) - age if is_number else age}
        assert self.prove(inside, provider).status_code == 403
        assert inside.get(APP).status_code == 302
        assert not Event.objects.filter(action="session.proved_again").exists()
        assert is_signed_in(inside)

    def test_another_account_at_the_provider_proves_nothing(
        self, inside: Client, provider: FakeProvider
    ) -> None:
        """Whoever sits at an open desk has one, too."""
        provider.subject, provider.claims = "subject-2", {"auth_time": int(time.time())}
        assert self.prove(inside, provider).status_code == 403
        other: User = UserFactory()
        connect_provider(
            other, issuer=provider.settings().issuer, subject="subject-2", actor=other, now=clock.now()
        )
        assert self.prove(inside, provider).status_code == 403
        assert inside.get(APP).status_code == 302

    def test_signing_in_again_unasked_proves_nothing(self, inside: Client, provider: FakeProvider) -> None:
        sign_in(inside, provider)
        assert inside.get(APP).status_code == 302
        provider.claims = {"auth_time": int(time.time()) - 3600}
        sign_in(inside, provider)
        assert inside.get(APP).status_code == 302

    def test_signing_in_after_being_asked_proves(self, client: Client, provider: FakeProvider) -> None:
        provider.claims = {"auth_time": int(time.time())}
        sign_in(client, provider)
        assert client.get(APP).status_code == 200

    def test_a_round_that_another_person_began_proves_nothing(
        self, inside: Client, provider: FakeProvider
    ) -> None:
        asked = self.ask(inside)
        provider.claims = {"auth_time": int(time.time())}
        inside.force_login(UserFactory())
        assert finish(inside, provider.authorize(asked[""])).status_code == 410

    def test_who_is_not_connected_is_not_led_there(self, client: Client, provider: FakeProvider) -> None:
        client.force_login(UserFactory())
        assert client.get(AGAIN).status_code == 404
        age_proof(client)
        assert client.get(APP)["Location"].startswith("/account/again/password/")

    def test_who_has_a_password_too_may_choose(self, client: Client, provider: FakeProvider) -> None:
        sign_in(client, provider)
        page = client.get(client.get(APP)["Location"]).text
        assert f"/account/again/password/?next={quote(APP, safe='')}" in page

    def test_nobody_is_led_elsewhere(self, inside: Client, provider: FakeProvider) -> None:
        provider.claims = {"auth_time": int(time.time())}
        address = inside.post(AGAIN, {"next": "https://evil.example/"})["Location"]
        assert finish(inside, provider.authorize(address))["Location"] == "/"

"""People connect their account at the provider and disconnect it."""

from __future__ import annotations

import time

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import FailedSignIn, ProviderAccount, User
from accounts.roles import Role
from accounts.services.provider_accounts import connect_provider, disconnect_provider
from audit import clock
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from tests.accounts.provider.browser import (
    finish,
    is_signed_in,
    sign_in,
)
from tests.accounts.provider.fake_provider import FakeProvider
from tests.factories.accounts import PASSWORD, UserFactory


class TestConnect:
    def _connect(self, client: Client, provider: FakeProvider, password: str = PASSWORD) -> HttpResponse:
        response = client.post(reverse("accounts:connect_provider"), {"password": password})
        provider.claims = {"auth_time": int(time.time()), **provider.claims}
        return finish(client, provider.authorize(response["Location"]))

    def test_a_person_connects_after_the_password(
        self,
        client: Client,
        provider: FakeProvider,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        person = UserFactory()
        client.force_login(person)
        assert "Sambungkan" in client.get(reverse("accounts:my_account")).text
        wrong = client.post(reverse("accounts:connect_provider"), {"password": "salah"})
        assert wrong.status_code == 200 and provider.asked == []
        with django_capture_on_commit_callbacks(execute=True):
            assert self._connect(client, provider)["Location"] == reverse("accounts:my_account")
        assert ProviderAccount.objects.get().person == person
        assert Event.objects.filter(action="person.provider_connected", actor_id=person.pk).exists()
        assert mail.outbox[-1].to == [person.email]
        assert "Putuskan" in client.get(reverse("accounts:my_account")).text

    def test_only_who_began_it_is_connected(self, client: Client, provider: FakeProvider) -> None:
        first, second = UserFactory(), UserFactory()
        client.force_login(first)
        response = client.post(reverse("accounts:connect_provider"), {"password": PASSWORD})
        said = provider.authorize(response["Location"])
        client.force_login(second)
        assert client.post(reverse("accounts:provider_finish"), said).status_code == 410
        assert ProviderAccount.objects.count() == 0

    @pytest.mark.parametrize("age", [None, 120])
    def test_connects_nobody_whom_the_provider_did_not_ask_just_now(
        self, client: Client, provider: FakeProvider, age: int | None
    ) -> None:
        """It ignores `prompt=login`: whoever sat at this desk before is still signed in there."""
        client.force_login(UserFactory())
        provider.claims = {"auth_time": int(time.time()) - age if age else None}
        assert self._connect(client, provider).status_code == 403
        assert ProviderAccount.objects.count() == 0
        assert Event.objects.get(action="session.failed").reason == "auth_time"

    def test_a_subject_is_one_persons(self, client: Client, provider: FakeProvider, officer: User) -> None:
        other = UserFactory()
        client.force_login(other)
        assert self._connect(client, provider).status_code == 409
        assert ProviderAccount.objects.get().person == officer
        issuer = provider.settings().issuer
        with pytest.raises(NotNow):
            connect_provider(officer, issuer=issuer, subject="second", actor=officer, now=clock.now())
        with pytest.raises(NotAllowed):
            connect_provider(other, issuer=issuer, subject="third", actor=officer, now=clock.now())

    def test_passwords_are_not_guessed_here(self, client: Client, provider: FakeProvider) -> None:
        client.force_login(UserFactory())
        tries = [
            client.post(reverse("accounts:connect_provider"), {"password": "salah"}).status_code
            for _ in range(6)
        ]
        assert tries == [200] * 5 + [429]

    @pytest.mark.parametrize("name", ["connect_provider", "disconnect_provider"])
    def test_a_guess_counts_like_one_at_sign_in(
        self, client: Client, provider: FakeProvider, officer: User, name: str
    ) -> None:
        client.force_login(officer)
        client.post(reverse(f"accounts:{name}"), {"password": "salah"})
        assert FailedSignIn.objects.count() == 1
        assert Event.objects.filter(action="session.failed", object_id=officer.pk).count() == 1
        client.post(reverse(f"accounts:{name}"), {"password": PASSWORD})
        assert FailedSignIn.objects.count() == 1


class TestDisconnect:
    def test_by_oneself_after_the_password(
        self, client: Client, provider: FakeProvider, officer: User
    ) -> None:
        client.force_login(officer)
        address = reverse("accounts:disconnect_provider")
        assert client.post(address, {"password": "salah"}).status_code == 200
        assert client.post(address, {"password": PASSWORD}).status_code == 302
        client.post("/sign-out/")
        assert sign_in(client, provider).status_code == 403

    def test_not_by_who_would_have_no_way_in(
        self, client: Client, provider: FakeProvider, officer: User
    ) -> None:
        officer.set_unusable_password()
        officer.save()
        client.force_login(officer)
        page = client.get(reverse("accounts:my_account")).text
        assert reverse("accounts:disconnect_provider") not in page
        assert reverse("account_set_password") in page
        assert client.get(reverse("account_change_password"))["Location"] == reverse("account_set_password")
        assert client.get(reverse("account_set_password"))["Location"] == reverse("account_reset_password")
        with pytest.raises(NotNow):
            disconnect_provider(officer, actor=officer, now=clock.now())

    def test_by_an_administrator_with_a_reason(
        self,
        client: Client,
        provider: FakeProvider,
        officer: User,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        theirs = Client()
        sign_in(theirs, provider)
        client.force_login(UserFactory(role=Role.ADMINISTRATOR))
        assert "ID Agensi" in client.get(reverse("accounts:person", args=[officer.pk])).text
        address = reverse("accounts:end_provider_account", args=[officer.pk])
        assert client.post(address, {"reason": ""}).status_code == 200
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(address, {"reason": "Akaun agensi ditutup"}).status_code == 302
        assert not is_signed_in(theirs)
        event = Event.objects.get(action="person.provider_disconnected")
        assert event.reason == "Akaun agensi ditutup"
        assert mail.outbox[-1].to == [officer.email]
        account = ProviderAccount.objects.get()
        assert account.ended_at and account.ended_by
        assert "ID Agensi" not in client.get(reverse("accounts:person", args=[officer.pk])).text

    def test_only_administrators_disconnect_others(
        self, client: Client, provider: FakeProvider, officer: User
    ) -> None:
        colleague = UserFactory(agency=officer.agency, role=Role.COORDINATOR)
        client.force_login(colleague)
        address = reverse("accounts:end_provider_account", args=[officer.pk])
        assert client.get(address).status_code == 404
        with pytest.raises(NotAllowed):
            disconnect_provider(officer, reason="x", actor=colleague, now=clock.now())

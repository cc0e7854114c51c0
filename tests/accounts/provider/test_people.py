"""Who may come in by the provider, and how invited people join by it."""

from __future__ import annotations

import json
import re
import time

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import ProviderAccount, User
from accounts.roles import Role
from accounts.services.people import deactivate_person
from accounts.services.provider_accounts import connect_provider
from accounts.tokens import INVITATION, link_path
from audit import clock
from audit.models import Event
from tests.accounts.provider.browser import (
    AGAIN,
    APP,
    age_provider_proof,
    finish,
    is_signed_in,
    onward_of,
    sign_in,
)
from tests.accounts.provider.fake_provider import FakeProvider
from tests.accounts.test_factors import HOME, code_of
from tests.factories.accounts import PASSWORD, UserFactory


class TestWhoMayComeIn:
    def test_a_stranger_with_an_administrators_address_is_refused(
        self, client: Client, provider: FakeProvider
    ) -> None:
        UserFactory(role=Role.ADMINISTRATOR, email="pentadbir@mapo.example")
        provider.claims = {"email": "pentadbir@mapo.example", "email_verified": True, "role": "administrator"}
        response = sign_in(client, provider)
        assert response.status_code == 403
        assert not is_signed_in(client)
        event = Event.objects.get(action="session.failed")
        assert event.reason == "unknown"
        assert "subject-1" not in json.dumps(event.after)

    def test_who_was_deactivated_gets_the_page_of_a_stranger(
        self, client: Client, provider: FakeProvider, officer: User
    ) -> None:
        administrator = UserFactory(role=Role.ADMINISTRATOR)
        deactivate_person(officer, reason="Bersara", actor=administrator, now=clock.now())
        known = sign_in(client, provider)
        provider.subject = "stranger"
        unknown = sign_in(client, provider)
        assert known.status_code == unknown.status_code == 403
        assert known.text == unknown.text
        assert [event.reason for event in Event.objects.filter(action="session.failed").order_by("pk")] == [
            "inactive",
            "unknown",
        ]

    def test_another_issuers_same_subject_is_somebody_else(
        self, client: Client, provider: FakeProvider
    ) -> None:
        person = UserFactory()
        connect_provider(
            person, issuer="https://old.example", subject="subject-1", actor=person, now=clock.now()
        )
        assert sign_in(client, provider).status_code == 403

    def test_nothing_from_outside_changes_a_person(
        self, client: Client, provider: FakeProvider, officer: User
    ) -> None:
        before = (
            User.objects.filter(pk=officer.pk).values("name", "email", "role", "agency", "clearance").get()
        )
        provider.claims = {
            "name": "Lain",
            "email": "lain@x.example",
            "role": "administrator",
            "groups": ["mapo"],
        }
        sign_in(client, provider)
        after = (
            User.objects.filter(pk=officer.pk).values("name", "email", "role", "agency", "clearance").get()
        )
        assert before == after


class TestJoin:
    @pytest.fixture
    def invited(self) -> User:
        person: User = UserFactory(joined_at=None, email="baharu@pdrm.example")
        person.set_unusable_password()
        person.save()
        return person

    def _join(self, client: Client, provider: FakeProvider, link: str) -> HttpResponse:
        response = client.post(f"{link}provider/")
        assert response.status_code == 302, response.status_code
        assert "prompt=login" in response["Location"]
        provider.claims = {"auth_time": int(time.time()), **provider.claims}
        return finish(client, provider.authorize(response["Location"]))

    def test_an_invited_person_joins_without_a_password(
        self,
        client: Client,
        provider: FakeProvider,
        invited: User,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    ) -> None:
        link = link_path(invited, purpose=INVITATION)
        assert "ID Agensi" in client.get(link).text
        with django_capture_on_commit_callbacks(execute=True):
            response = self._join(client, provider, link)
        assert response["Location"] == reverse("guides:welcome")
        assert is_signed_in(client)
        invited.refresh_from_db()
        assert invited.has_joined and not invited.has_usable_password()
        event = Event.objects.get(action="person.joined")
        assert event.after == {"by": "provider"}
        assert mail.outbox[-1].to == ["baharu@pdrm.example"]
        assert client.get(link).status_code == 410
        client.post("/sign-out/")
        assert sign_in(client, provider).status_code == 302

    def test_joins_nobody_whom_the_provider_asked_before(
        self, client: Client, provider: FakeProvider, invited: User
    ) -> None:
        link = link_path(invited, purpose=INVITATION)
        provider.claims = {"auth_time": int(time.time()) - 120}
        assert self._join(client, provider, link).status_code == 403
        assert ProviderAccount.objects.count() == 0
        assert not is_signed_in(client) and client.get(link).status_code == 200

    @pytest.mark.parametrize("said", [None, 0])
    def test_joining_alone_believes_a_provider_that_says_no_time(
        self, client: Client, provider: FakeProvider, invited: User, said: int | None
    ) -> None:
        """Some say none at a first sign-in. It joins the browser that began, and proves nothing afterwards."""
        link = link_path(invited, purpose=INVITATION)
        provider.claims = {"auth_time": said}
        asked = client.post(f"{link}provider/")["Location"]
        assert "prompt=login" in asked
        answer = provider.authorize(asked)
        assert finish(Client(), answer).status_code == 410
        assert ProviderAccount.objects.count() == 0
        assert finish(client, answer)["Location"] == reverse("guides:welcome")
        assert ProviderAccount.objects.get().person == invited
        asking = client.get(APP)["Location"]
        away = client.post(AGAIN, {"next": onward_of(asking)})["Location"]
        assert finish(client, provider.authorize(away)).status_code == 403
        assert client.get(APP)["Location"] == asking

    def test_who_must_have_a_factor_joins_and_adds_one(
        self, client: Client, provider: FakeProvider, invited: User, settings: Settings
    ) -> None:
        """The proof has become old, and is given once more on the way."""
        settings.SECOND_FACTOR_REQUIRED = frozenset({"officer"})
        self._join(client, provider, link_path(invited, purpose=INVITATION))
        age_provider_proof(client)
        assert client.get("/evidence/")["Location"] == HOME
        assert client.get("/password/set/")["Location"] == "/password/reset/"
        assert client.get("/password/reset/").status_code == 200
        asking = client.get(APP)["Location"]
        assert client.get(asking).status_code == 200
        provider.claims = {"auth_time": int(time.time())}
        away = client.post(AGAIN, {"next": onward_of(asking)})["Location"]
        assert finish(client, provider.authorize(away))["Location"] == APP
        found = re.search(r"data-secret>([A-Z2-7 ]+)<", client.get(APP).text)
        assert found is not None
        code = code_of(found[1].replace(" ", ""))
        # Whoever takes long over the app proves it once more; then the code is sent by itself.
        age_provider_proof(client)
        asking = client.post(APP, {"code": code})["Location"]
        away = client.post(AGAIN, {"next": onward_of(asking)})["Location"]
        onward = finish(client, provider.authorize(away))["Location"]
        assert f'name="code" value="{code}"' in client.get(onward).text
        assert client.post(APP, {"code": code})["Location"] == f"{HOME}codes/"
        client.post(f"{HOME}codes/")
        assert client.get("/evidence/").status_code == 200

    def test_a_link_that_was_used_meanwhile_connects_nobody(
        self, client: Client, provider: FakeProvider, invited: User
    ) -> None:
        link = link_path(invited, purpose=INVITATION)
        said = provider.authorize(client.post(f"{link}provider/")["Location"])
        Client().post(link, {"password": PASSWORD, "password_again": PASSWORD})
        response = finish(client, said)
        assert response["Location"] == link
        assert ProviderAccount.objects.count() == 0

    def test_a_wrong_link_leads_to_the_page_that_says_so(
        self, client: Client, provider: FakeProvider, invited: User
    ) -> None:
        link = link_path(invited, purpose=INVITATION)
        wrong = link.rstrip("/")[:-1] + "x/"
        assert client.post(f"{wrong}provider/")["Location"] == wrong
        assert provider.asked == []

    def test_somebody_elses_subject_joins_nobody(
        self, client: Client, provider: FakeProvider, officer: User, invited: User
    ) -> None:
        response = self._join(client, provider, link_path(invited, purpose=INVITATION))
        assert response.status_code == 409
        invited.refresh_from_db()
        assert not invited.has_joined
        assert not is_signed_in(client)

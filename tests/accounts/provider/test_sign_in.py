"""Signing in at a provider: what a good answer does, and what happens when the provider fails or there is none."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.oidc import provider as oidc
from accounts.roles import Role
from audit.models import Event
from tests.accounts.provider.browser import (
    finish,
    is_signed_in,
    leave,
    sign_in,
)
from tests.accounts.provider.fake_provider import FakeProvider
from tests.caches import forget_all
from tests.factories.accounts import PASSWORD, UserFactory
from tests.replacing import replace_in


class TestGoodAnswers:
    def test_a_connected_person_signs_in_and_returns_to_where_they_were(
        self, client: Client, provider: FakeProvider, officer: User
    ) -> None:
        client.get("/sign-in/")
        before = client.session.session_key
        response = sign_in(client, provider, next="/account/sessions/")
        assert response["Location"] == "/account/sessions/"
        assert is_signed_in(client)
        assert client.session.session_key != before
        event = Event.objects.get(action="session.signed_in")
        assert event.actor_id == officer.pk
        assert "Firefox" not in client.get("/account/sessions/").text
        assert client.cookies[settings.OIDC_COOKIE_NAME].value == ""

    def test_signing_in_over_oneself_ends_the_old_key(
        self, client: Client, provider: FakeProvider, officer: User
    ) -> None:
        """Whoever had stolen it would get ten more hours, and the proof."""
        sign_in(client, provider)
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        assert is_signed_in(thief)
        sign_in(client, provider)
        assert is_signed_in(client)
        assert not is_signed_in(thief)
        assert [row.session_key for row in UserSession.objects.all()] == [client.session.session_key]

    def test_what_is_asked_of_the_provider(self, client: Client, provider: FakeProvider) -> None:
        address = urlsplit(leave(client))
        asked = {name: values[0] for name, values in parse_qs(address.query).items()}
        assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider.origin}/authorize"
        assert asked.pop("state") and asked.pop("nonce") and len(asked.pop("code_challenge")) == 43
        assert asked == {
            "response_type": "code",
            "client_id": "jejak",
            "redirect_uri": "http://testserver/sign-in/provider/return/",
            "scope": "openid",
            "code_challenge_method": "S256",
        }

    def test_nothing_else_is_ever_asked(self, client: Client, provider: FakeProvider, officer: User) -> None:
        """No userinfo: another subject's could not be believed, and our own is in the ID token."""
        sign_in(client, provider)
        client.post("/sign-out/")
        sign_in(client, provider)
        metadata = "/realm/.well-known/openid-configuration"
        assert provider.asked == [metadata, "/token", "/keys", "/token"]

    def test_signing_out_leads_to_the_provider_and_back(
        self, client: Client, provider: FakeProvider, officer: User
    ) -> None:
        sign_in(client, provider)
        address = urlsplit(client.post("/sign-out/")["Location"])
        asked = parse_qs(address.query)
        assert f"{address.scheme}://{address.netloc}{address.path}" == f"{provider.origin}/end"
        assert asked["post_logout_redirect_uri"] == ["http://testserver/sign-in/"]
        assert (
            jwt.decode(asked["id_token_hint"][0], options={"verify_signature": False})["sub"] == "subject-1"
        )
        assert not is_signed_in(client)
        assert "provider-id-token" not in client.session

    def test_who_signed_in_by_password_signs_out_here_alone(
        self, client: Client, provider: FakeProvider, officer: User
    ) -> None:
        client.post("/sign-in/", {"login": officer.email, "password": PASSWORD})
        assert client.post("/sign-out/")["Location"] == "/sign-in/"

    def test_a_second_factor_counts_only_when_the_provider_says_so(
        self, client: Client, provider: FakeProvider, officer: User, settings: Settings
    ) -> None:
        settings.OIDC = provider.settings(second_factor=("otp",))
        for said, is_proved in (({}, False), ({"amr": ["pwd"]}, False), ({"amr": ["pwd", "otp"]}, True)):
            provider.claims = said
            sign_in(client, provider)
            event = Event.objects.filter(action="session.signed_in").latest("pk")
            assert event.after == ({"factor": "provider"} if is_proved else None)
            client.post("/sign-out/")

    def test_a_new_key_of_the_provider_is_fetched(
        self, client: Client, provider: FakeProvider, officer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sign_in(client, provider)
        client.post("/sign-out/")
        provider.keys, provider.key = ["two"], "two"
        assert sign_in(client, provider).status_code == 403, "asked for again within a minute"
        replace_in(monkeypatch, oidc, "time", monotonic=lambda: time.monotonic() + 61)
        assert sign_in(client, provider).status_code == 302
        assert is_signed_in(client)


class TestProviderThatFails:
    def _is_down(self, client: Client) -> bool:
        response = client.post(reverse("accounts:provider_sign_in"))
        return response.status_code == 503 and "ID Agensi tidak dapat dihubungi" in response.text

    def test_nobody_answers(self, client: Client, provider: FakeProvider, settings: Settings) -> None:
        settings.OIDC = provider.settings(issuer="http://127.0.0.1:9/realm")
        assert self._is_down(client)
        administrator = UserFactory(role=Role.ADMINISTRATOR)
        client.post("/sign-in/", {"login": administrator.email, "password": PASSWORD})
        assert is_signed_in(client)

    def test_it_falls_before_the_code_is_redeemed(
        self, client: Client, provider: FakeProvider, officer: User
    ) -> None:
        said = provider.authorize(leave(client))
        provider.refusal = (500, {})
        assert finish(client, said).status_code == 503

    @pytest.mark.parametrize(
        "says",
        [
            {"issuer": "https://other.example"},
            {"authorization_endpoint": "https://other.example/authorize"},
            {"token_endpoint": "http://169.254.169.254/token"},
            {"jwks_uri": "file:///etc/passwd"},
            {"end_session_endpoint": "https://other.example/end"},
            {"token_endpoint": None},
            {"code_challenge_methods_supported": ["plain"]},
            {"padding": "x" * 300_000},
        ],
    )
    def test_metadata_that_cannot_be_used(
        self, client: Client, provider: FakeProvider, says: dict[str, Any]
    ) -> None:
        provider.metadata = says
        assert self._is_down(client)

    def test_a_redirect_is_not_followed(self, client: Client, provider: FakeProvider) -> None:
        provider.redirects_to = f"{provider.origin}/elsewhere"
        assert self._is_down(client)
        assert provider.asked == ["/realm/.well-known/openid-configuration"]

    def test_a_failure_is_remembered_for_seconds(
        self, client: Client, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        provider.redirects_to = "/elsewhere"
        assert self._is_down(client) and self._is_down(client)
        assert len(provider.asked) == 1
        provider.redirects_to = ""
        replace_in(monkeypatch, oidc, "time", monotonic=lambda: time.monotonic() + 11)
        assert leave(client)

    def test_proxies_of_the_environment_are_not_asked(
        self, client: Client, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv("NO_PROXY", "")
        assert leave(client)

    def test_signing_out_works_while_it_is_down(
        self, client: Client, provider: FakeProvider, officer: User
    ) -> None:
        sign_in(client, provider)
        forget_all()
        provider.redirects_to = "/elsewhere"
        assert client.post("/sign-out/")["Location"] == "/sign-in/"
        assert not is_signed_in(client)


def test_nothing_shows_where_no_provider_is_set_up(client: Client) -> None:
    assert "provider" not in client.get("/sign-in/").text
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    assert "provider" not in client.get(reverse("accounts:my_account")).text


def test_browsers_may_send_forms_on_to_the_provider_alone(client: Client, settings: Settings) -> None:
    assert "form-action 'self';" in client.get("/sign-in/")["Content-Security-Policy"] + ";"

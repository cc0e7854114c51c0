"""No hostile answer of a provider does anything."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from audit.models import Event
from tests.accounts.provider.browser import (
    finish,
    is_signed_in,
    leave,
    sign_in,
)
from tests.accounts.provider.fake_provider import FakeProvider, key_named
from tests.caches import forget_all
from ui.secret_links import hide_secret_links


def _hash_of(token: str) -> str:
    half = hashlib.sha256(token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()


def _unsigned(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, None, algorithm="none", headers={"kid": "one"})


def _by_public_key(claims: dict[str, Any]) -> str:
    """HS256 with the public key as the secret, which PyJWT refuses to make."""
    secret = key_named("one").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": "HS256", "kid": "one", "typ": "JWT"}, claims)
    ]
    import hmac

    mark = hmac.new(secret, b".".join(parts), hashlib.sha256).digest()
    return b".".join([*parts, base64.urlsafe_b64encode(mark).rstrip(b"=")]).decode()


def _changed_after(claims: dict[str, Any]) -> str:
    token = jwt.encode(claims, key_named("one"), algorithm="RS256", headers={"kid": "one"})
    head, _body, mark = token.split(".")
    forged = base64.urlsafe_b64encode(json.dumps({**claims, "sub": "other"}).encode()).rstrip(b"=")
    return ".".join([head, forged.decode(), mark])


NOW = int(time.time())
#: What is wrong, what the provider does, and the word in the trail.
HOSTILE: list[tuple[str, dict[str, Any], str]] = [
    ("another issuer", {"claims": {"iss": "https://evil.example"}}, "id_token"),
    ("another audience", {"claims": {"aud": "other"}}, "id_token"),
    ("two audiences", {"claims": {"aud": ["jejak", "other"]}}, "aud"),
    ("another party", {"claims": {"azp": "other"}}, "azp"),
    ("another nonce", {"claims": {"nonce": "other"}}, "nonce"),
    ("no nonce", {"claims": {"nonce": None}}, "nonce"),
    ("expired", {"claims": {"exp": NOW - 3600, "iat": NOW - 7200}}, "clock"),
    ("from the future", {"claims": {"iat": NOW + 7200, "exp": NOW + 9000}}, "clock"),
    ("no expiry", {"claims": {"exp": None}}, "id_token"),
    ("no subject", {"claims": {"sub": None}}, "id_token"),
    ("empty subject", {"claims": {"sub": ""}}, "sub"),
    ("subject of many characters", {"claims": {"sub": "x" * 256}}, "sub"),
    ("subject with a line break", {"claims": {"sub": "subject-1\n"}}, "sub"),
    ("a subject that is a number", {"claims": {"sub": 1}}, "id_token"),
    ("another access token", {"claims": {"at_hash": _hash_of("another")}}, "at_hash"),
    ("no access token", {"claims": {"at_hash": _hash_of("opaque")}, "access_token": ""}, "at_hash"),
    ("unsigned", {"sign": _unsigned}, "alg"),
    ("signed with the public key", {"sign": _by_public_key}, "alg"),
    ("changed after signing", {"sign": _changed_after}, "id_token"),
    ("signed by another key", {"key": "two", "header": {"kid": "one"}}, "id_token"),
    ("an unknown key", {"key": "two"}, "kid"),
    ("no token", {"sign": lambda _claims: ""}, "id_token"),
    ("no token at all", {"sign": lambda _claims: "a.b.c"}, "id_token"),
    ("a token without end", {"sign": lambda _claims: "a" * 20_000}, "id_token"),
]


class TestHostileAnswers:
    @pytest.mark.parametrize(("does", "word"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
    def test_an_answer_that_cannot_be_believed_signs_nobody_in(
        self, client: Client, provider: FakeProvider, officer: User, does: dict[str, Any], word: str
    ) -> None:
        for name, value in does.items():
            setattr(provider, name, value)
        response = sign_in(client, provider)
        assert response.status_code == 403
        assert not is_signed_in(client)
        assert Event.objects.get(action="session.failed").reason == word
        assert ("Jam tidak sepadan" in response.text) is (word == "clock")

    def test_a_hash_of_the_access_token_that_is_right_is_taken(
        self, client: Client, provider: FakeProvider, officer: User
    ) -> None:
        provider.claims = {"at_hash": _hash_of("opaque")}
        assert sign_in(client, provider).status_code == 302

    def test_the_required_assurance_must_be_there(
        self, client: Client, provider: FakeProvider, officer: User, settings: Settings
    ) -> None:
        settings.OIDC = provider.settings(required_acr=("gold",))
        assert "acr_values=gold" in leave(client)
        assert sign_in(client, provider).status_code == 403
        provider.claims = {"acr": "gold"}
        assert sign_in(client, provider).status_code == 302

    def test_state_of_another_browser_is_refused(
        self, client: Client, provider: FakeProvider, officer: User
    ) -> None:
        """A thief who sends a victim the end of the thief's own sign-in (login CSRF)."""
        said = provider.authorize(leave(Client()))
        assert finish(client, said).status_code == 410
        leave(client)
        assert finish(client, said).status_code == 410
        assert not is_signed_in(client)
        assert "/token" not in provider.asked

    def test_state_works_once(self, client: Client, provider: FakeProvider, officer: User) -> None:
        said = provider.authorize(leave(client))
        kept = client.cookies[settings.OIDC_COOKIE_NAME].value
        assert finish(client, said).status_code == 302
        thief = Client()
        thief.cookies[settings.OIDC_COOKIE_NAME] = kept
        provider.codes["code-9"] = {**parse_first(leave(Client())), "state": said["state"]}
        assert finish(thief, {**said, "code": "code-9"}).status_code == 410
        assert not is_signed_in(thief)

    def test_a_code_that_was_redeemed_is_refused(
        self, client: Client, provider: FakeProvider, officer: User
    ) -> None:
        said = provider.authorize(leave(client))
        provider.codes.clear()
        assert finish(client, said).status_code == 410

    def test_a_stolen_code_is_worth_nothing_without_its_verifier(
        self, client: Client, provider: FakeProvider, officer: User
    ) -> None:
        stolen = provider.authorize(leave(Client()))
        own = provider.authorize(leave(client))
        assert finish(client, {**own, "code": stolen["code"]}).status_code == 410
        assert not is_signed_in(client)

    def test_an_answer_of_another_provider_is_refused(
        self, client: Client, provider: FakeProvider, officer: User
    ) -> None:
        """Mix-up: the answer names its issuer, or must and does not (RFC 9207)."""
        said = provider.authorize(leave(client))
        assert finish(client, {**said, "iss": "https://evil.example"}).status_code == 403
        forget_all()
        provider.metadata = {"authorization_response_iss_parameter_supported": True}
        assert sign_in(client, provider).status_code == 403
        said = provider.authorize(leave(client))
        assert finish(client, {**said, "iss": provider.settings().issuer}).status_code == 302

    @pytest.mark.parametrize(
        "asked", ["https://evil.example/", "//evil.example", "javascript:x", "/" + "a" * 3000]
    )
    def test_nobody_is_led_elsewhere(
        self, client: Client, provider: FakeProvider, officer: User, asked: str
    ) -> None:
        assert sign_in(client, provider, next=asked)["Location"] == "/"

    def test_cancelled_and_other_errors(self, client: Client, provider: FakeProvider) -> None:
        said = provider.authorize(leave(client))
        page = finish(client, {"state": said["state"], "error": "access_denied"})
        assert page.status_code == 200
        assert "dibatalkan" in page.text
        said = provider.authorize(leave(client))
        assert finish(client, {"state": said["state"], "error": "server_error"}).status_code == 403
        assert finish(client, {"state": "wrong", "error": "access_denied"}).status_code == 410

    def test_start_and_end_are_posts_with_a_token(self, provider: FakeProvider) -> None:
        strict = Client(enforce_csrf_checks=True)
        for name in ("provider_sign_in", "provider_finish"):
            assert strict.post(reverse(f"accounts:{name}")).status_code == 403
            assert strict.get(reverse(f"accounts:{name}"))["Location"] == "/"
        assert provider.asked == []

    def test_too_many_tries_are_refused(self, client: Client, provider: FakeProvider) -> None:
        for _ in range(60):
            client.post(reverse("accounts:provider_sign_in"))
        assert client.post(reverse("accounts:provider_sign_in")).status_code == 429
        for _ in range(60):
            client.post(reverse("accounts:provider_finish"))
        assert client.post(reverse("accounts:provider_finish")).status_code == 429

    def test_what_comes_back_stands_in_no_log(self) -> None:
        line = "GET /sign-in/provider/return/?code=c0de%2fmore/most&state=s3cret 200"
        assert hide_secret_links(line) == "GET /sign-in/provider/return/… 200"

    def test_values_of_any_kind_are_answered(self, client: Client, provider: FakeProvider) -> None:
        for value in ("\x00", "é" * 5000, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "{}"):
            leave(client)
            said = dict.fromkeys(("code", "state", "iss", "error"), value)
            assert client.get(reverse("accounts:provider_return"), said).status_code == 200
            assert client.post(reverse("accounts:provider_finish"), said).status_code == 410


def parse_first(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}

"""Signing in at a provider: what a good answer does, and that no hostile one does anything."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import jwt
import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import FailedSignIn, ProviderAccount, User
from accounts.oidc.provider import forget_provider
from accounts.roles import Role
from accounts.services.people import deactivate_person
from accounts.services.provider_accounts import connect_provider, disconnect_provider
from accounts.tokens import INVITATION, link_path
from audit import clock
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from tests.accounts.fake_provider import FakeProvider, fake_provider, key_named
from tests.accounts.test_factors import HOME, code_of
from tests.factories.accounts import PASSWORD, UserFactory
from tests.recent_proof import age_proof
from ui.secret_links import hide_secret_links

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def provider(settings: Settings) -> Iterator[FakeProvider]:
    forget_provider()
    with fake_provider() as made:
        settings.OIDC = made.settings()
        settings.SITE_URL = "http://testserver"
        yield made
    forget_provider()


@pytest.fixture
def officer(provider: FakeProvider) -> User:
    """An officer whose account at the provider is connected."""
    person: User = UserFactory(email="aminah@pdrm.example")
    issuer = provider.settings().issuer
    return connect_provider(person, issuer=issuer, subject="subject-1", actor=person, now=clock.now())


#: A page that asks for a recent proof.
APP = f"{HOME}app/"


def age_provider_proof(client: Client) -> None:
    """Let the provider have asked for every proof of the session too long ago."""
    session = client.session
    proofs = session[AUTHENTICATION_METHODS_SESSION_KEY]
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{**each, "proved_at": 0} for each in proofs]
    session.save()


def onward_of(address: str) -> str:
    return parse_qs(urlsplit(address).query)["next"][0]


def leave(client: Client, **data: Any) -> str:
    """Press the button; the address at the provider."""
    response = client.post(reverse("accounts:provider_sign_in"), data)
    assert response.status_code == 302, response.status_code
    return str(response["Location"])


def finish(client: Client, said: dict[str, str]) -> HttpResponse:
    """Come back, as the browser does: a GET, then the form of its page."""
    page = client.get(reverse("accounts:provider_return"), said)
    assert page.status_code == 200
    for value in said.values():
        assert f'value="{value}"' in page.text
    response: HttpResponse = client.post(reverse("accounts:provider_finish"), said)
    return response


def sign_in(client: Client, provider: FakeProvider, **data: Any) -> HttpResponse:
    return finish(client, provider.authorize(leave(client, **data)))


def is_signed_in(client: Client) -> bool:
    return client.get(reverse("accounts:my_account")).status_code == 200


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
        real = time.monotonic
        monkeypatch.setattr(time, "monotonic", lambda: real() + 61)
        assert sign_in(client, provider).status_code == 302
        assert is_signed_in(client)


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
        forget_provider()
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
        real = time.monotonic
        monkeypatch.setattr(time, "monotonic", lambda: real() + 11)
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
        forget_provider()
        provider.redirects_to = "/elsewhere"
        assert client.post("/sign-out/")["Location"] == "/sign-in/"
        assert not is_signed_in(client)


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

    def test_who_must_have_a_factor_joins_and_adds_one(
        self, client: Client, provider: FakeProvider, invited: User, settings: Settings
    ) -> None:
        """The provider does not say at first when it asked: the proof is old, and is given once more on the way."""
        settings.SECOND_FACTOR_REQUIRED = frozenset({"officer"})
        self._join(client, provider, link_path(invited, purpose=INVITATION))
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


AGAIN = "/account/again/provider/"


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


class TestConnect:
    def _connect(self, client: Client, provider: FakeProvider, password: str = PASSWORD) -> HttpResponse:
        response = client.post(reverse("accounts:connect_provider"), {"password": password})
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


def test_nothing_shows_where_no_provider_is_set_up(client: Client) -> None:
    assert "provider" not in client.get("/sign-in/").text
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    assert "provider" not in client.get(reverse("accounts:my_account")).text
    for name in ("provider_return", "connect_provider", "disconnect_provider"):
        assert client.get(reverse(f"accounts:{name}")).status_code == 404


def test_browsers_may_send_forms_on_to_the_provider_alone(client: Client, settings: Settings) -> None:
    assert "form-action 'self';" in client.get("/sign-in/")["Content-Security-Policy"] + ";"

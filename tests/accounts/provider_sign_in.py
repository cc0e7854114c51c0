"""A provider and an officer who is connected with it, and what a browser does to sign in there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from accounts.oidc.provider import forget_provider
from accounts.services.provider_accounts import connect_provider
from audit import clock
from tests.accounts.fake_provider import FakeProvider, fake_provider
from tests.accounts.test_factors import HOME
from tests.factories.accounts import UserFactory


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
#: The proof at the provider.
AGAIN = "/account/again/provider/"


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

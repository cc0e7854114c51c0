"""What a browser does to sign in at a provider."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.accounts.provider.fake_provider import FakeProvider
from tests.accounts.test_factors import HOME

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

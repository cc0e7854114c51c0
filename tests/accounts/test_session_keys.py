"""A session goes on under a new key after a proof: who stole the old one is out, and no row of it stays."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.proof_gate import KEPT
from accounts.session_store import SessionStore
from tests.accounts.conftest import is_signed_in, sign_in
from tests.accounts.events import events
from tests.accounts.test_factors import add_passkey, challenge_of, code_of, enrol
from tests.factories.accounts import PASSWORD
from tests.recent_proof import age_proof

AGAIN = "/account/again/password/"
FEED = "reminders:feed_renew"
OTHER_PASSWORD = "lain-dan-panjang-2024"


def key_of(client: Client) -> str:
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def thief_of(client: Client) -> Client:
    """A browser with the same key of the session."""
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = key_of(client)
    return thief


def listed_keys() -> list[str]:
    return list(UserSession.objects.values_list("session_key", flat=True))


@pytest.fixture
def inside(client: Client, officer: User) -> Client:
    """The officer's browser, signed in more than ten minutes ago."""
    sign_in(client, officer)
    age_proof(client)
    return client


def test_thief_is_out_after_the_owners_proof(inside: Client) -> None:
    """And would have got ten minutes of the owner's proof with the old key."""
    thief = thief_of(inside)
    assert is_signed_in(thief)
    listed = UserSession.objects.get()
    inside.post(AGAIN, {"password": PASSWORD, "next": "/"})
    assert is_signed_in(inside) and not is_signed_in(thief)
    assert thief.post(reverse(FEED))["Location"].startswith("/sign-in/")
    assert not Session.objects.filter(session_key=listed.session_key).exists()
    assert listed_keys() == [key_of(inside)]
    moved = UserSession.objects.get()
    assert (moved.pk, moved.created_at) == (listed.pk, listed.created_at), "it is the same session, no longer"


def test_code_makes_a_new_key(client: Client, officer: User) -> None:
    secret = enrol(client, officer)
    age_proof(client)
    thief = thief_of(client)
    client.post("/account/again/code/", {"code": code_of(secret), "next": "/"})
    assert is_signed_in(client) and not is_signed_in(thief)
    assert listed_keys() == [key_of(client)]


def test_passkey_makes_a_new_key(client: Client, officer: User) -> None:
    passkey = add_passkey(client, officer)
    age_proof(client)
    thief = thief_of(client)
    address = "/account/again/passkey/?next=/account/"
    used = json.dumps(passkey.use(challenge_of(client.get(address).content.decode())))
    assert client.post(address, {"credential": used, "next": "/account/"})["Location"] == "/account/"
    assert is_signed_in(client) and not is_signed_in(thief)
    assert listed_keys() == [key_of(client)]


def test_wrong_proof_keeps_the_key_and_a_right_one_the_limits(inside: Client) -> None:
    before = key_of(inside)
    inside.post(AGAIN, {"password": "salah", "next": "/"})
    assert key_of(inside) == before and listed_keys() == [before]
    session = inside.session
    session["began"] = began = int(time.time()) - 3600
    session.save()
    inside.post(AGAIN, {"password": PASSWORD, "next": "/"})
    assert inside.session["began"] == began


def test_what_waits_goes_on_under_the_new_key(inside: Client) -> None:
    for _tab in range(2):
        inside.post(reverse(FEED))
    first, second = inside.session[KEPT]
    inside.post(AGAIN, {"password": PASSWORD, "next": "/"})
    assert list(inside.session[KEPT]) == [first, second]
    assert inside.get(f"/account/again/?kept={second}").status_code == 200
    inside.post(reverse(FEED), {KEPT: second})
    assert list(inside.session[KEPT]) == [first]


def test_another_tab_that_asks_with_the_old_key_signs_nobody_out(inside: Client) -> None:
    """Its answer arrives after the new key, in the same browser."""
    tab = thief_of(inside)
    inside.post(AGAIN, {"password": PASSWORD, "next": "/"})
    for response in (tab.get(reverse("accounts:session_left")), tab.get("/account/")):
        assert settings.SESSION_COOKIE_NAME not in response.cookies


def test_two_proofs_at_once_make_one_session(inside: Client) -> None:
    """The second had read the session before the first gave it a new key: it would be in no list, and never end."""
    first, second = SessionStore(key_of(inside)), SessionStore(key_of(inside))
    assert dict(first.items()) == dict(second.items()) != {}
    first.cycle_key()
    with pytest.raises(SessionInterrupted):
        second.cycle_key()
    assert listed_keys() == [first.session_key]
    assert list(Session.objects.values_list("session_key", flat=True)) == [first.session_key]


def test_form_of_another_tab_is_still_valid(officer: User) -> None:
    """Its token stays: a person finishes there what they had begun."""
    client = Client(enforce_csrf_checks=True)
    token = client.get("/sign-in/").context["csrf_token"]
    client.post(
        "/sign-in/", {"login": officer.email, "password": PASSWORD, "csrfmiddlewaretoken": str(token)}
    )
    of_a_tab = str(client.get("/account/").context["csrf_token"])
    again: Any = client.get(AGAIN)
    data = {"password": PASSWORD, "next": "/", "csrfmiddlewaretoken": str(again.context["csrf_token"])}
    client.post(AGAIN, data)
    response = client.post(reverse("accounts:stay_signed_in"), {"csrfmiddlewaretoken": of_a_tab})
    assert response.status_code == 200


def test_end_of_other_sessions_leaves_one_row(inside: Client) -> None:
    inside.post(reverse("accounts:end_other_sessions"))
    assert is_signed_in(inside)
    assert listed_keys() == [key_of(inside)]


def test_new_password_leaves_one_row_and_says_nothing_of_others(inside: Client) -> None:
    listed = UserSession.objects.get()
    data = {"oldpassword": PASSWORD, "password1": OTHER_PASSWORD, "password2": OTHER_PASSWORD}
    inside.post("/password/change/", data)
    assert is_signed_in(inside)
    assert listed_keys() == [key_of(inside)] != [listed.session_key]
    assert events("session.ended_everywhere") == []


def test_new_factor_leaves_one_row(client: Client, officer: User) -> None:
    enrol(client, officer)
    assert is_signed_in(client)
    assert listed_keys() == [key_of(client)]

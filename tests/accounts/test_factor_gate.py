"""Roles that must have a second factor: led to add one before anything else, and back to what they were doing."""

from __future__ import annotations

import pytest
from django.conf import settings as now_in_force
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.roles import Role
from tests.accounts.conftest import sign_in
from tests.accounts.test_factors import HOME, code_of, enrol, is_signed_in
from tests.factories.passkeys import make_passkey
from tracker.env import BadSetting, Reader

ALWAYS = frozenset({"administrator", "reviewer"})


@pytest.fixture(autouse=True)
def _required(settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = frozenset({"officer"})


def test_whoever_has_none_is_led_to_add_one_and_then_on(client: Client, officer: User) -> None:
    answer = client.post(
        "/sign-in/?next=/evidence/", {"login": officer.email, "password": "jejak-yang-panjang-2023"}
    )
    assert answer.url == "/evidence/"
    assert client.get("/evidence/").url == HOME
    for path in ("/account/", "/people/1/", "/password/change/", "/account/sessions/"):
        assert client.get(path).url == HOME
    client.get("/evidence/")
    page = client.get(HOME).content.decode()
    assert "Tambah faktor kedua dahulu" in page
    enrol(client, officer)
    assert client.post(f"{HOME}codes/").url == "/evidence/"
    assert client.get("/evidence/").status_code == 200


def test_what_was_sent_is_not_done_and_that_is_said(client: Client, officer: User) -> None:
    sign_in(client, officer)
    before = officer.post
    answer = client.post(
        "/account/contact/", {"post": "Ketua"}, headers={"Referer": "http://testserver/account/"}
    )
    assert answer.url == HOME
    officer.refresh_from_db()
    assert officer.post == before
    enrol(client, officer)
    answer = client.post(f"{HOME}codes/", follow=True)
    assert answer.redirect_chain[-1][0] == "/account/"
    assert "Belum dilakukan" in answer.content.decode() or "not-done" in answer.content.decode()


def test_a_script_is_told_and_language_and_sign_out_stay_open(client: Client, officer: User) -> None:
    sign_in(client, officer)
    answer = client.post("/account/contact/", {"post": "Ketua"}, headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert client.post("/language/", {"language": "en", "next": HOME}).url == HOME
    assert "First add a second factor" in client.get(HOME).content.decode()
    client.post("/sign-out/")
    assert not is_signed_in(client)


def test_a_session_from_before_must_show_the_factor(client: Client, officer: User) -> None:
    client.force_login(officer)
    make_passkey(officer)
    assert client.get("/evidence/").url.startswith("/account/again/code/?next=%2Fevidence%2F")
    # Nor may it add another one in place of the one that it cannot show.
    assert client.get(f"{HOME}app/").url.startswith("/account/again/")


def test_other_roles_go_on(client: Client, officer: User, settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = ALWAYS
    sign_in(client, officer)
    assert is_signed_in(client)


def test_with_a_factor_the_sign_in_is_enough(client: Client, officer: User) -> None:
    secret = enrol(client, officer)
    again = Client()
    sign_in(again, officer)
    again.post("/sign-in/second-factor/", {"code": code_of(secret)})
    assert is_signed_in(again)


def test_production_cannot_switch_it_off_and_every_role_has_a_word() -> None:
    assert Reader({}).roles("SECOND_FACTOR_REQUIRED", always=ALWAYS) == ALWAYS
    added = Reader({"SECOND_FACTOR_REQUIRED": "officer"}).roles("SECOND_FACTOR_REQUIRED", always=ALWAYS)
    assert added == ALWAYS | {"officer"}
    for wrong in ("none", "Administrator", "pegawai"):
        with pytest.raises(BadSetting, match="SECOND_FACTOR_REQUIRED"):
            Reader({"SECOND_FACTOR_REQUIRED": wrong}).roles("SECOND_FACTOR_REQUIRED", always=ALWAYS)
    every = ",".join(Role.values)
    assert Reader({"X": every}).roles("X", always=frozenset()) == set(Role.values)
    assert now_in_force.MIDDLEWARE.index(
        "accounts.factor_gate.FactorGateMiddleware"
    ) > now_in_force.MIDDLEWARE.index("accounts.resume.SignInMiddleware")

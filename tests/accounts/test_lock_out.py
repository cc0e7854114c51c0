"""Whoever guesses is slowed and stopped; whoever owns the account gets in (docs/adr/0020)."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http.cookies import Morsel
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.attempts import (
    ACCOUNT_FAILURES,
    CONSECUTIVE_FAILURES,
    FREE_FAILURES,
    NETWORK_FAILURES,
    WAITS,
    SignInAttempt,
    account_key,
    begin_attempt,
    forget_old_attempts,
    network_of,
)
from accounts.models import FailedSignIn, KnownDevice, User
from accounts.services.devices import remember_device
from accounts.tokens import RESET, link_path
from tests.accounts.conftest import is_signed_in
from tests.accounts.events import events
from tests.conftest import WorkerDatabase
from tests.factories.accounts import PASSWORD, UserFactory, World

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
WRONG = "salah-salah-salah"
NEW = "kata-laluan-baharu-2023"


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: Any) -> HttpResponse:
    response: HttpResponse = client.post("/sign-in/", {"login": email, "password": password}, **extra)
    return response


def at_address(number: int) -> dict[str, str]:
    return {"REMOTE_ADDR": f"10.1.{number // 200}.{number % 200 + 1}"}


def guess_from_everywhere(email: str, times: int) -> None:
    """Each wrong password from another address, as it is counted before anybody looks at it."""
    for number in range(times):
        begin_attempt(email, address=at_address(number)["REMOTE_ADDR"], device=None)


def guess_at_everybody() -> None:
    """As many accounts as a network may try, from the address of these browsers."""
    for number in range(NETWORK_FAILURES):
        begin_attempt(f"orang{number}@example.org", address="127.0.0.1", device=None)


def message_of(response: HttpResponse) -> str:
    [message] = response.context["form"].non_field_errors()
    return str(message)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Move the real clock of attempts forward."""
    real, moved = timezone.now, [timedelta()]
    monkeypatch.setattr("django.utils.timezone.now", lambda: real() + moved[0])

    def move(by: timedelta) -> None:
        moved[0] += by

    return move


@pytest.fixture
def familiar(officer: User) -> Client:
    """A browser in which the officer has signed in before."""
    client = Client()
    sign_in(client, officer.email)
    client.post("/sign-out/")
    return client


class TestOthersCannotLockTheOwnerOut:
    def test_five_guesses_from_five_addresses_lock_nobody_out(self, client: Client, officer: User) -> None:
        guess_from_everywhere(officer.email, 5)
        sign_in(client, officer.email, **at_address(100))
        assert is_signed_in(client)

    def test_known_device_gets_in_whatever_others_try(self, familiar: Client, officer: User) -> None:
        guess_from_everywhere(officer.email, ACCOUNT_FAILURES + 5)
        sign_in(familiar, officer.email)
        assert is_signed_in(familiar)

    def test_known_device_gets_in_although_its_network_is_locked_out(
        self, familiar: Client, officer: User
    ) -> None:
        guess_at_everybody()
        sign_in(familiar, officer.email)
        assert is_signed_in(familiar)

    def test_reset_link_lets_the_owner_in_from_a_new_browser(self, client: Client, officer: User) -> None:
        guess_from_everywhere(officer.email, ACCOUNT_FAILURES)
        assert "Lupa kata laluan?" in message_of(sign_in(client, officer.email))
        client.post(link_path(officer, purpose=RESET), {"password": NEW, "password_again": NEW})
        assert is_signed_in(client)

    def test_reset_makes_the_browser_known(self, client: Client, officer: User) -> None:
        client.post(link_path(officer, purpose=RESET), {"password": NEW, "password_again": NEW})
        client.post("/sign-out/")
        guess_from_everywhere(officer.email, ACCOUNT_FAILURES)
        sign_in(client, officer.email, NEW)
        assert is_signed_in(client)


class TestGuessersAreStopped:
    def test_from_one_address_waits_grow(
        self, officer: User, later: Callable[[timedelta], None], client: Client
    ) -> None:
        for _ in range(FREE_FAILURES):
            sign_in(client, officer.email, WRONG)
        for minutes in WAITS:
            sign_in(client, officer.email, WRONG)
            assert str(minutes) in message_of(sign_in(client, officer.email))
            assert not is_signed_in(client)
            later(timedelta(minutes=minutes, seconds=1))
        assert {event.reason for event in events("session.locked_out")} == {"address and account"}

    def test_from_many_addresses_so_many_a_day(
        self, client: Client, officer: User, later: Callable[[timedelta], None]
    ) -> None:
        guess_from_everywhere(officer.email, ACCOUNT_FAILURES - 3)
        for number in range(ACCOUNT_FAILURES, ACCOUNT_FAILURES + 6):
            sign_in(Client(), officer.email, WRONG, **at_address(number))
        assert len(events("session.failed")) == 3
        assert {event.reason for event in events("session.locked_out")} == {"account"}
        sign_in(client, officer.email, **at_address(150))
        assert not is_signed_in(client)
        later(timedelta(days=1))
        sign_in(client, officer.email, **at_address(150))
        assert is_signed_in(client)

    def test_never_more_than_a_hundred_in_a_row(
        self, client: Client, officer: User, later: Callable[[timedelta], None]
    ) -> None:
        for _ in range(CONSECUTIVE_FAILURES // ACCOUNT_FAILURES):
            guess_from_everywhere(officer.email, ACCOUNT_FAILURES)
            later(timedelta(days=1, seconds=1))
        sign_in(client, officer.email, **at_address(150))
        assert not is_signed_in(client)
        assert [event.reason for event in events("session.locked_out")] == ["consecutive"]

    def test_owner_signing_in_begins_the_row_anew(self, familiar: Client, officer: User) -> None:
        guess_from_everywhere(officer.email, 3)
        sign_in(familiar, officer.email)
        assert not FailedSignIn.objects.filter(is_consecutive=True).exists()
        assert FailedSignIn.objects.count() == 3

    def test_one_address_at_many_accounts(self, client: Client, officer: User) -> None:
        guess_at_everybody()
        sign_in(client, officer.email)
        assert not is_signed_in(client)
        assert [event.reason for event in events("session.locked_out")] == ["address"]
        sign_in(client, officer.email, **at_address(9))
        assert is_signed_in(client)

    def test_known_device_of_somebody_else_is_no_key(
        self, client: Client, officer: User, world: World
    ) -> None:
        sign_in(client, world.foreign_officer.email)
        client.post("/sign-out/")
        guess_from_everywhere(officer.email, ACCOUNT_FAILURES)
        sign_in(client, officer.email)
        assert not is_signed_in(client)

    def test_known_device_is_slowed_too_and_forgotten_after_a_hundred(
        self, familiar: Client, officer: User, later: Callable[[timedelta], None]
    ) -> None:
        for _ in range(FREE_FAILURES + 1):
            sign_in(familiar, officer.email, WRONG)
        assert "1 minit" in message_of(sign_in(familiar, officer.email))
        assert {event.reason for event in events("session.locked_out")} == {"device"}
        [device] = KnownDevice.objects.all()
        at = timezone.now() - timedelta(days=2)
        FailedSignIn.objects.bulk_create(
            FailedSignIn(account=account_key(officer.email), network="", device=device, at=at)
            for _ in range(CONSECUTIVE_FAILURES)
        )
        sign_in(familiar, officer.email)
        assert not is_signed_in(familiar)
        assert not KnownDevice.objects.exists()
        assert len(events("device.forgotten")) == 1

    def test_own_success_clears_the_known_device(self, familiar: Client, officer: User) -> None:
        for _ in range(FREE_FAILURES):
            sign_in(familiar, officer.email, WRONG)
        sign_in(familiar, officer.email)
        assert is_signed_in(familiar)
        assert not FailedSignIn.objects.exists()

    def test_device_unused_for_long_is_unknown(
        self, familiar: Client, officer: User, later: Callable[[timedelta], None]
    ) -> None:
        later(timedelta(days=settings.KNOWN_DEVICE_DAYS + 1))
        guess_from_everywhere(officer.email, ACCOUNT_FAILURES)
        sign_in(familiar, officer.email)
        assert not is_signed_in(familiar)

    def test_forged_cookie_is_no_device(self, client: Client, officer: User, familiar: Client) -> None:
        guess_from_everywhere(officer.email, ACCOUNT_FAILURES)
        signed = familiar.cookies[settings.DEVICE_COOKIE_NAME].value
        client.cookies[settings.DEVICE_COOKIE_NAME] = signed[:-2] + "xx"
        sign_in(client, officer.email)
        assert not is_signed_in(client)

    def test_case_of_the_address_makes_no_difference(self, client: Client, officer: User) -> None:
        for _ in range(FREE_FAILURES + 1):
            sign_in(client, f" {officer.email.upper()}", WRONG)
        sign_in(client, officer.email)
        assert not is_signed_in(client)

    def test_ipv6_counts_by_household(self) -> None:
        assert network_of("2001:db8:1:2:aaaa::1") == network_of("2001:db8:1:2:bbbb::9") == "2001:db8:1:2::"
        assert network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1")
        assert network_of("10.0.0.1") == "10.0.0.1"
        assert network_of(None) == ""

    def test_success_is_no_failure(self, client: Client, officer: User) -> None:
        for _ in range(FREE_FAILURES + 2):
            sign_in(Client(), officer.email)
        sign_in(client, officer.email)
        assert is_signed_in(client)
        assert not FailedSignIn.objects.exists()

    def test_many_at_once_are_no_more_than_allowed(self, real_db: WorkerDatabase) -> None:
        """Counted before the password is looked at: nobody gains by sending all guesses together."""

        def attempt(number: int) -> bool:
            try:
                judged = begin_attempt("a@b.example", address=f"10.2.0.{number + 1}", device=None)
                return isinstance(judged, SignInAttempt)
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(attempt, range(ACCOUNT_FAILURES * 2))) == ACCOUNT_FAILURES

    def test_old_rows_are_forgotten(self, officer: User, later: Callable[[timedelta], None]) -> None:
        guess_from_everywhere(officer.email, 1)
        assert forget_old_attempts() == 0
        later(timedelta(days=91))
        assert forget_old_attempts() == 1


@pytest.mark.django_db
class TestUnknownAddressesAreTreatedAlike:
    def test_each_limit_answers_with_the_same_page(self, officer: User) -> None:
        pages = []
        for email in (officer.email, "tiada@example.org"):
            client = Client()
            answers = [sign_in(client, email, WRONG) for _ in range(FREE_FAILURES + 3)]
            pages.append([TOKEN.sub("", answer.text).replace(email, "…") for answer in answers])
        assert pages[0] == pages[1]

    def test_digest_holds_no_address(self, client: Client) -> None:
        sign_in(client, "rahsia@example.org", WRONG)
        [row] = FailedSignIn.objects.all()
        assert row.account == account_key("Rahsia@Example.org ")
        assert "rahsia" not in str(vars(row))


class TestCookie:
    def cookie(self, client: Client) -> Morsel[str]:
        morsel: Morsel[str] = client.cookies[settings.DEVICE_COOKIE_NAME]
        return morsel

    def test_cookie_is_hidden_from_scripts_and_kept_long(self, client: Client, officer: User) -> None:
        sign_in(client, officer.email)
        cookie = self.cookie(client)
        assert cookie["httponly"] and cookie["samesite"] == "Lax"
        assert int(cookie["max-age"]) >= 365 * 24 * 3600

    def test_database_keeps_no_token(self, client: Client, officer: User) -> None:
        sign_in(client, officer.email, HTTP_USER_AGENT="Mozilla Firefox/140.0 (Windows)")
        [device] = KnownDevice.objects.all()
        token = self.cookie(client).value.split(":")[0]
        assert token not in str(vars(device))
        assert (device.person_id, device.user_agent[:15]) == (officer.pk, "Mozilla Firefox")

    def test_failed_sign_in_sets_none(self, client: Client, officer: User) -> None:
        sign_in(client, officer.email, WRONG)
        assert settings.DEVICE_COOKIE_NAME not in client.cookies

    def test_signing_in_again_is_the_same_device(self, familiar: Client, officer: User) -> None:
        before = self.cookie(familiar).value.split(":")[0]
        sign_in(familiar, officer.email)
        assert KnownDevice.objects.count() == 1
        assert self.cookie(familiar).value.split(":")[0] == before
        assert len(events("device.remembered")) == 1

    def test_shared_browser_is_known_for_each(self, familiar: Client, officer: User) -> None:
        other = UserFactory()
        sign_in(familiar, other.email)
        assert set(KnownDevice.objects.values_list("person_id", flat=True)) == {officer.pk, other.pk}

    def test_person_has_no_more_than_twenty(self, officer: User, now: datetime) -> None:
        for number in range(20):
            remember_device(officer, token=str(number), now=now)
        for _browser in range(2):
            sign_in(Client(), officer.email)
        assert KnownDevice.objects.filter(person=officer).count() == 20

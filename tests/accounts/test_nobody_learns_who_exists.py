"""No answer shows whether an address belongs to somebody: body, cookies, headers, queries and hashes are the same.

The time is measured in `benchmarks/` (sign_in); here is counted what takes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlsafe_base64_encode

from accounts.attempts import ACCOUNT_FAILURES, FREE_FAILURES, begin_attempt
from accounts.models import User
from audit.models import Event
from tests.factories.accounts import World
from tests.hashers import QuickArgon2

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
STANDS = ("active", "unknown", "inactive", "invited")


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every computation of a password's hash, as it happens."""
    seen: list[str] = []
    for name in ("encode", "verify"):
        original = getattr(Argon2PasswordHasher, name)

        def counted(self: Any, *args: Any, original: Any = original, name: str = name) -> Any:
            seen.append(name)
            return original(self, *args)

        monkeypatch.setattr(QuickArgon2, name, counted, raising=False)
    return seen


@pytest.fixture
def addresses(world: World) -> dict[str, str]:
    """An address of each kind, all of one length."""
    officer, inactive = world.people["officer"], world.foreign_officer
    for person, email in ((officer, "ada"), (inactive, "off"), (world.invited, "inv")):
        User.objects.filter(pk=person.pk).update(
            email=f"{email}@agensi.example", is_active=person is not inactive
        )
    return {
        "active": "ada@agensi.example",
        "unknown": "xyz@agensi.example",
        "inactive": "off@agensi.example",
        "invited": "inv@agensi.example",
    }


def seen_of(act: Callable[[Client], HttpResponse], email: str, hashes: list[str]) -> dict[str, Any]:
    """Everything that whoever asks could see of an answer, or measure."""
    client = Client()
    hashes.clear()
    before = Event.objects.count()
    with CaptureQueriesContext(connection) as queries:
        answer = act(client)
    text = TOKEN.sub("", answer.text).replace(email, "…")
    return {
        "status": answer.status_code,
        "text": text,
        "length": len(answer.content),
        "headers": {
            name: value for name, value in answer.headers.items() if name not in ("Set-Cookie", "Expires")
        },
        "cookies": {name: len(morsel.OutputString()) for name, morsel in client.cookies.items()},
        "statements": [re.sub(r"\d+|'[^']*'", "", query["sql"])[:60] for query in queries.captured_queries],
        "hashes": len(hashes),
        "events": Event.objects.count() - before,
    }


def all_alike(seen: dict[str, dict[str, Any]]) -> None:
    first = seen["active"]
    for stand, one in seen.items():
        for what, value in one.items():
            assert value == first[what], f"{what} differs for {stand}"


def test_sign_in_with_a_wrong_password(addresses: dict[str, str], hashes: list[str]) -> None:
    seen = {}
    for stand in STANDS:
        email = addresses[stand]
        form = {"login": email, "password": "salah-salah-salah"}
        seen[stand] = seen_of(lambda client, form=form: client.post("/sign-in/", form), email, hashes)
    all_alike(seen)
    assert seen["active"]["hashes"] == 1


def test_sign_in_that_is_refused_unread(addresses: dict[str, str], hashes: list[str]) -> None:
    """Locked by many addresses, and by one: whoever it is, nothing is hashed, and the words are the same."""
    for tries, address in ((ACCOUNT_FAILURES, "10.0.0.{}"), (FREE_FAILURES + 1, "10.9.9.9")):
        seen = {}
        for stand in STANDS:
            email = addresses[stand]
            form = {"login": email, "password": "salah-salah-salah"}
            for number in range(tries):
                begin_attempt(email, address=address.format(number + 1), device=None)
            seen[stand] = seen_of(
                lambda client, form=form, address=address: client.post(
                    "/sign-in/", form, REMOTE_ADDR=address.format(1)
                ),
                email,
                hashes,
            )
        all_alike(seen)
        assert seen["active"]["hashes"] == 0


def test_asking_for_a_reset_link(addresses: dict[str, str], hashes: list[str]) -> None:
    seen = {}
    for stand in STANDS:
        form = {"email": addresses[stand]}
        seen[stand] = seen_of(
            lambda client, form=form: client.post("/password/reset/", form), addresses[stand], hashes
        )
    all_alike(seen)
    assert seen["active"]["events"] == 1


def test_asking_for_too_many_reset_links(addresses: dict[str, str], hashes: list[str]) -> None:
    seen = {}
    for number, stand in enumerate(STANDS):
        act = {"data": {"email": addresses[stand]}, "REMOTE_ADDR": f"10.3.0.{number}"}
        for _ in range(5):
            Client().post("/password/reset/", **act)
        seen[stand] = seen_of(
            lambda client, act=act: client.post("/password/reset/", **act), addresses[stand], hashes
        )
    all_alike(seen)
    assert seen["active"]["status"] == 429


def test_reset_task_runs_for_nobody_without_a_mail(world: World) -> None:
    from accounts.tasks import send_reset_link

    send_reset_link(0)
    assert mail.outbox == []


@pytest.mark.parametrize("purpose", ["invitation", "reset"])
def test_wrong_link(world: World, addresses: dict[str, str], hashes: list[str], purpose: str) -> None:
    officer = world.people["officer"].pk
    keys = (officer, 99_999_999, world.foreign_officer.pk, world.invited.pk)
    seen = {}
    for stand, pk in zip(STANDS, keys, strict=True):
        path = f"/password/{purpose}/{urlsafe_base64_encode(b'%08d' % pk)}/abc-123456/"
        seen[stand] = seen_of(lambda client, path=path: client.get(path), path, hashes)
    all_alike(seen)
    assert seen["active"]["status"] == 410

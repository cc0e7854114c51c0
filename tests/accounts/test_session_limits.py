"""A session ends when nothing was done in it, and after a working day, by role; the server sees to it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import session_limits
from accounts.models import User
from accounts.services.sessions import end_sessions_that_are_over
from tests.accounts.conftest import is_signed_in, sign_in
from tests.accounts.events import events
from tests.factories.accounts import World
from tests.replacing import replace_in
from tracker.tasks import end_idle_sessions

LIMITS = {"mapo": (30 * 60, 10 * 3600), "agency": (60 * 60, 12 * 3600)}


@pytest.fixture(autouse=True)
def _limits(settings: Any) -> None:
    settings.SESSION_LIMITS = LIMITS


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Move the real clock of sessions forward."""
    real_now, moved = timezone.now, [timedelta()]
    replace_in(monkeypatch, session_limits, "time", time=lambda: time.time() + moved[0].total_seconds())
    monkeypatch.setattr("django.utils.timezone.now", lambda: real_now() + moved[0])

    def move(**by: float) -> None:
        moved[0] += timedelta(**by)

    return move


@pytest.mark.parametrize(
    ("role", "idle", "hours"),
    [
        ("officer", 60, 12),
        ("coordinator", 60, 12),
        ("observer", 60, 12),
        ("reviewer", 30, 10),
        ("administrator", 30, 10),
    ],
)
def test_limits_of_each_role(
    client: Client, world: World, later: Callable[..., None], role: str, idle: int, hours: int
) -> None:
    sign_in(client, world.people[role])
    later(minutes=idle - 3)
    assert is_signed_in(client)
    later(minutes=idle + 0.1)
    assert not is_signed_in(client)
    sign_in(client, world.people[role])
    for _ in range(hours * 60 // (idle - 5)):
        later(minutes=idle - 5)
        was_in = is_signed_in(client)
    assert was_in or hours * 60 % (idle - 5) == 0
    later(minutes=idle - 5)
    assert not is_signed_in(client)


def test_settings_are_those_of_the_decision() -> None:
    """The test run itself has none (tests/harness.py); .env.example says these."""
    text = (settings.BASE_DIR / ".env.example").read_text()
    for line in (
        "IDLE_MINUTES_MAPO=30",
        "SESSION_HOURS_MAPO=10",
        "IDLE_MINUTES_AGENCY=60",
        "SESSION_HOURS_AGENCY=12",
    ):
        assert f"#{line}\n" in text


def test_old_cookie_is_worth_nothing_afterwards(
    client: Client, officer: User, later: Callable[..., None]
) -> None:
    sign_in(client, officer)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    later(hours=2)
    assert client.get("/account/")["Location"].startswith("/sign-in/")
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not is_signed_in(client)


def test_use_is_written_every_two_minutes_at_most(
    client: Client, officer: User, later: Callable[..., None]
) -> None:
    sign_in(client, officer)
    client.get("/account/sessions/")
    seen = UserSession.objects.get().last_seen_at
    with CaptureQueriesContext(connection) as queries:
        client.get("/account/sessions/")
    assert not [query for query in queries.captured_queries if query["sql"].startswith(("UPDATE", "INSERT"))]
    assert UserSession.objects.get().last_seen_at == seen
    later(seconds=session_limits.SEEN_EVERY + 1)
    client.get("/account/sessions/")
    assert UserSession.objects.get().last_seen_at > seen


@pytest.mark.parametrize("name", ["reports:looking", "reports:comparison_looking"])
def test_what_an_open_page_asks_by_itself_is_no_use(
    client: Client, officer: User, later: Callable[..., None], name: str
) -> None:
    sign_in(client, officer)
    later(minutes=40)
    assert client.post(reverse(name, args=[1])).status_code == 404
    later(minutes=21)
    assert not is_signed_in(client)


def test_text_sent_after_the_end_leads_back(
    client: Client, officer: User, later: Callable[..., None]
) -> None:
    """What was pressed is not done, sign-in says so, and the same person comes back to the page (accounts.resume)."""
    sign_in(client, officer)
    later(hours=2)
    page = "http://testserver/account/"
    answer = client.post("/account/contact/", {"post": "Penolong Pengarah"}, headers={"referer": page})
    assert answer["Location"] == "/sign-in/?next=/account/"
    assert "Sesi anda telah tamat" in client.get(answer["Location"]).text
    officer.refresh_from_db()
    assert officer.post == ""


def test_each_end_is_recorded_once(
    client: Client, officer: User, later: Callable[..., None], now: datetime
) -> None:
    sign_in(client, officer)
    later(hours=2)
    assert not is_signed_in(client)
    assert events("session.timed_out") == []
    end_idle_sessions()
    assert end_sessions_that_are_over(now=now) == 0
    [event] = events("session.timed_out")
    assert (event.object_id, event.actor_id, event.reason) == (str(officer.pk), None, "idle")
    assert not UserSession.objects.exists()


def test_signing_in_again_records_the_end_too(
    client: Client, officer: User, later: Callable[..., None]
) -> None:
    sign_in(client, officer)
    later(hours=2)
    sign_in(client, officer)
    assert len(events("session.timed_out")) == 1
    assert is_signed_in(client)
    assert UserSession.objects.count() == 1


def test_session_that_is_used_is_left_alone(client: Client, officer: User, now: datetime) -> None:
    sign_in(client, officer)
    assert end_sessions_that_are_over(now=now) == 0
    assert is_signed_in(client)


class TestPageAsks:
    def test_asking_is_no_use(self, client: Client, officer: User, later: Callable[..., None]) -> None:
        sign_in(client, officer)
        later(minutes=50)
        assert 0 < client.get("/account/sessions/left/").json()["seconds"] <= 600
        later(minutes=11)
        assert client.get("/account/sessions/left/").json() == {"seconds": 0}

    def test_staying_is(self, client: Client, officer: User, later: Callable[..., None]) -> None:
        sign_in(client, officer)
        later(minutes=59)
        assert client.post("/account/sessions/stay/").json()["seconds"] > 3500
        later(minutes=59)
        assert is_signed_in(client)

    def test_nobody_stays_beyond_the_day(
        self, client: Client, officer: User, later: Callable[..., None]
    ) -> None:
        sign_in(client, officer)
        for _ in range(13):
            later(minutes=55)
            client.post("/account/sessions/stay/")
        assert client.get("/account/sessions/left/").json()["seconds"] <= 300

    def test_page_knows_its_limits(self, client: Client, officer: User) -> None:
        sign_in(client, officer)
        text = client.get("/account/").text
        assert f'data-idle="{3600 - session_limits.SEEN_EVERY}"' in text
        assert "session-end" not in Client().get("/sign-in/").text

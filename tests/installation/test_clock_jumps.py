"""A machine's clock that jumps: it is told, sessions go on, and what a worker has in hand stays in its hand."""

import time
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts import session_limits
from accounts.roles import Role
from installation.conditions import BROKEN, LOOK, OK
from installation.parts import database, work
from installation.queues import QUEUES, turn_key
from tests.factories.accounts import UserFactory
from tracker.doctor import database as doctor
from tracker.doctor import services


def jump(monkeypatch: pytest.MonkeyPatch, module: Any, seconds: float) -> None:
    real = time.time
    monkeypatch.setattr(module, "time", SimpleNamespace(time=lambda: real() + seconds))


def test_jump_is_told_by_page_and_doctor(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for seconds, condition in ((0, OK), (40, LOOK), (-40, LOOK), (310, BROKEN), (-310, BROKEN)):
        jump(monkeypatch, database, seconds)
        assert database.CLOCKS.say(database.CLOCKS.read())[0] == condition, seconds
        assert doctor.look_at_clocks()[0] == condition, seconds


def test_turn_in_the_future_is_none(db: None) -> None:
    """The clock was set back by an hour: since then nothing has had a turn, and everybody says so."""
    for queue in QUEUES:
        cache.set(turn_key(queue.name), time.time() + 3600)
    assert work.BEAT.say(work.read_turns())[0] == BROKEN
    assert min(services._ages().values()) > 3500


def test_sessions_survive_a_jump_and_the_way_back(
    now: datetime, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(UserFactory(role=Role.OBSERVER))
    page = reverse("recommendations:items")
    for seconds in (-1200, -400, 400, 1200):
        assert client.get(page).status_code == 200, seconds
        with monkeypatch.context() as jumped:
            jump(jumped, session_limits, seconds)
            assert client.get(page).status_code == 200, seconds
        assert client.get(page).status_code == 200, seconds

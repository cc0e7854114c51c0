"""The cache that all processes share: JSON alone, atomic, and nothing alive is dropped."""

import base64
import os
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from accounts.models import SharedCacheRow, User
from accounts.rate_limits import is_within_rate
from tests.accounts.test_sign_in import SIGN_IN
from tests.conftest import WorkerDatabase

SOON = datetime(2100, 1, 1, tzinfo=UTC)


class Bomb:
    """Touches a file when it is read as a pickle."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.file),)


def plant(key: str, value: str) -> None:
    SharedCacheRow.objects.update_or_create(
        cache_key=cache.make_key(key), defaults={"value": value, "expires": SOON}
    )


@pytest.mark.django_db
class TestNothingRuns:
    def test_planted_pickle_is_missing_and_does_not_run(self, tmp_path: Path) -> None:
        text = base64.b64encode(pickle.dumps(Bomb(tmp_path / "ran"))).decode()
        plant("allauth:rl", text)
        assert cache.get("allauth:rl", "nothing") == "nothing"
        assert cache.get_many(["allauth:rl"]) == {}
        assert not (tmp_path / "ran").exists()
        pickle.loads(base64.b64decode(text))
        assert (tmp_path / "ran").exists(), "the pickle would have done something"

    def test_sign_in_goes_on_over_planted_rows(
        self, client: Client, officer: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Every counter of a sign-in is a pickle: nothing runs, and the lock-out holds after so many failures."""
        form = {"login": officer.email, "password": "salah"}
        client.post(SIGN_IN, form)
        bomb = base64.b64encode(pickle.dumps(Bomb(tmp_path / "ran"))).decode()
        assert SharedCacheRow.objects.update(value=bomb, expires=SOON)
        answers = [client.post(SIGN_IN, form).text for _ in range(8)]
        assert "Terlalu banyak" in answers[-1] or "Too many" in answers[-1]
        assert not (tmp_path / "ran").exists()

    def test_row_that_is_no_json_counts_as_missing(self) -> None:
        for planted in ("{", "[" * 100_000, "\N{SNOWMAN}", ""):
            plant("key", planted)
            assert cache.get("key") is None, planted
            cache.set("key", [1.5], 60)
            assert cache.get("key") == [1.5], planted

    def test_what_json_cannot_hold_is_refused(self) -> None:
        for value in (object(), datetime(2023, 1, 1, tzinfo=UTC), {1}, float("nan"), b"x"):
            with pytest.raises((TypeError, ValueError)):
                cache.set("key", value, 60)

    def test_serializers_of_sessions_and_messages_are_json(self) -> None:
        from tracker.celery import app

        assert settings.SESSION_SERIALIZER.endswith("JSONSerializer")
        assert list(app.conf.accept_content) == ["json"]
        assert app.conf.task_serializer == app.conf.result_serializer == app.conf.event_serializer == "json"


@pytest.mark.django_db
class TestSharedCache:
    def test_row_whose_time_is_over_counts_as_missing_and_is_swept(self) -> None:
        plant("old", "1")
        SharedCacheRow.objects.update(expires=datetime.now(UTC) - timedelta(minutes=2))
        assert cache.get("old") is None
        assert cache.add("old", 2, 60)
        SharedCacheRow.objects.update(expires=datetime.now(UTC) - timedelta(minutes=2))
        cache.set("new", 3, 60)
        assert SharedCacheRow.objects.count() == 1

    def test_many_other_rows_push_none_out(self) -> None:
        """Django's own backend drops rows beyond 300, and with them the failures that were counted."""
        cache.set("0-first", [1.0], 600)
        for number in range(700):
            cache.set(f"other-{number}", True, 600)
        assert cache.get("0-first") == [1.0]

    def test_set_add_touch_delete_and_a_sum_that_stops_at_its_most(self) -> None:
        assert [cache.add_up("sum", 4, most=10, timeout=60) for _ in range(3)] == [True, True, False]
        assert cache.add_up("sum", 2, most=10, timeout=60)
        assert not cache.add_up("sum", 11, most=10, timeout=60)
        assert cache.get("sum") == 10
        assert cache.add("key", True, 60)
        assert not cache.add("key", False, 60)
        assert cache.get("key") is True
        assert cache.touch("key", 90)
        assert cache.delete("key")
        assert not cache.touch("key", 90)
        cache.set("key", 1, 60)
        cache.clear()
        assert cache.get("key") is None

    def test_sum_over_a_planted_row_begins_again(self) -> None:
        plant("sum", "gASVJgAAAAAAAACMBXBvc2l4lIwFc3lzdGVt")
        assert cache.add_up("sum", 4, most=10, timeout=60)
        assert cache.get("sum") == 4


def at_once(act: Callable[[int], bool], count: int) -> int:
    """Let so many threads, each with a connection of its own, do it at the same time; return how many succeeded."""

    def one(number: int) -> bool:
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return sum(pool.map(one, range(count)))


def test_one_of_many_connections_adds(real_db: WorkerDatabase) -> None:
    for turn in range(5):
        assert at_once(lambda number, key=f"key-{turn}": cache.add(key, number, 60), 8) == 1


def test_one_of_many_connections_takes_over_what_is_over(real_db: WorkerDatabase) -> None:
    plant("key", "1")
    SharedCacheRow.objects.update(expires=datetime.now(UTC) - timedelta(seconds=2))
    assert at_once(lambda number: cache.add("key", number, 60), 8) == 1


def test_sum_of_many_connections_never_passes_its_most(real_db: WorkerDatabase) -> None:
    assert at_once(lambda _number: cache.add_up("sum", 3, most=10, timeout=60), 8) == 3
    assert cache.get("sum") == 9


def test_limits_of_sign_in_hold_over_many_connections(real_db: WorkerDatabase) -> None:
    assert at_once(lambda _number: is_within_rate("test", "10.0.0.1", most=5), 12) == 5
    assert is_within_rate("test", "10.0.0.2", most=5)

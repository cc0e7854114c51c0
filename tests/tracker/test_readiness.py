"""Readiness: each part broken once is told within two seconds, to any host name, in one word."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from installation.queues import QUEUES, turn_key
from tests.caches import forget_all
from tests.conftest import WorkerDatabase
from tests.evidence.fake_clamd import running_clamd
from tests.tracker.test_broker_down import hanging, refusing
from tracker import __version__, readiness
from tracker.readiness import AWAY, LATE, LOW, OFF, OK, SLOW, Readiness, WatchedPart
from tracker.tasks import note_turn

TOKEN = "x" * 40
WELL = {"database": OK, "beat": OK, "queues": OK, "broker": OK, "scanner": OFF, "disk": OK}


@pytest.fixture
def well(real_db: WorkerDatabase, settings: Any) -> None:
    """An installation in which the schedule had its turn; each test asks anew."""
    settings.METRICS_TOKENS = [TOKEN]
    for queue in QUEUES:
        note_turn(queue.name)


def asked(client: Client) -> tuple[int, dict[str, str]]:
    """Ask anew with the token, by a host name that nobody allowed; return status and parts."""
    forget_all()
    began = time.monotonic()
    response = client.get("/health/ready/", headers={"host": "10.0.0.7", "authorization": f"Bearer {TOKEN}"})
    # Within two seconds; a machine may be busy.
    assert time.monotonic() - began < 4
    answer = response.json()
    assert answer["ready"] is (response.status_code == 200)
    assert response.headers["Cache-Control"].startswith("max-age=0")
    assert answer["version"] == __version__
    return response.status_code, answer["parts"]


def test_all_is_well_and_strangers_learn_only_that(well: None, client: Client) -> None:
    assert asked(client) == (200, WELL)
    assert client.post("/health/ready/").status_code == 405
    for authorization in ("", "Bearer ", f"Bearer {'y' * 40}", f"Basic {'x' * 40}"):
        response = client.get("/health/ready/", headers={"authorization": authorization})
        assert response.json() == {"ready": True}, authorization


def broken(**parts: str) -> dict[str, str]:
    return WELL | parts


def test_database_is_away(well: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for listener in (refusing, hanging):
        with listener() as port:
            monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
            monkeypatch.setitem(connection.settings_dict, "PORT", str(port))
            assert asked(client) == (503, broken(database=AWAY, beat=AWAY, queues=AWAY))


def test_broker_is_away(
    well: None, client: Client, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for listener in (refusing, hanging):
        with listener() as port:
            settings.BROKER_URL = f"redis://:secret@127.0.0.1:{port}/0"
            assert asked(client) == (503, broken(broker=AWAY))
    settings.BROKER_URL = f"filesystem://{tmp_path}"
    assert asked(client) == (200, WELL)
    settings.BROKER_URL = f"filesystem://{tmp_path / 'gone'}"
    assert asked(client) == (503, broken(broker=AWAY))


def test_scanner_is_away_or_answers(well: None, client: Client, settings: Any) -> None:
    for listener in (refusing, hanging):
        with listener() as port:
            settings.SCANNER, settings.CLAMD_ADDRESS = "clamav", f"127.0.0.1:{port}"
            assert asked(client) == (503, broken(scanner=AWAY))
    with running_clamd() as (_clamd, address):
        settings.SCANNER, settings.CLAMD_ADDRESS = "clamav", address
        assert asked(client) == (200, broken(scanner=OK))


def test_one_queue_waits_or_the_schedule_stands_still_or_never_began(well: None, client: Client) -> None:
    late = QUEUES[0]
    cache.set(turn_key(late.name), time.time() - late.hard_seconds - 310)
    assert asked(client) == (503, broken(queues=LATE))
    for queue in QUEUES:
        cache.set(turn_key(queue.name), time.time() - 200)
    assert asked(client) == (503, broken(beat=LATE))
    cache.clear()
    assert asked(client) == (503, broken(beat=LATE, queues=LATE))


def test_disk_is_nearly_full_or_gone(
    well: None, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "LEAST_FREE_BYTES", 1024**6)
    assert asked(client) == (503, broken(disk=LOW))
    settings.MEDIA_ROOT = Path("/nowhere/at/all")
    assert asked(client) == (503, broken(disk=AWAY))


def test_part_that_hangs_is_slow_and_asked_only_once() -> None:
    begun: list[str] = []
    freed = threading.Event()

    def look() -> dict[str, str]:
        begun.append("")
        freed.wait(20)
        return {"disk": OK if len(begun) == 1 else LOW}

    part = WatchedPart(look, "disk")
    for _ in range(2):
        began = time.monotonic()
        assert part.begin()(began + 0.1) == {"disk": SLOW}
        assert time.monotonic() - began < 1
    assert len(begun) == 1
    late = part.begin()
    freed.set()
    assert late(time.monotonic() + 1) == {"disk": SLOW}, "what was seen late is given to nobody"
    limit = time.monotonic() + 5
    while (states := part.begin()(time.monotonic() + 1)) == {"disk": SLOW}:
        assert time.monotonic() < limit
    assert states == {"disk": LOW}


def test_part_that_cannot_be_looked_at_is_away(caplog: pytest.LogCaptureFixture) -> None:
    def look() -> dict[str, str]:
        raise RuntimeError("postgres://jejak_web:secret@host/")

    assert WatchedPart(look, "disk", "other").begin()(time.monotonic() + 5) == {"disk": AWAY, "other": AWAY}
    assert "disk could not be looked at: RuntimeError" in caplog.text and "secret" not in caplog.text


def test_strangers_cannot_make_it_ask_more_than_once_a_second() -> None:
    begun: list[str] = []

    def look() -> dict[str, str]:
        begun.append("")
        return {"disk": OK}

    made = Readiness(WatchedPart(look, "disk"))
    for _ in range(50):
        assert made.states() == {"disk": OK}
    assert len(begun) == 1

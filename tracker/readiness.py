"""Whether each part that Jejak needs is there, found out within two seconds, whatever hangs.

Strangers may ask, and learn only whether all is well; who has the token gets one word for each part. An answer is up to
a second old.
"""

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psycopg2
from django.conf import settings
from psycopg2.errors import UndefinedTable
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from evidence import scanning
from installation.looks import Look
from installation.parts.machine import LEAST_FREE_BYTES
from installation.parts.work import BEAT_LATE_SECONDS, QUEUE_GRACE_SECONDS
from installation.queues import QUEUES
from tracker.baseline import BASELINE
from tracker.database_watch import ask_quickly

logger = logging.getLogger(__name__)

OK, AWAY, LATE, LOW, SLOW, OFF, OLD = "ok", "away", "late", "low", "slow", "off", "old"
#: What a part may say of itself when all is well.
WELL = frozenset({OK, OFF})
#: A part that has not answered by then is slow; until when an answer is given again.
MOST_SECONDS, KEPT_SECONDS = 1.5, 1.0
#: For a connection, and for an answer.
_PART_SECONDS = 0.7
#: The rows of `accounts.shared_cache`, with the age of each by the database's clock; and the mark of the tables.
_TURNS = (
    "SELECT coalesce(json_object_agg(cache_key, abs(extract(epoch FROM clock_timestamp()) - value::float8)), '{}'), "
    "(SELECT name FROM audit_baseline) FROM jejak_cache WHERE cache_key LIKE '%:turn:%'"
)


def look_at_database() -> dict[str, str]:
    """Return the states of the database and, by what it holds, of the schedule and the queues."""
    try:
        row = ask_quickly(_TURNS, _PART_SECONDS)
    except psycopg2.Error as error:
        # The tables of a version from before the mark: every other error means that nothing can be asked.
        state = OLD if isinstance(error, UndefinedTable) and "audit_baseline" in str(error) else AWAY
        return {"database": state, "beat": AWAY, "queues": AWAY}
    turns, mark = row or ({}, "")
    found = {key.rpartition(":")[2]: age for key, age in turns.items()}
    ages = {queue: found.get(queue.name, float("inf")) for queue in QUEUES}
    is_late = any(age > queue.hard_seconds + QUEUE_GRACE_SECONDS for queue, age in ages.items())
    return {
        "database": OK if mark == BASELINE else OLD,
        "beat": LATE if min(ages.values()) > BEAT_LATE_SECONDS else OK,
        "queues": LATE if is_late else OK,
    }


def look_at_broker() -> dict[str, str]:
    """Return whether the broker answers; a broker of folders, whether they can be written."""
    url = settings.BROKER_URL
    if url.startswith("filesystem:"):
        is_there = os.access(url.removeprefix("filesystem://"), os.W_OK)
        return {"broker": OK if is_there else AWAY}
    if url.startswith("redis"):
        client = Redis.from_url(
            url,
            socket_timeout=_PART_SECONDS,
            socket_connect_timeout=_PART_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        try:
            with client:
                client.ping()
        except (RedisError, OSError):
            return {"broker": AWAY}
    return {"broker": OK}


def look_at_scanner() -> dict[str, str]:
    """Return whether the scanner answers, or that there is none on purpose."""
    if not scanning.is_on():
        return {"scanner": OFF}
    return {"scanner": OK if scanning.answers(within=_PART_SECONDS) else AWAY}


def look_at_disk() -> dict[str, str]:
    """Return whether files still have room."""
    try:
        free = shutil.disk_usage(Path(settings.MEDIA_ROOT)).free
    except OSError:
        return {"disk": AWAY}
    return {"disk": LOW if free < LEAST_FREE_BYTES else OK}


class WatchedPart:
    """What is looked at together. While a look hangs, no other begins, and its late answer is given to nobody."""

    def __init__(self, look: Callable[[], Mapping[str, str]], *names: str) -> None:
        self._look_at, self._names = look, names
        self._last: Look[Mapping[str, str]] | None = None

    def begin(self) -> Callable[[float], Mapping[str, str]]:
        """Look, and return what waits for the states until an instant; they are slow when none came by then."""
        slow = dict.fromkeys(self._names, SLOW)
        if self._last is not None and self._last.goes_on:
            return lambda _until: slow
        look = self._last = Look(self._names[0], self._states)
        return lambda until: look.seen(until) or slow

    def _states(self) -> Mapping[str, str]:
        try:
            return self._look_at()
        except Exception as error:
            # Its words may hold an address with a password.
            logger.warning("%s could not be looked at: %s", self._names[0], type(error).__name__)
            return dict.fromkeys(self._names, AWAY)


class Readiness:
    """The states of all parts, looked at anew at most once a second."""

    def __init__(self, *parts: WatchedPart) -> None:
        self._parts = parts
        self._lock = threading.Lock()
        self._states: dict[str, str] = {}
        self._seen_at = 0.0

    def states(self) -> dict[str, str]:
        """Return a word for each part."""
        with self._lock:
            if not self._states or time.monotonic() - self._seen_at > KEPT_SECONDS:
                self._states, self._seen_at = self._seen(), time.monotonic()
            return self._states

    def _seen(self) -> dict[str, str]:
        until = time.monotonic() + MOST_SECONDS
        begun = [part.begin() for part in self._parts]
        return {name: state for states in begun for name, state in states(until).items()}


def of_installation() -> Readiness:
    """Return the readiness of this installation."""
    return Readiness(
        WatchedPart(look_at_database, "database", "beat", "queues"),
        WatchedPart(look_at_broker, "broker"),
        WatchedPart(look_at_scanner, "scanner"),
        WatchedPart(look_at_disk, "disk"),
    )

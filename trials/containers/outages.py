"""One container after the other is killed: for how long pages are refused, and when the service is well again."""

from __future__ import annotations

import os
import signal
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from typing import Any

from trials.containers.stack import Stack
from trials.install.stand_ins import HOST
from trials.releases import TrialFailed
from trials.visitors import connection_to

#: Until a killed container must be well again, and between two looks.
_WELL_SECONDS, _LOOK_SECONDS = 100, 0.1
#: A page that is answered later counts as refused.
_ANSWER_SECONDS = 5


class PageWatch:
    """Asks for a page that reads the database, again and again, by a new connection each time."""

    def __init__(self, context: ssl.SSLContext, cookies: dict[str, str]) -> None:
        self._context = context
        self._cookies = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._ended = threading.Event()
        #: When each page was asked for, and whether it came.
        self.seen: list[tuple[float, bool]] = []

    def run(self) -> None:
        """Ask until told to end."""
        while not self._ended.wait(_LOOK_SECONDS):
            asked_at = time.monotonic()
            self.seen.append((asked_at, self._is_answered()))

    def end(self) -> None:
        """Ask no more."""
        self._ended.set()

    def refused_seconds(self) -> float:
        """Return the time from the first page that did not come to the first that came after the last of these."""
        refused = [index for index, (_at, came) in enumerate(self.seen) if not came]
        if not refused:
            return 0.0
        after = self.seen[refused[-1] + 1][0] if refused[-1] + 1 < len(self.seen) else time.monotonic()
        return after - self.seen[refused[0]][0]

    def _is_answered(self) -> bool:
        connection = connection_to(HOST, self._context)
        connection.timeout = _ANSWER_SECONDS
        try:
            connection.request("GET", "/my-work/", headers={"Host": HOST, "Cookie": self._cookies})
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


@contextmanager
def watching(context: ssl.SSLContext, cookies: dict[str, str]) -> Iterator[PageWatch]:
    """Watch the site while the block runs."""
    watch = PageWatch(context, cookies)
    thread = threading.Thread(target=watch.run, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch.end()
        thread.join()


def kill_one(stack: Stack, service: str, cookies: dict[str, str]) -> tuple[float, float]:
    """Kill the first container of a service. Return for how long pages were refused, and until it was well. Raises TrialFailed."""
    victim: dict[str, Any] = stack.containers(service)[0]
    with watching(stack.tls(), cookies) as watch:
        time.sleep(1)
        if not all(came for _at, came in watch.seen):
            raise TrialFailed(f"pages were refused before {service} was killed")
        began = time.monotonic()
        # Its first process, as a crash: what `docker kill` ends is not started again.
        with suppress(ProcessLookupError):
            os.kill(int(victim["State"]["Pid"]), signal.SIGKILL)
        while not _is_back(stack, service, victim):
            if time.monotonic() - began > _WELL_SECONDS:
                raise TrialFailed(f"{service} is not well {_WELL_SECONDS} seconds after it was killed")
            time.sleep(0.3)
        well_after = time.monotonic() - began
        while not watch.seen[-1][1]:
            if time.monotonic() - began > _WELL_SECONDS:
                raise TrialFailed(f"{_WELL_SECONDS} seconds after {service} was killed pages are refused")
            time.sleep(0.1)
        time.sleep(1)
    return watch.refused_seconds(), well_after


def _is_back(stack: Stack, service: str, victim: dict[str, Any]) -> bool:
    """Return whether the container was started anew, and all of the service are well."""
    found = {each["Id"]: each for each in stack.containers(service)}
    again = found.get(victim["Id"])
    is_another = again is not None and again["State"]["StartedAt"] != victim["State"]["StartedAt"]
    return is_another and stack.is_well(service)

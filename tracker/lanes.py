"""Threads of their own for what needs no database, and for who asks how Jejak is: neither waits for pages that hang."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from waitress.task import ThreadedTaskDispatcher

from installation.paths import METRICS_PATH

#: Where a process says that it lives, that it reaches its database, and how all parts are.
LIVE_PATH, HEALTH_PATH, READY_PATH = "/health/live/", "/health/", "/health/ready/"
#: So many threads for static files.
_QUICK_THREADS = 2


class Lanes:
    """Stands before the usual dispatcher, and gives some addresses threads of their own.

    `quick` is the beginning of addresses that hardly ever wait for anything. Each of `alone` are whole addresses of which
    one is answered at a time, whatever else waits: an address that only begins like them is a page like any other.
    """

    def __init__(self, usual: ThreadedTaskDispatcher, *, quick: str, alone: Iterable[Iterable[str]]) -> None:
        self._usual = usual
        self._quick, self._quick_lane = quick, _dispatcher(threads=_QUICK_THREADS)
        self._alone = [(frozenset(paths), _dispatcher(threads=1)) for paths in alone]

    def add_task(self, task: Any) -> None:
        """Let a request wait for a thread of its lane."""
        # What cannot be read as a request has no address.
        path = getattr(task.requests[0], "path", "") if task.requests else ""
        beside = self._quick_lane if path.startswith(self._quick) else self._usual
        next((lane for paths, lane in self._alone if path in paths), beside).add_task(task)

    def shutdown(self, *, timeout: float) -> None:
        """Let all threads end."""
        for lane in (self._quick_lane, *(lane for _paths, lane in self._alone), self._usual):
            lane.shutdown(timeout=timeout)


def lanes_before(usual: ThreadedTaskDispatcher) -> Lanes:
    """Return the lanes of the product."""
    return Lanes(
        usual, quick=settings.STATIC_URL, alone=[{LIVE_PATH}, {HEALTH_PATH, READY_PATH}, {METRICS_PATH}]
    )


def _dispatcher(*, threads: int) -> ThreadedTaskDispatcher:
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(threads)
    return dispatcher

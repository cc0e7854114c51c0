"""Threads of their own for what needs no database, and for who asks how Jejak is: neither waits for pages that hang."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from waitress.task import ThreadedTaskDispatcher

#: Where a process says that it lives, and the beginning of every address that says how Jejak is.
LIVE_PATH, HEALTH_PATH = "/health/live/", "/health/"
#: Answers without the database: so many threads for static files and for whether the process lives.
_QUICK_THREADS = 2


class Lanes:
    """Stands before the usual dispatcher, and gives some addresses threads of their own.

    `quick` are beginnings of addresses that never wait for anything; `asking` those that say how Jejak is, of which one
    is answered at a time.
    """

    def __init__(self, usual: ThreadedTaskDispatcher, *, quick: Iterable[str], asking: Iterable[str]) -> None:
        self._usual = usual
        self._others = [
            (tuple(quick), _dispatcher(threads=_QUICK_THREADS)),
            (tuple(asking), _dispatcher(threads=1)),
        ]

    def add_task(self, task: Any) -> None:
        """Let a request wait for a thread of its lane."""
        # What cannot be read as a request has no address.
        path = getattr(task.requests[0], "path", "") if task.requests else ""
        lane = next((lane for beginnings, lane in self._others if path.startswith(beginnings)), self._usual)
        lane.add_task(task)

    def shutdown(self, *, timeout: float) -> None:
        """Let all threads end."""
        for _beginnings, lane in self._others:
            lane.shutdown(timeout=timeout)
        self._usual.shutdown(timeout=timeout)


def lanes_before(usual: ThreadedTaskDispatcher) -> Lanes:
    """Return the lanes of the product."""
    return Lanes(usual, quick=[settings.STATIC_URL, LIVE_PATH], asking=[HEALTH_PATH])


def _dispatcher(*, threads: int) -> ThreadedTaskDispatcher:
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(threads)
    return dispatcher

"""Running one part: its name and elapsed time on the screen, and an end to all waiting."""

from __future__ import annotations

import faulthandler
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from types import FrameType
from typing import TextIO

#: A line tells how long the running part has taken, so often.
EVERY_SECONDS = 15.0
#: When a part has not ended so long after its limit, the whole run ends by force.
GRACE_SECONDS = 90.0
#: The number of the file that the screen shows, whatever Python writes to.
STANDARD_ERROR = 2


class TooLong(Exception):
    """A part of the run passed its time limit."""


class PartProgress:
    """Prints what runs and for how long: when it starts, at each step, every few seconds, and when it ends."""

    def __init__(self, name: str, *, every_seconds: float = EVERY_SECONDS, out: TextIO | None = None) -> None:
        self.name = name
        self.seconds = 0.0
        self._step = "started"
        self._every_seconds = every_seconds
        self._out = out or sys.stderr
        self._began = time.monotonic()
        self._is_over = Event()
        self._thread = Thread(target=self._repeat, daemon=True)

    def __enter__(self) -> PartProgress:
        self._print()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        self._is_over.set()
        self._thread.join(self._every_seconds)
        self.seconds = time.monotonic() - self._began
        self.step("failed" if kind else "done")

    def step(self, text: str) -> None:
        """Print what is done from now on."""
        self._step = text
        self._print()

    def _repeat(self) -> None:
        while not self._is_over.wait(self._every_seconds):
            self._print()

    def _print(self) -> None:
        took = time.monotonic() - self._began
        print(f"[{self.name} {clock_time(took)}] {self._step}", file=self._out, flush=True)


def clock_time(seconds: float) -> str:
    """Return a duration as minutes and seconds: 2:05."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


@contextmanager
def time_limit(name: str, seconds: float) -> Iterator[None]:
    """Raise `TooLong` in the main thread when the block takes longer.

    Where even that does not end the block, because something waits while it is cleaned up, the whole process ends by
    force and prints where each thread stands; its children end with it.
    """

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooLong(f"{name} took longer than {clock_time(seconds)}")

    former = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    faulthandler.dump_traceback_later(seconds + GRACE_SECONDS, exit=True, file=STANDARD_ERROR)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)

"""PostgreSQL that stands still as a whole: its sockets accept, nothing answers, nothing is closed."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def standing_still(postmaster: int) -> Iterator[None]:
    """Let a server stand still: first what makes its processes, then each of them. It goes on afterwards as it was."""
    stand_still(postmaster)
    try:
        yield
    finally:
        go_on(postmaster)


def stand_still(postmaster: int) -> None:
    """Stop the server and all its processes. Raises TimeoutError when one of them does not stop."""
    _send(signal.SIGSTOP, [postmaster])
    # Only now no new ones come: whoever is listed is all.
    _await_stopped([postmaster])
    children = _children(postmaster)
    _send(signal.SIGSTOP, children)
    _await_stopped(children)


def go_on(postmaster: int) -> None:
    """Let them go on, those that serve connections first: who was cut off ends before the next one is let in."""
    _send(signal.SIGCONT, [*_children(postmaster), postmaster])


def _children(postmaster: int) -> list[int]:
    listed = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text(encoding="ascii")
    return [int(pid) for pid in listed.split()]


def _send(sign: signal.Signals, pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, sign)


def _await_stopped(pids: list[int], within: float = 5.0) -> None:
    until = time.monotonic() + within
    while moving := [pid for pid in pids if _state(pid) not in "TZ"]:
        if time.monotonic() > until:
            raise TimeoutError(f"still running: {moving}")
        time.sleep(0.01)


def _state(pid: int) -> str:
    """Return the letter of a process's state; that of a zombie for one that has ended."""
    try:
        return (
            Path(f"/proc/{pid}/stat")
            .read_text(encoding="ascii", errors="replace")
            .rpartition(")")[2]
            .split()[0]
        )
    except OSError:
        return "Z"

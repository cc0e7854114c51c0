"""Runs child processes until a signal comes: restarts those that exit, stops all, leaves none behind.

Why no library: docs/adr/0023.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tracker.processes import bound_to_parent

STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
STOP_LIMIT_SECONDS = 20
#: A child that ran this long is taken to be well again, and its next restart is immediate.
WELL_AFTER_SECONDS = 60
LONGEST_WAIT_SECONDS = 30
LARGEST_LOG_BYTES = 5 * 1024 * 1024


@dataclass
class Child:
    """One process to keep running. Its output goes to its own log."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restart_at: float = 0.0
    falls: int = 0

    def start(self) -> None:
        """Start it in a session of its own, so that a Ctrl-C of the terminal reaches the supervisor alone."""
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                bound_to_parent(self.command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self.environment,
                pass_fds=self.pass_fds,
                start_new_session=True,
            )
        self.started_at = time.monotonic()
        self.restart_at = 0.0

    def note_fall(self) -> float:
        """Plan the restart after an exit and return the seconds until then: 0, 1, 2, 4 … 30."""
        assert self.process is not None
        _signal_group(self.process.pid, signal.SIGKILL)
        self.process = None
        self.falls = 0 if time.monotonic() - self.started_at > WELL_AFTER_SECONDS else self.falls + 1
        wait = min(2 ** (self.falls - 1), LONGEST_WAIT_SECONDS) if self.falls else 0
        self.restart_at = time.monotonic() + wait
        return wait


@dataclass
class Supervisor:
    """Keeps children running. It prints with `say`, and calls `watch` about once a second to keep anything else."""

    children: list[Child]
    say: Callable[[str], None]
    watch: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS | {signal.SIGCHLD})
        for child in self.children:
            child.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS | {signal.SIGCHLD})

    def turn(self, seconds: float) -> bool:
        """Wait for a signal, at most so long, and restart what exited. Return False once a signal asks to stop."""
        news = signal.sigtimedwait(STOP_SIGNALS | {signal.SIGCHLD}, seconds)
        if news is not None and news.si_signo in STOP_SIGNALS:
            return False
        for child in self.children:
            self._keep(child)
        self.watch()
        return True

    def run(self) -> None:
        """Keep the children until a signal asks to stop."""
        while self.turn(1.0):
            pass

    def stop(self) -> None:
        """End the children, the last first, and kill those that do not end in time."""
        running = [child for child in reversed(self.children) if child.process is not None]
        for child in running:
            _signal_group(_pid(child), signal.SIGTERM, alone=True)
        limit = time.monotonic() + STOP_LIMIT_SECONDS
        for child in running:
            assert child.process is not None
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(limit - time.monotonic(), 0.1))
            _signal_group(_pid(child), signal.SIGKILL)
            child.process = None

    def fallen(self) -> Iterable[Child]:
        """Return the children that exited more than once without running well in between."""
        return [child for child in self.children if child.falls > 1]

    def _keep(self, child: Child) -> None:
        if child.process is not None and child.process.poll() is not None:
            code = child.process.returncode
            wait = child.note_fall()
            self.say(f"{child.name} ended ({code}) and starts again in {wait:.0f} s; its log is {child.log}")
        if child.process is None and time.monotonic() >= child.restart_at:
            child.start()


def _pid(child: Child) -> int:
    assert child.process is not None
    return child.process.pid


def _signal_group(pid: int, sign: signal.Signals, *, alone: bool = False) -> None:
    """Send a signal to a child alone, or to everything in its session. Does nothing if it is gone."""
    try:
        os.kill(pid, sign) if alone else os.killpg(pid, sign)
    except ProcessLookupError:
        return

"""Processes of a trial: started, asked whether they answer, and ended. All end with the trial."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tracker.processes import bound_to_parent
from trials.releases import TrialFailed


@dataclass
class Service:
    """One process with a log of its own."""

    title: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                bound_to_parent(self.command),
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    @property
    def runs(self) -> bool:
        """Whether it has been started and has not ended."""
        return self.process is not None and self.process.poll() is None

    def stop(self, *, within: float = 60, sign: int = signal.SIGTERM) -> float:
        """Ask it to end, wait until it has, and return the seconds. Raises TrialFailed when it does not end by itself."""
        if self.process is None:
            return 0.0
        began = time.monotonic()
        self.process.send_signal(sign)
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise TrialFailed(f"{self.title} did not end within {within:g} s") from None
        self.process = None
        return time.monotonic() - began

    def demand(self) -> None:
        """Raise TrialFailed with the end of its log unless it runs."""
        if not self.runs:
            said = self.log.read_bytes()[-1500:].decode(errors="replace")
            raise TrialFailed(f"{self.title} ended by itself:\n{said}")


def wait_until(
    is_so: Callable[[], bool],
    what: str,
    *,
    within: float,
    meanwhile: Callable[[], None] | None = None,
    every: float = 0.1,
) -> float:
    """Ask `every` so many seconds, and return how long it took. Raises TrialFailed after a while; `meanwhile` may raise it sooner."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > within:
            raise TrialFailed(f"{what}: not within {within:g} s")
        if meanwhile is not None:
            meanwhile()
        time.sleep(every)
    return time.monotonic() - began


def listens(address: str, port: int) -> bool:
    """Tell whether somebody takes connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((address, port)) == 0


def status_of(host: str, port: int, path: str) -> int:
    """Return the status with which a web process answers, asked without the proxy; 0 when it does not answer."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": "127.0.0.1", "X-Forwarded-Proto": "https"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()

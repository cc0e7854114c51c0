"""Hosts of one office: namespaces of this machine (network, mounts, processes) on one bridge. A host can lose its power."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tracker.processes import bound_to_parent
from trials.releases import BASE, TrialFailed
from trials.running import wait_until

_INSIDE = "JEJAK_TRIAL_SHUT_IN"
_BRIDGE = "office"
#: Where the trial itself is, with database, pool and nginx.
OFFICE = "10.231.0.1"
#: Process 1 of a host: waits, and leaves no dead process behind.
_FIRST_PROCESS = (
    "import signal\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\nwhile True:\n    signal.pause()\n"
)


def go_inside(module: str, arguments: Sequence[str]) -> None:
    """Run a module in a network of its own in the place of this process; return where that is so already."""
    if os.environ.get(_INSIDE) == "1":
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", _BRIDGE, "type", "bridge")
        run("ip", "address", "add", f"{OFFICE}/24", "dev", _BRIDGE)
        run("ip", "link", "set", _BRIDGE, "up")
        return
    if os.geteuid() != 0:
        sys.exit("The hosts of this trial are namespaces of the kernel: run it as root.")
    os.environ[_INSIDE] = "1"
    os.execvp("unshare", ["unshare", "--net", "--mount", "--", sys.executable, "-m", module, *arguments])


class NamespaceHost:
    """One host. What it writes below its own `folder` stays when it falls."""

    def __init__(self, number: int, folder: Path) -> None:
        self.number = number
        self.folder = folder / f"host-{number}"
        self.folder.mkdir()
        self._holder: subprocess.Popen[bytes] | None = None
        self._first = 0

    @property
    def address(self) -> str:
        """Where others reach it."""
        return f"10.231.0.{10 + self.number}"

    @property
    def is_up(self) -> bool:
        """Whether it has power."""
        return self._holder is not None

    def start(self) -> None:
        """Give it power: an address, a `/run` of its own, and nothing that runs."""
        command = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--"]
        command += [sys.executable, "-I", "-c", _FIRST_PROCESS]
        self._holder = subprocess.Popen(bound_to_parent(command), stdin=subprocess.DEVNULL)
        wait_until(self._has_begun, f"Host {self.number}", within=10)
        wire = f"wire{self.number}"
        run("ip", "link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", str(self._first))
        run("ip", "link", "set", wire, "master", _BRIDGE)
        run("ip", "link", "set", wire, "up")
        for more in (
            ("ip", "address", "add", f"{self.address}/24", "dev", "eth0"),
            ("ip", "link", "set", "eth0", "up"),
            ("ip", "link", "set", "lo", "up"),
            ("mount", "-t", "tmpfs", "none", "/run"),
        ):
            self.run(*more)

    def _has_begun(self) -> bool:
        assert self._holder is not None
        holder = self._holder.pid
        children = Path(f"/proc/{holder}/task/{holder}/children").read_text(encoding="ascii").split()
        self._first = int(children[0]) if children else 0
        with suppress(OSError):
            # It is in its own namespaces once it is Python itself.
            return bool(self._first) and b"signal.pause" in Path(f"/proc/{self._first}/cmdline").read_bytes()
        return False

    def command(self, command: Sequence[str]) -> list[str]:
        """Return the command as it runs on this host."""
        inside = ["nsenter", f"--target={self._first}", "--net", "--mount", "--pid", f"--wdns={BASE}"]
        return [*inside, "--", *command]

    def run(self, *command: str) -> str:
        """Run a command there and return what it printed. Raises TrialFailed with what it said."""
        return run(*self.command(command))

    def fall(self) -> None:
        """Take its power: first the wire, so that nobody gets a word of farewell, then every process."""
        assert self._holder is not None
        run("ip", "link", "set", f"wire{self.number}", "down")
        self._holder.kill()
        self._holder.wait()
        self._holder = None
        with suppress(TrialFailed):
            # Its other end goes with the host, sooner or later.
            run("ip", "link", "delete", f"wire{self.number}")


def run(*command: str) -> str:
    """Run a command and return what it printed. Raises TrialFailed with what it said."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120
    )
    if done.returncode:
        raise TrialFailed(f"{' '.join(command)} failed: {(done.stdout + done.stderr).strip()[-800:]}")
    return done.stdout

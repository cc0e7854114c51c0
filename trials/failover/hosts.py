"""Hosts that are network namespaces of this machine, each on a wire of its own to the one that the trial runs in."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tracker.processes import bound_to_parent

_INSIDE = "JEJAK_TRIAL_SHUT_IN"


def go_inside(module: str, arguments: Sequence[str]) -> None:
    """Run a module in a network namespace of its own in the place of this process; return where that is so already."""
    if os.environ.get(_INSIDE) == "1":
        _run("ip", "link", "set", "lo", "up")
        return
    if os.geteuid() != 0:
        sys.exit("The hosts of this trial are network namespaces: run it as root.")
    os.environ[_INSIDE] = "1"
    os.execvp("unshare", ["unshare", "--net", "--", sys.executable, "-m", module, *arguments])


@dataclass(frozen=True)
class Host:
    """A namespace: its own address, and that of the machine at the other end of the wire."""

    number: int
    holder: int

    @property
    def address(self) -> str:
        """Where its web listens."""
        return f"10.231.{self.number}.2"

    @property
    def way_out(self) -> str:
        """Where it reaches pool, broker and everything else."""
        return f"10.231.{self.number}.1"

    def command(self, command: Sequence[str]) -> list[str]:
        """Return the command as it runs on this host."""
        return ["nsenter", f"--net=/proc/{self.holder}/ns/net", "--", *command]


@contextmanager
def host(number: int) -> Iterator[Host]:
    """Make a host; it goes with the block."""
    command = bound_to_parent(["unshare", "--net", "--", "sleep", "infinity"])
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        made = Host(number, process.pid)
        own = os.readlink("/proc/self/ns/net")
        while os.readlink(f"/proc/{process.pid}/ns/net") == own:
            pass
        wire = f"wire{number}"
        _run("ip", "link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", str(process.pid))
        _run("ip", "address", "add", f"{made.way_out}/24", "dev", wire)
        _run("ip", "link", "set", wire, "up")
        for more in (
            ("address", "add", f"{made.address}/24", "dev", "eth0"),
            ("link", "set", "eth0", "up"),
            ("link", "set", "lo", "up"),
        ):
            _run(*made.command(["ip", *more]))
        yield made
    finally:
        process.kill()
        process.wait()


def _run(*command: str) -> None:
    subprocess.run(command, check=True)

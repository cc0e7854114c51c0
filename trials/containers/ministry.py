"""What an operator has before the page begins: a machine, names, servers of mail and timestamps, a certificate, a release.

The machine is this one, but what the page writes lands in folders of the trial: layers over /etc, /opt, /root, /usr/local,
/var/backups and /mnt that end with it. Names, mail and timestamps are stand-ins.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tracker.house.fresh.debian import PATH, Failed, end
from tracker.processes import bound_to_parent
from trials.containers.engine import Engine
from trials.install import stand_ins
from trials.install.stand_ins import BASE, HOST, MAIL_HOST, TIMESTAMP_HOST

#: The machine's own address, as its name server tells it.
ADDRESS = "10.99.0.1"
_COVERED = ("/etc", "/opt", "/root", "/usr/local", "/var/backups", "/mnt")


class CoveredMachine:
    """This machine, whose folders of settings are covered by layers of the trial."""

    root = Path("/")

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def inside(self, command: list[str]) -> list[str]:
        """Return a command that finds the engine, in an environment as a new shell of root has it."""
        told = {"PATH": PATH, "HOME": "/root", "TERM": os.environ.get("TERM", "dumb"), **self._engine.address}
        return ["env", "--ignore-environment", *(f"{name}={value}" for name, value in told.items()), *command]

    def in_its_network(self, command: list[str]) -> list[str]:
        """Return the command: the trial itself is in the network."""
        return command

    def write(self, path: str, text: str, *, mode: int = 0o644) -> None:
        """Write a file; its folder is made."""
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        target.chmod(mode)

    def perform(self, command: list[str]) -> None:
        """Run a command. Raises Failed."""
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise Failed(f"`{command[0]}` ended with {done.returncode}: {done.stderr[-600:].strip()}")


@contextmanager
def covered() -> Iterator[None]:
    """Cover the folders that the page writes to; this process must have a mount namespace of its own."""
    with tempfile.TemporaryDirectory(prefix="jejak-machine-") as name, ExitStack() as until_done:
        _run("mount", "-t", "tmpfs", "tmpfs", name)
        until_done.callback(_run, "umount", "--lazy", name)
        for folder in _COVERED:
            Path(folder).mkdir(exist_ok=True)
            upper, work = (
                Path(name) / folder.strip("/").replace("/", "-") / kind for kind in ("upper", "work")
            )
            upper.mkdir(parents=True)
            work.mkdir()
            layers = f"lowerdir={folder},upperdir={upper},workdir={work}"
            _run("mount", "-t", "overlay", "overlay", "-o", layers, folder)
            until_done.callback(_run, "umount", "--lazy", folder)
        # A machine on which nothing of Jejak lies yet.
        for left in ("/etc/jejak", "/opt/jejak", "/var/backups/jejak", "/mnt/anchors"):
            _run("rm", "--recursive", "--force", left)
        yield


@contextmanager
def names() -> Iterator[None]:
    """Give this machine its address, and the whole network a name server that knows the ministry's servers."""
    _run("ip", "address", "add", f"{ADDRESS}/32", "dev", "lo")
    Path("/etc/resolv.conf").unlink(missing_ok=True)
    Path("/etc/resolv.conf").write_text(f"nameserver {ADDRESS}\n", encoding="ascii")
    command = bound_to_parent(
        [sys.executable, "-m", "trials.containers.names", ADDRESS, HOST, MAIL_HOST, TIMESTAMP_HOST]
    )
    server = subprocess.Popen(command, cwd=BASE, start_new_session=True)
    try:
        yield
    finally:
        end(server)


@contextmanager
def what_one_has(machine: CoveredMachine) -> Iterator[Path]:
    """Lay down release, certificate and names, keep servers of mail and timestamps, and yield the authority's certificate. Raises Failed."""
    with tempfile.TemporaryDirectory(prefix="jejak-ministry-") as name:
        folder = Path(name)
        stand_ins.put_what_one_has(machine, folder)
        with stand_ins.mail_server(machine), stand_ins.timestamp_server(machine, folder):
            yield folder / "authority.pem"


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)

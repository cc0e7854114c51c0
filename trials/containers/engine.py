"""A container engine of its own: dockerd in a network, process and mount namespace, with a data folder that is kept."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from attacks.shut_in import raise_loopback
from trials.containers.images import CACHE, Builder
from trials.releases import TrialFailed

_START_SECONDS, _STOP_SECONDS = 60, 40
#: Everything that dies with the first process of the namespace: the engine, its containers, its mounts.
_INSIDE = ("unshare", "--net", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc")


def run_inside(module: str, arguments: Sequence[str]) -> int:
    """Run a module of ours in namespaces of its own and return its code; passes Ctrl-C and `kill` on, and waits."""
    command = [*_INSIDE, sys.executable, "-m", module, *arguments]
    # In a group of its own: the terminal's Ctrl-C reaches this process alone, which says so to those inside.
    process = subprocess.Popen(command, start_new_session=True)

    def pass_on(_sign: int, _frame: object) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)

    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, pass_on)
    try:
        return process.wait()
    finally:
        _sweep_control_groups()


def _sweep_control_groups() -> None:
    """Remove the empty control groups that containers leave when they are killed with their namespace."""
    groups = Path("/sys/fs/cgroup")
    for folder in (*groups.glob("jejak-trial"), *groups.glob("*/jejak-trial")):
        for inner in sorted(folder.glob("**/"), reverse=True):
            with suppress(OSError):
                inner.rmdir()


class Engine:
    """A running dockerd."""

    def __init__(self, socket: Path) -> None:
        self._host = f"unix://{socket}"

    @property
    def address(self) -> dict[str, str]:
        """The variables with which `docker` finds it."""
        return {"DOCKER_HOST": self._host, "DOCKER_CONFIG": str(CACHE / "client")}

    @property
    def environment(self) -> dict[str, str]:
        """All variables of a process that asks it."""
        return {**os.environ, **self.address}

    def run(self, *arguments: str, folder: Path | None = None, limit_seconds: float = 300) -> str:
        """Run `docker` and return what it prints. Raises TrialFailed with its last lines."""
        done = subprocess.run(
            ["docker", *arguments],
            # As a shell that went there: compose names files by the folder's name, not by where a link leads.
            env=self.environment | ({"PWD": str(folder)} if folder else {}),
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=limit_seconds,
            stdin=subprocess.DEVNULL,
            # Ctrl-C ends the trial, not its taking down.
            start_new_session=True,
        )
        if done.returncode:
            said = (done.stdout + done.stderr).strip().splitlines()[-15:]
            raise TrialFailed(
                f"`docker {' '.join(arguments)[:120]}` ended with {done.returncode}:\n" + "\n".join(said)
            )
        return done.stdout.strip()

    def take(self, images: Sequence[str], builder: Builder) -> None:
        """Load images from podman's store, those that are not there yet in the same state. Raises TrialFailed."""
        for name in images:
            stamp = CACHE / "loaded" / name.replace("/", "+")
            stamp.parent.mkdir(exist_ok=True)
            newest = builder.run("image", "inspect", "--format", "{{.Id}}", name)
            if stamp.exists() and stamp.read_text() == newest and self._holds(name):
                continue
            archive = CACHE / "archive.tar"
            builder.run("save", "--quiet", "--output", str(archive), name)
            self.run("load", "--quiet", "--input", str(archive))
            archive.unlink()
            stamp.write_text(newest)

    def _holds(self, image: str) -> bool:
        try:
            self.run("image", "inspect", image)
        except TrialFailed:
            return False
        return True


@contextmanager
def running_engine() -> Iterator[Engine]:
    """Start dockerd; at the end all its containers, volumes and networks are gone. Raises TrialFailed."""
    with ExitStack() as until_done:
        lock = until_done.enter_context((CACHE / "lock").open("w"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise TrialFailed("another trial of containers is running on this machine") from None
        raise_loopback()
        folder = Path(until_done.enter_context(tempfile.TemporaryDirectory(prefix="jejak-engine-")))
        log = until_done.enter_context((CACHE / "dockerd.log").open("w"))
        process = subprocess.Popen(
            _command(folder),
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        until_done.callback(_end, process)
        engine = Engine(folder / "docker.sock")
        _await(engine, process)
        _forget(engine)
        until_done.callback(_forget, engine)
        yield engine


def _command(folder: Path) -> list[str]:
    files, processes = (
        resource.getrlimit(which)[1] for which in (resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC)
    )
    return [
        "dockerd",
        f"--data-root={CACHE / 'engine'}",
        f"--exec-root={folder / 'exec'}",
        f"--pidfile={folder / 'docker.pid'}",
        f"--host=unix://{folder / 'docker.sock'}",
        "--cgroup-parent=/jejak-trial",
        # It may not raise a limit above the hard one.
        f"--default-ulimit=nofile={files}:{files}",
        f"--default-ulimit=nproc={processes}:{processes}",
    ]


def _await(engine: Engine, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_SECONDS
    while True:
        with suppress(TrialFailed, subprocess.TimeoutExpired):
            engine.run("version", limit_seconds=5)
            return
        if process.poll() is not None or time.monotonic() > until:
            raise TrialFailed(f"dockerd did not start: see {CACHE / 'dockerd.log'}")
        time.sleep(0.2)


def _forget(engine: Engine) -> None:
    """Remove what is not an image."""
    with suppress(TrialFailed, subprocess.TimeoutExpired):
        if left := engine.run("ps", "--all", "--quiet"):
            engine.run("rm", "--force", "--volumes", *left.split())
        engine.run("volume", "prune", "--all", "--force")
        engine.run("network", "prune", "--force")
        engine.run("image", "prune", "--force")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_SECONDS)
    process.kill()
    process.wait()

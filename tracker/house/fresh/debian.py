"""A bare Debian in a folder: built by mmdebstrap, entered through namespaces, removed without a trace."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TypeVar

from tracker.house.fresh import registries
from tracker.processes import bound_to_parent

#: Debian's packages for what the README asks of a machine.
PACKAGES = ("python3-venv", "make", "ca-certificates")
BUILD_SECONDS = 15 * 60
#: For what takes seconds on a quiet machine.
SHORT_SECONDS = 120
STOP_SECONDS = 20
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#: Runs as the first process of the bare Debian, in a mount and a process namespace: it makes the folder the root
#: (a mere chroot could not start PostgreSQL, which needs a user namespace) and then buries orphans, as init does.
_FIRST_PROCESS = """
set -e
mount --bind "$0" "$0"
mount --types proc proc "$0/proc"
mount --rbind /sys "$0/sys"
mount --rbind /dev "$0/dev"
cd "$0"
pivot_root . .
umount --lazy .
echo ready
while :; do sleep 3600 & wait; done
"""


class Failed(Exception):
    """A step ended badly or took too long; the message is a sentence that says which."""


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads a group: politely, then by force, and with it what is left of the group."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def perform(command: list[str], *, limit_seconds: float, stdin: IO[bytes] | int = subprocess.DEVNULL) -> None:
    """Run a command in a group of its own and show what it prints. Raises Failed."""
    process = subprocess.Popen(command, stdin=stdin, start_new_session=True)
    try:
        code = process.wait(limit_seconds)
    except subprocess.TimeoutExpired:
        raise Failed(f"`{command[0]}` took longer than {limit_seconds:.0f} s") from None
    finally:
        end(process)
    if code:
        raise Failed(f"`{command[0]}` ended with {code}")


class BareDebian:
    """A root folder with a Debian in it, and its first process. It has the machine's network and devices."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self._first: subprocess.Popen[bytes] | None = None

    def build(self, packages: Sequence[str] = PACKAGES) -> None:
        """Install this machine's release of Debian with the packages and what they need. Raises Failed."""
        release = release_of_machine()
        sources = registries.apt_sources(release)
        # What is removed within the hour need not be flushed to the disk.
        command = ["mmdebstrap", "--variant=minbase", "--dpkgopt=force-unsafe-io"]
        command += [f"--include={','.join(packages)}"]
        command += [f"--aptopt={line}" for line in registries.apt_options().splitlines()]
        perform([*command, release, str(self.root), *sources], limit_seconds=BUILD_SECONDS)

    def start(self) -> None:
        """Start the first process, and tell the bare Debian how to reach the registries. Raises Failed."""
        namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
        command = bound_to_parent([*namespaces, "sh", "-c", _FIRST_PROCESS, str(self.root)], signal.SIGKILL)
        self._first = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
        assert self._first.stdout is not None
        if self._first.stdout.readline() != b"ready\n":
            raise Failed("the bare Debian did not start: are namespaces permitted (`unshare --mount --pid`)?")
        self.tell_registries()

    def tell_registries(self) -> None:
        """Copy into it how this machine reaches the registries. Raises Failed."""
        self.unpack(["tar", "--create", "--dereference", "--ignore-failed-read", "--directory=/",
                     *(str(path.relative_to("/")) for path in registries.files())], Path("/"))  # fmt: skip

    def unpack(self, archiver: list[str], folder: Path) -> None:
        """Unpack the tar archive that a command of the machine prints into a folder. Raises Failed."""
        self.perform(["mkdir", "--parents", str(folder)])
        with subprocess.Popen(archiver, stdout=subprocess.PIPE) as source:
            self.perform(["tar", "--extract", f"--directory={folder}"], stdin=source.stdout)
        if source.returncode:
            raise Failed(f"`{' '.join(archiver[:2])}` ended with {source.returncode}")

    def inside(self, command: list[str], *, folder: Path = Path("/")) -> list[str]:
        """Return a command of the machine that runs the given one inside, in a folder, with a bare environment."""
        assert self._first is not None
        namespaces = Path(f"/proc/{self._first.pid}/ns")
        enter = ["nsenter", f"--mount={namespaces / 'mnt'}", f"--pid={namespaces / 'pid_for_children'}"]
        names = {"PATH": PATH, "HOME": str(Path.home()), "TERM": os.environ.get("TERM", "dumb")}
        environment = {**names, **registries.variables()}
        variables = [f"{name}={value}" for name, value in environment.items()]
        return [*enter, "--", "env", "--ignore-environment", f"--chdir={folder}", *variables, *command]

    def perform(
        self,
        command: list[str],
        *,
        folder: Path = Path("/"),
        limit_seconds: float = SHORT_SECONDS,
        stdin: IO[bytes] | int | None = None,
    ) -> None:
        """Run a command inside. Raises Failed."""
        given = subprocess.DEVNULL if stdin is None else stdin
        perform(self.inside(command, folder=folder), limit_seconds=limit_seconds, stdin=given)

    def remove(self) -> None:
        """End every process inside, and remove the folder. What was mounted goes with the first process."""
        if self._first is not None and self._first.poll() is None:
            # The first process inside is the only child of `unshare`; all others die with it.
            children = Path(f"/proc/{self._first.pid}/task/{self._first.pid}/children").read_text()
            for child in children.split():
                os.kill(int(child), signal.SIGKILL)
            self._first.wait()
        subprocess.run(["rm", "--recursive", "--force", "--one-file-system", self.root.parent], check=False)


D = TypeVar("D", bound=BareDebian)


@contextmanager
def bare_debian(kind: type[D]) -> Iterator[D]:
    """Give a Debian that is yet to be built; at the end nothing of it is left, however the block ends."""
    # `mkdtemp` makes a folder that nobody else can have made before.
    folder = Path(tempfile.mkdtemp(prefix="jejak-fresh-", dir=os.environ.get("TMPDIR", "/var/tmp")))  # noqa: S108
    folder.chmod(0o755)  # apt fetches as a user of its own.
    debian = kind(folder)
    try:
        yield debian
    finally:
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, signal.SIG_IGN)
        debian.remove()


def release_of_machine() -> str:
    """Return the code name of the machine's own release, such as "trixie". Raises Failed when it has none."""
    text = Path("/etc/os-release").read_text(encoding="utf-8")
    for line in text.splitlines():
        name, _, value = line.partition("=")
        if name == "VERSION_CODENAME":
            return value.strip('"')
    raise Failed("this machine does not say which release of Debian it is (/etc/os-release)")

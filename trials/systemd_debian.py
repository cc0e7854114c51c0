"""A Debian with systemd as its first process, in namespaces of its own: services, users, ports and cgroups as on a machine."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from tracker.house.fresh import registries
from tracker.house.fresh.debian import PATH, BareDebian, Failed, end
from tracker.processes import bound_to_parent

#: Beside Debian's smallest system: what its installer leaves on a server.
PACKAGES = ("systemd-sysv", "dbus", "ca-certificates", "iproute2", "procps", "openssl")
BOOT_SECONDS = 60
#: What slirp4netns answers as the name server of its network.
_NAME_SERVER = "10.0.2.3"
#: Runs in all new namespaces: makes the folder the root with file systems of its own, as a container manager does, and
#: becomes systemd. Mounts are shared from the root on, or services would not see their credentials.
_FIRST_PROCESS = """
set -e
mount --make-rprivate /
mount --bind "$0" "$0"
cd "$0"
mount --types proc proc proc
mount --types sysfs sysfs sys
mount --types cgroup2 cgroup2 sys/fs/cgroup
mount --types tmpfs --options mode=755 tmpfs run
mount --types tmpfs --options mode=755 tmpfs dev
for device in null zero full random urandom tty; do touch "dev/$device"; mount --bind "/dev/$device" "dev/$device"; done
mkdir dev/pts dev/shm
mount --types devpts --options newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
mount --types tmpfs tmpfs dev/shm
ln --symbolic pts/ptmx dev/ptmx
ln --symbolic /proc/self/fd dev/fd
for number in 0 1 2; do
    name=$(echo stdin stdout stderr | cut --delimiter=' ' --fields=$((number + 1)))
    ln --symbolic "fd/$number" "dev/$name"
done
pivot_root . .
umount --lazy .
mount --make-rshared /
echo ready
exec env --ignore-environment container=jejak-trial PATH="$PATH" /usr/lib/systemd/systemd --system --log-target=null
"""


class SystemdDebian(BareDebian):
    """A Debian that booted. Its network is its own and reaches out only through slirp4netns, never this machine's services."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._init = 0
        self._network: subprocess.Popen[bytes] | None = None
        self._cgroup = _cgroup_root() / f"jejak-trial-{os.getpid()}"

    def build(self, packages: Sequence[str] = PACKAGES) -> None:
        """Install Debian with systemd and the packages. Raises Failed."""
        super().build(packages)

    @property
    def controllers(self) -> set[str]:
        """The controllers of cgroups that its systemd has: without `memory` no MemoryMax= holds."""
        return set((self._cgroup / "cgroup.controllers").read_text(encoding="ascii").split())

    def start(self) -> None:
        """Boot it, connect its network, and tell it how to reach the registries. Raises Failed."""
        self._cgroup.mkdir()
        kinds = ["mount", "pid", "net", "cgroup", "uts", "ipc"]
        boot = [
            "unshare",
            *(f"--{kind}" for kind in kinds),
            "--fork",
            "--kill-child",
            "sh",
            "-c",
            _FIRST_PROCESS,
        ]
        join = ["sh", "-c", f'echo $$ > "{self._cgroup}/cgroup.procs"; exec "$@"', "sh"]
        command = bound_to_parent([*join, *boot, str(self.root)], signal.SIGKILL)
        self._first = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
        assert self._first.stdout is not None
        if self._first.stdout.readline() != b"ready\n":
            raise Failed("systemd did not start: are namespaces and cgroup2 permitted here?")
        children = Path(f"/proc/{self._first.pid}/task/{self._first.pid}/children").read_text(
            encoding="ascii"
        )
        self._init = int(children.split()[0])
        self._connect()
        self._wait_until_booted()
        self.tell_registries()
        self.write("/etc/resolv.conf", f"nameserver {_NAME_SERVER}\n")

    def _connect(self) -> None:
        """Give its network a way out to the registries."""
        command = [
            "slirp4netns",
            "--configure",
            "--disable-host-loopback",
            "--mtu=1400",
            str(self._init),
            "tap0",
        ]
        self._network = subprocess.Popen(
            bound_to_parent(command),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _wait_until_booted(self) -> None:
        limit = time.monotonic() + BOOT_SECONDS
        while time.monotonic() < limit:
            asked = subprocess.run(
                self.inside(["systemctl", "is-system-running"]), capture_output=True, text=True, check=False
            )
            # Degraded: some unit of Debian's own wants hardware that is not there.
            if asked.stdout.strip() in {"running", "degraded"}:
                return
            time.sleep(0.2)
        raise Failed(f"systemd was not up after {BOOT_SECONDS} s")

    def inside(self, command: list[str], *, folder: Path = Path("/")) -> list[str]:
        """Return a command of the machine that runs the given one inside, in a folder, with a bare environment."""
        names = {"PATH": PATH, "HOME": "/root", "TERM": os.environ.get("TERM", "dumb")}
        environment = {**names, **registries.variables()}
        variables = [f"{name}={value}" for name, value in environment.items()]
        kinds = ["--mount", "--pid", "--net", "--cgroup", "--uts", "--ipc"]
        enter = ["nsenter", f"--target={self._init}", *kinds]
        return [*enter, "--", "env", "--ignore-environment", f"--chdir={folder}", *variables, *command]

    def in_its_network(self, command: list[str]) -> list[str]:
        """Return a command that runs on this machine's files, but in the network of the Debian."""
        return ["nsenter", f"--target={self._init}", "--net", "--", *command]

    def write(self, path: str, text: str, *, mode: int = 0o644) -> None:
        """Write a file inside; its folder is made. Raises Failed."""
        target = self.root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.write_text(text, encoding="utf-8")
        target.chmod(mode)

    def say(self, command: list[str]) -> str:
        """Run a command inside and return what it prints, whatever its end."""
        done = subprocess.run(self.inside(command), capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    def perform(
        self,
        command: list[str],
        *,
        folder: Path = Path("/"),
        limit_seconds: float = 120,
        stdin: IO[bytes] | int | None = None,
    ) -> None:
        """Run a command inside. Raises Failed."""
        super().perform(command, folder=folder, limit_seconds=limit_seconds, stdin=stdin)

    def remove(self) -> None:
        """End every process inside, and remove its folder and its cgroups."""
        if self._network is not None:
            end(self._network)
        if self._init:
            # With it everything inside ends; it would take a polite signal for a wish to start itself anew.
            with suppress(ProcessLookupError):
                os.kill(self._init, signal.SIGKILL)
        if self._first is not None:
            end(self._first)
        super().remove()
        with suppress(OSError):
            (self._cgroup / "cgroup.kill").write_text("1", encoding="ascii")
        for _try in range(20):
            folders = sorted(self._cgroup.rglob("*/"), key=lambda path: len(path.parts), reverse=True)
            with suppress(OSError):
                for folder in [*folders, self._cgroup]:
                    folder.rmdir()
                return
            time.sleep(0.1)


def _cgroup_root() -> Path:
    """Return where this machine's cgroup2 lies. Raises Failed."""
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        _device, folder, kind, *_rest = line.split()
        if kind == "cgroup2":
            return Path(folder)
    raise Failed("this machine has no cgroup2, which systemd needs")

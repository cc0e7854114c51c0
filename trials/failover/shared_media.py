"""Media that all hosts share: GlusterFS, a copy on each of two hosts, and on a third the names alone, so that two of three decide."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

from tracker.house.programs import PROGRAMS
from trials.failover.hosts import NamespaceHost, run
from trials.releases import TrialFailed
from trials.running import wait_until

_VOLUME = "media"
#: A host that says nothing is taken for gone after so long; until then each file waits.
PING_SECONDS = 5
#: What lies beside Jejak's files on a disk of the volume; and what each web leaves there of its release, for everybody.
_NOT_MEDIA = (".glusterfs", ".trashcan", "static")


class SharedMedia:
    """The volume, and where each host sees it."""

    def __init__(self, folder: Path, hosts: list[NamespaceHost]) -> None:
        if PROGRAMS["glusterfs"].find() is None:
            raise TrialFailed("There is no GlusterFS on this machine.")
        self.place, self.hosts = folder / "media", hosts
        self.place.mkdir()

    def make(self) -> None:
        """Make the volume over all hosts, and mount it."""
        for each in self.hosts:
            self._brick_of(each).mkdir(parents=True)
            self._start_service(each)
        first = self.hosts[0]
        for other in self.hosts[1:]:
            self._gluster(first, "peer", "probe", other.address)
        wait_until(self._all_are_peers, "The hosts of the media know each other", within=30)
        bricks = [f"{each.address}:{self._brick_of(each)}" for each in self.hosts]
        addresses = ",".join(each.address for each in self.hosts)
        self._gluster(first, "volume", "create", _VOLUME, "replica", "3", "arbiter", "1", *bricks, "force")
        for name, value in (
            ("auth.allow", addresses),
            ("network.ping-timeout", str(PING_SECONDS)),
            ("cluster.quorum-type", "auto"),
            ("cluster.heal-timeout", "30"),
        ):
            self._gluster(first, "volume", "set", _VOLUME, name, value)
        self._gluster(first, "volume", "start", _VOLUME)
        for each in self.hosts[:2]:
            self._mount(each)
        first.run("chmod", "0700", str(self.place))

    def come_back(self, host: NamespaceHost) -> None:
        """Let a host that has power again take its part; it catches up by itself."""
        self._start_service(host)
        if host in self.hosts[:2]:
            wait_until(lambda: self._is_served_by(host), f"Media of host {host.number}", within=60)
            self._mount(host)

    def _start_service(self, host: NamespaceHost) -> None:
        """Start GlusterFS with what it keeps in the host's own folder."""
        for place, name in (("/var/lib/glusterd", "glusterd"), ("/var/log/glusterfs", "glusterfs-log")):
            (host.folder / name).mkdir(exist_ok=True)
            host.run("mount", "--bind", str(host.folder / name), place)
        host.run("mkdir", "--parents", "/run/gluster")
        host.run("glusterd")
        wait_until(lambda: self._answers(host), f"GlusterFS on host {host.number}", within=30)

    def _mount(self, host: NamespaceHost) -> None:
        host.run("mount", "-t", "glusterfs", f"{host.address}:/{_VOLUME}", str(self.place))
        if "fuse" not in host.run("stat", "--file-system", "--format=%T", str(self.place)):
            raise TrialFailed(f"Host {host.number} does not see the shared media.")

    def _brick_of(self, host: NamespaceHost) -> Path:
        return host.folder / "brick" / "files"

    def _gluster(self, host: NamespaceHost, *arguments: str) -> str:
        return host.run("gluster", "--mode=script", *arguments)

    def _answers(self, host: NamespaceHost) -> bool:
        try:
            return "Number of Peers" in self._gluster(host, "peer", "status")
        except TrialFailed:
            return False

    def _all_are_peers(self) -> bool:
        return all(
            self._gluster(each, "peer", "status").count("Peer in Cluster (Connected)") == len(self.hosts) - 1
            for each in self.hosts
        )

    def _is_served_by(self, host: NamespaceHost) -> bool:
        try:
            said = self._gluster(host, "volume", "status", _VOLUME, f"{host.address}:{self._brick_of(host)}")
        except TrialFailed:
            return False
        return " Y " in said

    def wait_until_whole(self, *, within: float = 120) -> float:
        """Return the seconds until every copy has caught up."""
        return wait_until(self._is_whole, "All copies of the media are the same", within=within)

    def _is_whole(self) -> bool:
        said = self._gluster(self.hosts[0], "volume", "heal", _VOLUME, "info")
        numbers = [
            line.rpartition(" ")[2] for line in said.splitlines() if line.startswith("Number of entries")
        ]
        return numbers == ["0"] * len(self.hosts)

    def copies(self, host: NamespaceHost) -> dict[str, str]:
        """Return the SHA-256 of each file as it lies on a host's own disk."""
        return {name: _digest(path) for name, path in self._files_on(host)}

    def _files_on(self, host: NamespaceHost) -> Iterator[tuple[str, Path]]:
        brick = self._brick_of(host)
        for path in brick.rglob("*"):
            name = path.relative_to(brick)
            if path.is_file() and not name.parts[0].startswith(_NOT_MEDIA):
                yield str(name), path

    def demand_private(self) -> None:
        """Raise TrialFailed where others than Jejak may read: on the disks, or from a machine that is none of the hosts."""
        for host in self.hosts:
            for name, path in self._files_on(host):
                if stat.S_IMODE(path.stat().st_mode) & 0o077:
                    raise TrialFailed(f"{name} on host {host.number} may be read by others")
        elsewhere = self.place.parent / "elsewhere"
        elsewhere.mkdir(exist_ok=True)
        address = f"{self.hosts[0].address}:/{_VOLUME}"
        try:
            run("mount", "-t", "glusterfs", address, str(elsewhere))
            if not list(elsewhere.iterdir()):
                return
        except (TrialFailed, OSError):
            return
        raise TrialFailed("The media can be mounted from a machine that is none of the hosts")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

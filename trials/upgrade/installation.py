"""An installation on one machine: database, broker, two webs, worker and schedule behind nginx, of one tree or another."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from attacks.site import DemoPerson, Site
from tests.tracker.pool import free_port
from tracker.postgres import Cluster
from trials.front import Front
from trials.releases import Tree
from trials.running import Service, status_of, wait_until
from trials.settings import broker_service, prepare_folder, seed_people, settings_of

#: In the order in which a release is put in place.
PARTS = ("web 1", "web 2", "worker", "beat")
_START_SECONDS = 60.0


class UpgradedInstallation:
    """What stays when a release is put in place: folders, database, broker, nginx; and the processes of a release."""

    def __init__(self, folder: Path, cluster: Cluster, ports: list[int]) -> None:
        self.folder, self.cluster = folder, cluster
        self.web_ports = {"web 1": ports[0], "web 2": ports[1]}
        self.broker_port = ports[2]
        self.site = Site(folder, ports[0], ports[3])
        self.front = Front(folder, tls_port=ports[3], http_port=ports[4])
        self.media = folder / "media"
        self.parts: dict[str, Service] = {}

    def statics_of(self, tree: Tree) -> Path:
        """Return where the static files of a release lie: in its image, or beside its code."""
        return self.folder / f"static-{tree.folder.name}"

    def environment(self, tree: Tree, *, as_owner: bool = False, **more: str) -> dict[str, str]:
        """Return the settings of a process of this tree."""
        owner = {"DATABASE_OWNER_URL": self.cluster.owner_url} if as_owner else {}
        told = {"DATABASE_URL": self.cluster.web_url, "STATIC_ROOT": str(self.statics_of(tree))}
        return settings_of(self.site, f"127.0.0.1:{self.broker_port}", owner | told | more)

    def prepare(self, tree: Tree) -> list[DemoPerson]:
        """Make the tables and the demonstration with this tree; return who can sign in."""
        self.migrate(tree)
        return seed_people(tree, self.folder, self.environment(tree, as_owner=True), self.log("setup"))

    def migrate(self, tree: Tree) -> None:
        """Bring the tables to what this tree wants, as its container `migrate` does."""
        environment = self.environment(tree, as_owner=True)
        tree.run("-m", "tracker.entry", "migrate", environment=environment, log=self.log("migrate"))

    def build(self, tree: Tree) -> None:
        """Do what belongs to the image of a release: translations and static files."""
        environment = self.environment(tree)
        tree.run("-m", "tracker.translations", environment=environment, log=self.log("setup"))
        arguments = ("manage.py", "collectstatic", "--no-input")
        tree.run(*arguments, environment=environment, log=self.log("setup"))

    def keep_statics(self, tree: Tree) -> None:
        """Leave the static files of a release that does not do so by itself for pages that stay open (docs/upgrading.md)."""
        shutil.copytree(self.statics_of(tree), self.media / "static", dirs_exist_ok=True)

    def start(self, name: str, tree: Tree) -> float:
        """Start one part of a release; return the seconds until it answers."""
        more = {"HOST": "127.0.0.1", "PORT": str(self.web_ports[name])} if name in self.web_ports else {}
        if name == "beat":
            more = {"BEAT_SCHEDULE": str(self.folder / "beat-schedule")}
        command = [tree.python, "-m", "tracker.entry", name.split()[0]]
        service = Service(
            f"{name} of {tree.title}", command, self.environment(tree, **more), tree.folder, self.log(name)
        )
        self.parts[name] = service
        service.start()
        if name in self.web_ports:
            return self.wait_for_web(name)
        return wait_until(lambda: service.runs, service.title, within=_START_SECONDS)

    def wait_for_web(self, name: str) -> float:
        """Return the seconds until a web process reaches its database."""
        return wait_until(
            lambda: status_of("127.0.0.1", self.web_ports[name], "/health/") == 200,
            self.parts[name].title,
            within=_START_SECONDS,
            meanwhile=self.parts[name].demand,
        )

    def webs(self, *, but: str = "") -> list[str]:
        """Return where the webs listen, all or but one."""
        return [f"127.0.0.1:{port}" for name, port in self.web_ports.items() if name != but]

    def log(self, name: str) -> Path:
        """Return the log of a part."""
        return self.folder / f"{name.replace(' ', '-')}.log"


@contextmanager
def installation(folder: Path) -> Iterator[UpgradedInstallation]:
    """Start what stays: database, broker and nginx; end everything with the block."""
    with ExitStack() as until_done:
        cluster = Cluster(folder / "postgres")
        cluster.start()
        until_done.callback(cluster.stop)
        ports = [free_port() for _ in range(5)]
        made = UpgradedInstallation(folder, cluster, ports)
        prepare_folder(folder)
        for service in (
            broker_service(folder, made.log("valkey"), address="127.0.0.1", port=made.broker_port),
            made.front.service(made.webs()),
        ):
            service.start()
            until_done.callback(service.stop)
        until_done.callback(lambda: [part.stop() for part in made.parts.values() if part.runs])
        yield made

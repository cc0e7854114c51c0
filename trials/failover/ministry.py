"""A ministry that outgrew one machine: two nginx, two web hosts, a third for the broker, a pool, two databases, shared media."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import unquote, urlsplit

from attacks.browser import Browser
from attacks.site import DemoPerson, Site
from tests.tracker.pool import free_port
from trials.failover.databases import Pair, SwitchedPool
from trials.failover.fronts import FrontPair, MovingSite
from trials.failover.hosts import OFFICE, NamespaceHost
from trials.failover.shared_media import SharedMedia
from trials.releases import BASE, Tree, TrialFailed, this_tree
from trials.running import Service, listens, status_of, wait_until
from trials.settings import broker_service, prepare_folder, seed_people, settings_of

WEB_PORT, POOL_PORT, BROKER_PORT, SCANNER_PORT = 8000, 6432, 6379, 3310


class Ministry:
    """Everything that runs, on the trial's own machine and on its hosts."""

    def __init__(self, folder: Path, pair: Pair) -> None:
        self.folder, self.pair, self.tree = folder, pair, this_tree()
        prepare_folder(folder)
        (folder / "media").rmdir()
        self.hosts = [NamespaceHost(number, folder) for number in (1, 2, 3)]
        self.webs, self.third = self.hosts[:2], self.hosts[2]
        self.media = SharedMedia(folder, self.hosts)
        tls_port, http_port = free_port(), free_port()
        self.site = MovingSite(folder, 0, tls_port)
        fronts = [NamespaceHost(number, folder) for number in (4, 5)]
        self.fronts = FrontPair(folder, fronts, tls_port=tls_port, http_port=http_port)
        web = urlsplit(pair.first.web_url)
        self.role, self.password = web.username or "", web.password or ""
        self.pool = SwitchedPool(folder / "pool", POOL_PORT, user=self.role, password=unquote(self.password))

    def environment(self, host: NamespaceHost, *, as_owner: bool = False, **more: str) -> dict[str, str]:
        """Return the settings of a process on a host: of the owner past the pool."""
        if as_owner:
            database = {
                "DATABASE_URL": self.pair.first.web_url,
                "DATABASE_OWNER_URL": self.pair.first.owner_url,
            }
        else:
            pooled = f"postgres://{self.role}:{self.password}@{OFFICE}:{POOL_PORT}/jejak?sslmode=require"
            database = {"DATABASE_URL": pooled, "DATABASE_POOLED": "true"}
        own = {
            "STATE_DIR": str(host.folder / "state"),
            "BEAT_SCHEDULE": str(host.folder / "beat-schedule"),
            "SCANNER": "clamav",
            "CLAMD_ADDRESS": f"{OFFICE}:{SCANNER_PORT}",
            "WEB_WORKERS": "1",
        }
        return settings_of(self.site, f"{self.third.address}:{BROKER_PORT}", database | own | more)

    def log(self, name: str) -> Path:
        """Return the log of a process."""
        return self.folder / f"{name.replace(' ', '-')}.log"

    def manage(self, host: NamespaceHost, *arguments: str, as_owner: bool = False) -> str:
        """Run a command of Jejak on a host and return what it printed. Raises TrialFailed."""
        environment = self.environment(host, as_owner=as_owner)
        return self._tree_on(host).run(*arguments, environment=environment, log=self.log("setup"))

    def _tree_on(self, host: NamespaceHost) -> Tree:
        return Tree(f"host {host.number}", BASE, sys.executable, tuple(host.command([])))

    def start_hosts(self) -> None:
        """Give all hosts power, and make the shared media."""
        for each in self.hosts:
            each.start()
        self.media.make()

    def prepare(self) -> list[DemoPerson]:
        """Make tables and demonstration on the first server, files in the shared media; return who can sign in."""
        first = self.webs[0]
        self.manage(first, "-m", "tracker.translations", as_owner=True)
        self.manage(first, "-m", "tracker.entry", "migrate", as_owner=True)
        owner = self.environment(first, as_owner=True)
        people = seed_people(self._tree_on(first), self.folder, owner, self.log("setup"))
        self.manage(first, "manage.py", "collectstatic", "--no-input", as_owner=True)
        return people

    def start(self) -> None:
        """Start pool, broker, both webs, the second host's worker, the schedule and nginx."""
        self.pool.lead_to(self.pair.first_socket)
        self.pool.start()
        self.start_broker()
        for each in self.webs:
            self.start_web(each)
        self.start_on(self.webs[1], "worker")
        self.start_on(self.webs[1], "beat")
        self.fronts.start(self.addresses)

    @property
    def addresses(self) -> list[str]:
        """Where the webs listen."""
        return [f"{each.address}:{WEB_PORT}" for each in self.webs]

    def start_broker(self) -> None:
        """Start Valkey on the third host; it knows nothing of what it was asked before."""
        service = broker_service(
            self.third.folder, self.log("valkey"), address=self.third.address, port=BROKER_PORT
        )
        service.command = self.third.command(service.command)
        service.start()
        wait_until(
            lambda: listens(self.third.address, BROKER_PORT), "Valkey", within=20, meanwhile=service.demand
        )

    def start_web(self, host: NamespaceHost) -> None:
        """Start the web of a host, and wait until it answers."""
        service = self.start_on(host, "web", HOST=host.address, PORT=str(WEB_PORT))
        wait_until(
            lambda: status_of(host.address, WEB_PORT, "/health/") == 200,
            f"web {host.number}",
            within=90,
            meanwhile=service.demand,
        )

    def start_on(self, host: NamespaceHost, name: str, **more: str) -> Service:
        """Start a process of Jejak on a host; it ends with the host."""
        command = host.command([self.tree.python, "-m", "tracker.entry", name])
        title = f"{name} {host.number}"
        service = Service(title, command, self.environment(host, **more), BASE, self.log(title))
        service.start()
        return service

    def come_back(self, host: NamespaceHost) -> None:
        """Give a fallen host power, and start what it carried; the schedule stays where it went."""
        host.start()
        self.media.come_back(host)
        if host is self.third:
            self.start_broker()
        else:
            self.start_web(host)
            self.start_on(host, "worker")

    def stop(self) -> None:
        """End everything."""
        for each in [*self.fronts.hosts, *self.hosts]:
            if each.is_up:
                with suppress(TrialFailed, subprocess.TimeoutExpired):
                    each.fall()
        if self.pool.service.runs:
            # At once: the clients on fallen hosts never say that they have gone.
            self.pool.service.stop(sign=signal.SIGQUIT)


class WebBrowser(Browser):
    """A browser that goes past nginx to the web of one host."""

    def __init__(self, site: Site, host: NamespaceHost) -> None:
        super().__init__(site, direct=True)
        self._host = host

    def _connected(self) -> HTTPConnection:
        if self._connection is None:
            self._connection = HTTPConnection(self._host.address, WEB_PORT, timeout=60)
        return self._connection

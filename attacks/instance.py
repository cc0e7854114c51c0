"""The installation that is attacked: as in production, behind the nginx that installations have, with the demonstration's data.

Its people and history are the demonstration's, for there would be nothing to steal otherwise; then its clock is put right, and
it serves with ENVIRONMENT=production, in which nobody can tell it from a real one.
"""

from __future__ import annotations

import re
import secrets
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg2

from attacks.browser import Browser
from attacks.site import HOST, DemoPerson, Site, write_certificate
from attacks.weak import WEAK_DATABASE, WEAK_NGINX
from tests.accounts.provider.fake_provider import CLIENT_ID, CLIENT_SECRET, FakeProvider, fake_provider
from tests.evidence.fake_clamd import Clamd
from tracker.postgres import Cluster
from trials.front import Front
from trials.releases import BASE, kept_environment, this_tree
from trials.running import Service, status_of, wait_until

START_SECONDS = 300
UPLOAD_BYTES = 25 * 1024 * 1024
#: In the order in which they are started.
_PROCESSES = ("web", "worker", "beat")
#: Takes one defence away from every process of a weak instance (see there).
_UNDEFENDED = Path(__file__).resolve().parent / "undefended"


@dataclass
class Instance(Site):
    """A Jejak that runs: its addresses, its people, its database and its logs."""

    http_port: int
    cluster: Cluster
    provider: FakeProvider
    #: What every process is told.
    settings: dict[str, str]
    people: list[DemoPerson] = field(default_factory=list)
    #: The defence that it lacks; "" for none.
    without: str = ""
    _running: list[Service] = field(default_factory=list)

    @property
    def state(self) -> Path:
        """Its state folder: settings, logs, mails, media."""
        return self.folder / "state"

    @contextmanager
    def as_the_web(self) -> Iterator[Any]:
        """A cursor with the rights of the web process, as an injection would have it. What is not committed is undone."""
        with _cursor(self.database_url) as cursor:
            yield cursor

    @contextmanager
    def as_the_owner(self) -> Iterator[Any]:
        """A cursor with the rights of the owner of the tables, which no attacker has: to prepare and to judge."""
        with _cursor(self.cluster.owner_url) as cursor:
            yield cursor

    @property
    def database_url(self) -> str:
        """The address with which the web process signs in to its database."""
        return self.settings["DATABASE_URL"]

    @property
    def secret_key(self) -> str:
        """With what the web process signs cookies and sessions."""
        return self.settings["SECRET_KEY"]

    def logs(self) -> str:
        """Return everything that the processes have logged."""
        files = sorted((self.state / "logs").glob("*.log"))
        return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)

    def command(self, *arguments: str) -> str:
        """Run a command of manage.py as the owner, as an operator would, and return what it printed. Raises TrialFailed."""
        owner = {"DATABASE_OWNER_URL": self.cluster.owner_url, "ENV_FILE": ""}
        log = self.folder / "commands.log"
        return this_tree().run("manage.py", *arguments, environment=self.settings | owner, log=log)

    @cached_property
    def routes(self) -> tuple[str, ...]:
        """Every address of the URLconf, with its parameters as <…>."""
        printed = self.command("shell", "--no-imports", "--command", _PRINT_ROUTES)
        return tuple(line for line in printed.splitlines() if line.startswith("/"))

    def route_of(self, path: str) -> str:
        """Return the address of the URLconf to which a path belongs; "" for none."""
        return next((route for route, pattern in self._patterns if pattern.fullmatch(path)), "")

    @cached_property
    def _patterns(self) -> list[tuple[str, re.Pattern[str]]]:
        """The addresses as patterns, those without parameters first."""
        routes = sorted(self.routes, key=lambda route: route.count("<"))
        return [(route, re.compile(re.sub("<[^>]+>", "[^/]+", route))) for route in routes]

    def start(self, without: str = "") -> None:
        """Start nginx and the processes, without one defence where it is named. Raises TrialFailed."""
        self.without = without
        self._change_database(without, undo=False)
        weak = {"PYTHONPATH": str(_UNDEFENDED), "JEJAK_ATTACK_WITHOUT": without} if without else {}
        front = Front(self.folder, self.tls_port, self.http_port, change=WEAK_NGINX.get(without, str))
        self._running = [front.service([f"127.0.0.1:{self.port}"])]
        for name in _PROCESSES:
            log = self.state / "logs" / f"{name}.log"
            command = [this_tree().python, "-m", "tracker.entry", name]
            self._running.append(Service(name, command, self.settings | weak, BASE, log))
        for service in self._running:
            service.start()
        web = self._running[1]
        wait_until(self.answers, "Jejak", within=START_SECONDS, meanwhile=web.demand, every=0.2)

    def stop(self) -> None:
        """Stop nginx and the processes; the database goes on."""
        for service in reversed(self._running):
            if service.runs:
                service.stop()
        self._running = []
        self._change_database(self.without, undo=True)

    def _change_database(self, without: str, *, undo: bool) -> None:
        if (statements := WEAK_DATABASE.get(without)) is None:
            return
        with _cursor(self.cluster.superuser_url) as cursor:
            cursor.execute(statements.undo if undo else statements.do)
            cursor.connection.commit()

    def answers(self) -> bool:
        """Return whether it serves and reaches its database."""
        return status_of("127.0.0.1", self.port, "/health/") == 200


@contextmanager
def _cursor(address: str) -> Iterator[Any]:
    connection = psycopg2.connect(address)
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.rollback()
        connection.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _settings(site: Site, cluster: Cluster, clamd_port: int, provider: FakeProvider) -> dict[str, str]:
    state = site.folder / "state"
    return kept_environment() | {
        "ENV_FILE": "",
        "STATE_DIR": str(state),
        "ENVIRONMENT": "production",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "DATABASE_URL": cluster.web_url,
        "BROKER_URL": f"filesystem://{state}/broker",
        "EMAIL_URL": f"file://{state}/mail",
        "MEDIA_ROOT": str(state / "media"),
        "STATIC_ROOT": str(state / "static"),
        "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
        "SITE_URL": site.origin,
        "TRUSTED_PROXIES": "1",
        "HOST": "127.0.0.1",
        "PORT": str(site.port),
        "SCANNER": "clamav",
        "CLAMD_ADDRESS": f"127.0.0.1:{clamd_port}",
        "MAX_UPLOAD_BYTES": str(UPLOAD_BYTES),
        "REMINDERS_EVERY_SECONDS": "5",
        "PYTHONUNBUFFERED": "1",
        "OIDC_CA_FILE": str(site.folder / "cert.pem"),
        "OIDC_ISSUER": f"{provider.origin}/realm",
        "OIDC_CLIENT_ID": CLIENT_ID,
        "OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "OIDC_NAME_MS": "ID Agensi",
        "OIDC_NAME_EN": "Agency ID",
    }


@contextmanager
def running(without: str = "", *, keep: Path | None = None) -> Iterator[Instance]:
    """Start the installation in a folder that goes with the block. Raises TrialFailed if it does not start.

    One that lacks a defence is attacked to see that an attack can succeed at all.
    """
    with ExitStack() as until_done:
        folder = keep or Path(until_done.enter_context(tempfile.TemporaryDirectory(prefix="jejak-attack-")))
        for name in ("media", "mail", "broker", "static", "logs"):
            (folder / "state" / name).mkdir(parents=True, exist_ok=True)
        shutil.copytree(BASE / "deploy/nginx/pages", folder / "pages", dirs_exist_ok=True)
        write_certificate(folder)
        cluster = Cluster(folder / "postgres")
        cluster.start()
        until_done.callback(cluster.stop)
        clamd = Clamd(("127.0.0.1", 0))
        Thread(target=clamd.serve_forever, daemon=True).start()
        until_done.callback(clamd.shutdown)
        provider = until_done.enter_context(fake_provider(folder))
        site = Site(folder, _free_port(), _free_port())
        settings = _settings(site, cluster, clamd.server_address[1], provider)
        instance = Instance(folder, site.port, site.tls_port, _free_port(), cluster, provider, settings)
        _prepare(instance)
        until_done.callback(instance.stop)
        instance.start(without)
        _give_passkeys(instance)
        yield instance


def _prepare(instance: Instance) -> None:
    """Make the tables and the demonstration, put its clock right, and lay down the static files. Raises TrialFailed."""
    tree, log, people = this_tree(), instance.folder / "setup.log", instance.folder / "people"
    demo = {"ENVIRONMENT": "development", "DEMO": "true", "DATABASE_OWNER_URL": instance.cluster.owner_url}
    environment = instance.settings | demo
    for command in (
        ("-m", "tracker.entry", "migrate"),
        ("manage.py", "seed_demo", "--people-file", str(people)),
        ("-m", "tracker.translations"),
        ("manage.py", "collectstatic", "--no-input"),
    ):
        tree.run(*command, environment=environment, log=log)
    with instance.as_the_owner() as cursor:
        cursor.execute(_PUT_RIGHT)
        cursor.connection.commit()
    lines = people.read_text(encoding="utf-8").splitlines()
    instance.people = [DemoPerson(*line.split("\t")) for line in lines if line.strip()]
    # What nginx must not serve.
    told = "".join(f"{name}={value}\n" for name, value in instance.settings.items())
    (instance.state / "web.env").write_text(told, encoding="utf-8")


def _give_passkeys(instance: Instance) -> None:
    """Let MAPO's people add the second factor that production demands of them."""
    for person in instance.people:
        if person.role in {"administrator", "reviewer"}:
            Browser(instance).sign_in(person).add_passkey()


_PRINT_ROUTES = """
from django.urls import URLResolver, get_resolver
def walk(resolver, before):
    for each in resolver.url_patterns:
        route = before + str(each.pattern).removeprefix("^").removesuffix("$")
        walk(each, route) if isinstance(each, URLResolver) else print(route)
walk(get_resolver(), "/")
"""

#: A demonstration's clock runs elsewhere, and production would not start on it.
_PUT_RIGHT = """ALTER TABLE audit_clock DISABLE TRIGGER USER; UPDATE audit_clock SET is_demo = false, "offset" = '0';
ALTER TABLE audit_clock ENABLE TRIGGER USER"""

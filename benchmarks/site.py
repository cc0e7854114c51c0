"""A database at a level of history and a gunicorn that serves it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psycopg2

from tests.databases import Databases, named
from tracker.postgres import OWNER_ROLE, Cluster

BASE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Database:
    """A seeded database: its addresses, and what the seeding told (sessions and paths to measure)."""

    owner_url: str
    web_url: str
    facts: dict[str, str]


class Builder:
    """Makes databases of growing history on one durable embedded server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cluster = Cluster(folder / "postgres", durable=True)

    @contextmanager
    def running(self) -> Iterator[Builder]:
        self.cluster.start()
        self._let_owner_copy()
        # The template is built in processes that inherit this one's environment.
        os.environ.update(self.environment("jejak"))
        try:
            yield self
        finally:
            self.cluster.stop()

    def environment(self, name: str, *, as_owner: bool = False) -> dict[str, str]:
        """What a process of this database needs; only the owner's hold the owner's address."""
        kept = {
            key: value for key, value in os.environ.items() if key not in {"DATABASE_OWNER_URL", "ENV_FILE"}
        }
        for folder in ("media", "static"):
            (self.folder / folder).mkdir(exist_ok=True)
        kept |= {
            "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
            "ENV_FILE": "",
            "STATE_DIR": str(self.folder),
            "SECRET_KEY": "only-for-benchmarks-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
            "ENVIRONMENT": "test",
            "DEMO": "true",
            "HTTPS": "false",
            "SCANNER": "none",
            "BROKER_URL": "memory://",
            "EMAIL_URL": "memory://",
            # Nobody listens to the queue: that texts are not read out is no news here.
            "LOG_LEVEL": "ERROR",
            "PYTHONWARNINGS": "ignore::UserWarning",
            "MEDIA_ROOT": str(self.folder / "media"),
            "STATIC_ROOT": str(self.folder / "static"),
            "DATABASE_URL": named(self.cluster.web_url, name),
        }
        if as_owner:
            kept |= {
                "DATABASE_OWNER_URL": named(self.cluster.owner_url, name),
                "JEJAK_DATABASE_ROLE": "owner",
            }
        return kept

    def build(self, updates: int) -> str:
        """Return the name of a new database in which each assignment has so many accepted updates."""
        name = self.clone(self._databases.template(), f"bench{updates}")
        self._run("benchmarks.seed", name, str(updates))
        return name

    def build_cycles(self, sizes: Iterable[int]) -> dict[int, str]:
        """Return the names of new databases, by their number of updates over ten cycles of 120 assignments."""
        base = self.clone(self._databases.template(), "cycles")
        self._run("benchmarks.ten_cycles", base)
        names = {}
        for size in sizes:
            names[size] = self.clone(base, f"cycles{size}")
            shutil.copy(self.facts_file(base), self.facts_file(names[size]))
            self._run("benchmarks.ten_cycles", names[size], str(size))
        return names

    def give_texts(self, name: str, documents: int) -> None:
        """Put texts to search, and so many documents, into a database of ten cycles."""
        self._run("benchmarks.search_texts", name, str(documents))

    def give_reminders(self, people: int, assignments: int) -> str:
        """Return the name of a new database in which so many people answer for so many open assignments."""
        name = self.clone(self._databases.template(), f"reminders{people}")
        self._run("benchmarks.reminders_seed", name, str(people), str(assignments))
        return name

    def give_demonstration(self) -> str:
        """Return the name of a new database that holds the demonstration; it writes down no facts."""
        name = self.clone(self._databases.template(), "demonstration")
        self.facts_file(name).write_text("{}", encoding="utf-8")
        command = [sys.executable, "manage.py", "seed_demo"]
        environment = self.environment(name, as_owner=True)
        subprocess.run(command, cwd=BASE, env=environment, check=True, stdout=subprocess.DEVNULL)
        return name

    def give_pack(self, name: str) -> None:
        """Put 1 GB of cited files, and a pack of them that is ready, into a seeded database."""
        self._run("benchmarks.reports_pack_seed", name)

    def give_citations(self, name: str, every: int) -> None:
        """Let one accepted update in so many cite a document, in a seeded database."""
        self._run("benchmarks.reports_tables_seed", name, str(every))

    @property
    def _databases(self) -> Databases:
        return Databases(self.cluster.owner_url, self.cluster.web_url)

    def clone(self, template: str, name: str) -> str:
        """Return the name of a new copy of a database."""
        return self._databases.clone(template, name)

    def _let_owner_copy(self) -> None:
        """Histories are copied in without the triggers that would write them one by one."""
        connection = psycopg2.connect(self.cluster.superuser_url)
        with connection, connection.cursor() as cursor:
            cursor.execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER_ROLE}")
        connection.close()

    def facts_file(self, name: str) -> Path:
        """Where the seeding writes down what to measure."""
        return self.folder / f"{name}.json"

    def facts(self, name: str) -> dict[str, str]:
        """What the seeding wrote down for the measuring."""
        facts: dict[str, str] = json.loads(self.facts_file(name).read_text(encoding="utf-8"))
        return facts

    def count_queries(self, name: str) -> dict[str, float]:
        """The number of queries of each page."""
        command = [sys.executable, "-m", "benchmarks.queries", str(self.facts_file(name))]
        counted = subprocess.run(
            command, cwd=BASE, env=self.environment(name), check=True, stdout=subprocess.PIPE, text=True
        )
        counts: dict[str, float] = json.loads(counted.stdout.splitlines()[-1])
        return counts

    def collect_static(self, name: str) -> None:
        command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
        subprocess.run(command, cwd=BASE, env=self.environment(name), check=True)

    def _run(self, module: str, name: str, *arguments: str) -> None:
        command = [sys.executable, "-m", module, str(self.facts_file(name)), *arguments]
        subprocess.run(command, cwd=BASE, env=self.environment(name, as_owner=True), check=True)


class Site:
    """One gunicorn on a free port of the loopback address."""

    def __init__(self, builder: Builder, name: str, *, workers: int = 2) -> None:
        self.builder = builder
        self.name = name
        self.workers = workers
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @contextmanager
    def serving(self) -> Iterator[Site]:
        command = [
            sys.executable, "-m", "gunicorn", "tracker.wsgi:application", "--config", "python:benchmarks.gunicorn_config",
            "--bind", f"127.0.0.1:{self.port}", "--workers", str(self.workers), "--threads", "4",
        ]  # fmt: skip
        environment = self.builder.environment(self.name)
        self.process = subprocess.Popen(command, cwd=BASE, env=environment)
        try:
            self._wait()
            yield self
        finally:
            self.process.terminate()
            self.process.wait(20)

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=60)

    def worker_pids(self) -> list[int]:
        """The process ids of gunicorn's workers."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(
            encoding="ascii"
        )
        return [int(pid) for pid in children.split()]

    def _wait(self) -> None:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the measured server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port

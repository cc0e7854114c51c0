"""The databases that are measured: how each is made, and what a process needs to work with it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from benchmarks import processes
from tests.databases import Databases as Clones
from tests.databases import named
from tracker.postgres import DATABASE, OWNER_ROLE, Cluster

#: So many databases are made at the same time: nothing is measured meanwhile.
LANES = 2
#: No seed takes longer, no statement of any part runs longer, and none waits longer for a lock.
SEED_SECONDS, STATEMENT_SECONDS, LOCK_SECONDS = 900, 600, 60
#: Words for the server, once: nothing waits for ever. Only the superuser may say so.
LIMITS = {
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "lock_timeout": f"{LOCK_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{STATEMENT_SECONDS}s",
}


@dataclass(frozen=True)
class Recipe:
    """How a database is made: a seed (a module of `benchmarks.seeds`) changes a copy of the source.

    The source is another recipe's name, or empty for a database that has just been migrated. `small` are the arguments
    of a run that only tries the benchmarks out.
    """

    seed: str
    arguments: tuple[object, ...] = ()
    source: str = ""
    small: tuple[object, ...] | None = None


def _one_cycle(updates: int) -> Recipe:
    return Recipe("updates", (updates,), source="one_cycle", small=(min(updates, 20),))


def _ten_cycles(updates: int) -> Recipe:
    return Recipe("histories", (updates,), source="ten_cycles", small=(max(updates // 100, 12_000),))


def _people(people: int, assignments: int) -> Recipe:
    return Recipe("people", (people, assignments))


#: All databases by name. Those that take longest come first, so that they are begun first.
RECIPES = {
    "ten_cycles": Recipe("ten_cycles"),
    "ten_cycles_2.1M": _ten_cycles(2_100_000),
    "one_cycle": Recipe("one_cycle"),
    "one_cycle_5000": _one_cycle(5_000),
    "ten_cycles_210k": _ten_cycles(210_000),
    "texts": Recipe("texts", (20_000,), source="ten_cycles_210k", small=(1_000,)),
    "tables": Recipe("citations", (20,), source="one_cycle_2040"),
    "one_cycle_2040": _one_cycle(2_040),
    "figures_210k": Recipe("figures", ("all",), source="ten_cycles"),
    "pack": Recipe("files", source="one_cycle_1"),
    "people_2000": _people(2_000, 40_000),
    "demonstration": Recipe("demonstration"),
    "people_200": _people(200, 4_000),
    "ten_cycles_21k": _ten_cycles(21_000),
    "figures_2100": Recipe("figures", ("few",), source="ten_cycles"),
    "month_form": Recipe("month_form", source="ten_cycles"),
    "one_cycle_50": _one_cycle(50),
    "one_cycle_1": _one_cycle(1),
    "one_cycle_0": _one_cycle(0),
}


@dataclass(frozen=True)
class Database:
    """A database that is ready: its addresses, and the facts that its seed returned.

    `name` is the recipe's, `clone` the name on the server; `more` are settings that differ from the usual ones.
    """

    name: str
    clone: str
    folder: Path
    owner_url: str
    web_url: str
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def facts_file(self) -> Path:
        """Where the facts lie, as JSON."""
        return self.folder / f"{self.name}.json"

    @property
    def facts(self) -> dict[str, Any]:
        """What the seed returned: sessions, addresses of pages and whatever else is measured."""
        facts: dict[str, Any] = json.loads(self.facts_file.read_text(encoding="utf-8"))
        return facts

    def environment(self, *, as_owner: bool = False) -> dict[str, str]:
        """Return the environment of a process that works with the database; only the owner's may change tables."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        owner = {"DATABASE_OWNER_URL": self.owner_url, "JEJAK_DATABASE_ROLE": "owner"}
        return kept | (owner if as_owner else {}) | {
            "DJANGO_SETTINGS_MODULE": "benchmarks.floor.settings",
            "ENV_FILE": "",
            "STATE_DIR": str(self.folder),
            "SECRET_KEY": "only-for-benchmarks-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
            "ENVIRONMENT": "test",
            "DEMO": "true",
            "HTTPS": "false",
            "SCANNER": "none",
            # A run lasts, and shares the sessions that its databases were made with.
            "IDLE_MINUTES_MAPO": "1440",
            "IDLE_MINUTES_AGENCY": "1440",
            "PROOF_MINUTES": "1440",
            "BROKER_URL": "memory://",
            "EMAIL_URL": "memory://",
            # No worker reads texts out of files here, and the log would say so each time.
            "LOG_LEVEL": "ERROR",
            "PYTHONWARNINGS": "ignore::UserWarning",
            # The clients of a measurement are few people who ask more than people do.
            **dict.fromkeys(
                ("QUOTA_UPLOADS", "QUOTA_UPLOADS_AGENCY", "QUOTA_HEAVY", "QUOTA_HEAVY_AGENCY", "QUOTA_SEARCHES"),
                "1000000",
            ),
            **dict.fromkeys(("QUOTA_UPLOAD_BYTES", "QUOTA_UPLOAD_BYTES_AGENCY"), str(1024**5)),
            "MEDIA_ROOT": str(self.folder / "media"),
            "STATIC_ROOT": str(self.folder / "static"),
            "DATABASE_URL": self.web_url,
        } | self.more  # fmt: skip

    def run(self, module: str, *arguments: object, limit_seconds: float = 300, as_owner: bool = False) -> Any:
        """Run `main` of a module of `benchmarks` in a child process and return its result. Raises `ChildFailed`."""
        environment = self.environment(as_owner=as_owner)
        return processes.run(
            environment, f"benchmarks.{module}", self.facts_file, *arguments, limit_seconds=limit_seconds
        )

    @contextmanager
    def answering(self, module: str, *arguments: object) -> Iterator[processes.ChildProcess]:
        """Start a module of `benchmarks` as a child process that answers requests. Raises `ChildFailed`."""
        name = f"benchmarks.{module}"
        with processes.answering(self.environment(), name, self.facts_file, *arguments) as child:
            yield child


class Databases:
    """Makes databases on one durable embedded server. Each is made once and used by every part that names it."""

    def __init__(self, folder: Path, *, is_small: bool = False) -> None:
        self.folder = folder
        self._is_small = is_small
        self._cluster = Cluster(folder / "postgres", durable=True)
        self._ready: dict[str, Database] = {}
        self._empty = ""

    @contextmanager
    def running(self) -> Iterator[Databases]:
        """Run the server for the length of the block."""
        for name in ("media", "static"):
            (self.folder / name).mkdir()
        self._cluster.start()
        try:
            self._set_up_server()
            # A template is migrated in a process that inherits this one's environment.
            home = self._database("home", DATABASE)
            os.environ.update(home.environment())
            self._empty = self._clones.template()
            home.facts_file.write_text("{}", encoding="utf-8")
            home.run("children.static")
            yield self
        finally:
            self._cluster.stop()

    @property
    def postmaster_pid(self) -> int:
        """The process id of the server's first process."""
        return int((self._cluster.data / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])

    def get(self, name: str) -> Database:
        """Return a database that `make` has made."""
        return self._ready[name]

    def make(self, names: Iterable[str], *, tell: Callable[[str], None]) -> None:
        """Make databases, and those that they are made from, some at the same time. `tell` is told of each.

        Raises `ChildFailed`.
        """
        wanted = with_sources(names)
        waiting = [name for name in RECIPES if name in wanted and name not in self._ready]
        running: dict[Future[Database], str] = {}
        pool = ThreadPoolExecutor(LANES)
        try:
            while waiting or running:
                for name in [name for name in waiting if self._can_start(name)][: LANES - len(running)]:
                    waiting.remove(name)
                    tell(f"making the database {name}")
                    running[pool.submit(self._make, name)] = name
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    self._ready[running.pop(done)] = done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _can_start(self, name: str) -> bool:
        source = RECIPES[name].source
        return not source or source in self._ready

    def _make(self, name: str) -> Database:
        recipe = RECIPES[name]
        source = self._ready.get(recipe.source)
        template = source.clone if source else self._empty
        database = self._database(name, self._clones.clone(template, name.replace(".", "_")))
        facts = source.facts if source else {}
        database.facts_file.write_text(json.dumps(facts), encoding="utf-8")
        arguments = recipe.small if self._is_small and recipe.small else recipe.arguments
        found = database.run(f"seeds.{recipe.seed}", *arguments, limit_seconds=SEED_SECONDS, as_owner=True)
        database.facts_file.write_text(json.dumps(facts | (found or {})), encoding="utf-8")
        return database

    def _database(self, name: str, clone: str) -> Database:
        """Return a database of this server."""
        urls = named(self._cluster.owner_url, clone), named(self._cluster.web_url, clone)
        return Database(name, clone, self.folder, *urls)

    @property
    def _clones(self) -> Clones:
        return Clones(self._cluster.owner_url, self._cluster.web_url)

    def _set_up_server(self) -> None:
        """Set the limits, and let the owner copy histories in without the triggers that would write them row by row."""
        connection = psycopg2.connect(self._cluster.superuser_url, connect_timeout=LOCK_SECONDS)
        connection.autocommit = True
        with connection.cursor() as cursor:
            for setting, value in LIMITS.items():
                cursor.execute(f"ALTER SYSTEM SET {setting} = %s", [value])
            cursor.execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER_ROLE}")
            cursor.execute("SELECT pg_reload_conf()")
        connection.close()


def with_sources(names: Iterable[str]) -> set[str]:
    """Return the names of databases and of all that they are made from."""
    wanted = set(names)
    while missing := {RECIPES[name].source for name in wanted} - wanted - {""}:
        wanted |= missing
    return wanted

"""All processes of a run: PostgreSQL, Valkey, the hostile mail server, and the product's own worker and schedule."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2

from tracker.house.programs import PROGRAMS
from tracker.postgres import Cluster
from tracker.supervisor import Child, Supervisor
from tracker.workers import works_on

BASE = Path(__file__).resolve().parent.parent.parent
START_LIMIT_SECONDS = 20
#: Migrating and seeding take no longer.
PREPARE_LIMIT_SECONDS = 600
#: Turns every so many real seconds instead of every minute, and the shortest lease, so that a run fits into minutes.
EVERY_SECONDS, LEASE_SECONDS = 4, 30


class Machine:
    """One installation in a folder of its own. Whatever it starts ends with it, however it ends."""

    def __init__(self, folder: Path, *, seed: int, pace: float) -> None:
        self.folder = folder
        self.cluster = Cluster(folder / "postgres", durable=True)
        self.mails = folder / "mails.jsonl"
        self._broker_port, self._mail_port = _free_ports(2)
        self._seed, self._pace = seed, pace
        self.supervisor: Supervisor | None = None

    @contextmanager
    def prepared(self) -> Iterator[Machine]:
        """A database with its tables and its seed; nothing of the product runs yet."""
        self.cluster.start()
        try:
            owner = self._environment(as_owner=True)
            _run([sys.executable, "-m", "tracker.entry", "migrate"], owner, self.folder / "migrate.log")
            owner |= {"JEJAK_DATABASE_ROLE": "owner", "DJANGO_SETTINGS_MODULE": "tracker.settings"}
            _run([sys.executable, "-m", "benchmarks.faults.seed"], owner, self.folder / "seed.log")
            yield self
        finally:
            self.cluster.stop()

    @contextmanager
    def running(self) -> Iterator[Supervisor]:
        """Everything runs, kept by the product's own supervisor."""
        with Supervisor([self._broker(), self._mail_server()], _say, self.cluster.keep) as supervisor:
            for port in (self._broker_port, self._mail_port):
                _wait_for(port)
            for name in ("worker", "beat"):
                child = self._helper(name)
                supervisor.children.append(child)
                child.start()
            self.supervisor = supervisor
            yield supervisor

    def child(self, name: str) -> Child:
        """One of the kept processes."""
        assert self.supervisor is not None
        return next(child for child in self.supervisor.children if child.name == name)

    def pid_of(self, name: str) -> int | None:
        """The process itself, or None while it is down."""
        process = self.child(name).process
        return process.pid if process is not None and process.poll() is None else None

    def kept_pid(self, name: str) -> int | None:
        """The process as the supervisor knows it: after a fall, until it has noticed."""
        process = self.child(name).process
        return process.pid if process is not None else None

    def worker_children(self) -> list[int]:
        """The processes in which the tasks of the reminders run: the children of that queue's own worker."""
        workers = [pid for pid in _children_of(self.pid_of("worker")) if works_on("reminders", pid)]
        return [child for pid in workers for child in _children_of(pid)]

    def stop_beat(self) -> Child:
        """End the schedule and do not keep it."""
        assert self.supervisor is not None
        beat = self.child("beat")
        self.supervisor.children.remove(beat)
        if beat.process is not None:
            beat.process.terminate()
            beat.process.wait(START_LIMIT_SECONDS)
            beat.process = None
        return beat

    def start_beat(self, beat: Child) -> None:
        """Start and keep it again."""
        assert self.supervisor is not None
        beat.start()
        self.supervisor.children.append(beat)

    def restart_database(self) -> None:
        """Immediate shutdown, as after a loss of power, and a new start from the write-ahead log."""
        process = self.cluster.process
        assert process is not None
        os.kill(process.pid, signal.SIGQUIT)
        process.wait(START_LIMIT_SECONDS)
        self.cluster.keep()

    def flush_broker(self) -> None:
        """Empty the broker, and with it every queue."""
        with socket.create_connection(("127.0.0.1", self._broker_port), timeout=5) as connection:
            connection.sendall(b"FLUSHALL\r\n")
            if not connection.recv(64).startswith(b"+OK"):
                raise RuntimeError("the broker was not emptied")

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of a statement, as the owner of the tables."""
        return _ask(self.cluster.owner_url, statement, values)

    def move_clock(self, length: timedelta) -> None:
        """Move the demo's clock on, for every process, as `audit.clock.move_to` does."""
        _ask(self.cluster.web_url, "SELECT jejak_move_clock(jejak_now() + %s)", (length,))

    def kill(self, pid: int) -> None:
        """End a process of ours without a word.

        The supervisor waits longer and longer before it starts again what falls often; thirty falls within minutes
        are the run's own doing, so each is its first: the product is soon at work again, for the next fault to hit.
        """
        assert self.supervisor is not None
        for child in self.supervisor.children:
            child.falls = 0
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def _environment(self, *, as_owner: bool = False) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        owner = {"DATABASE_OWNER_URL": self.cluster.owner_url} if as_owner else {}
        return kept | owner | {
            "PYTHONUNBUFFERED": "1",
            "ENV_FILE": "",
            "ENVIRONMENT": "development",
            "DEMO": "true",
            "STATE_DIR": str(self.folder),
            "SECRET_KEY": "only-for-this-proof-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
            "SITE_URL": "http://jejak.example",
            "SCANNER": "none",
            "DATABASE_URL": self.cluster.web_url,
            "BROKER_URL": f"redis://127.0.0.1:{self._broker_port}/0",
            "EMAIL_URL": f"smtp://127.0.0.1:{self._mail_port}",
            "REMINDERS_EVERY_SECONDS": str(EVERY_SECONDS),
            "REMINDERS_LEASE_SECONDS": str(LEASE_SECONDS),
        }  # fmt: skip

    def _broker(self) -> Child:
        program = PROGRAMS["valkey"].find()
        if program is None:
            raise SystemExit("There is no Valkey: run `make faults`, which installs it or says how.")
        command = [
            program,
            "--bind",
            "127.0.0.1",
            "--port",
            str(self._broker_port),
            "--dir",
            str(self.folder),
        ]
        command += ["--save", "", "--appendonly", "no"]
        return Child("valkey", command, self._environment(), self.folder / "valkey.log")

    def _mail_server(self) -> Child:
        command = [sys.executable, "-m", "benchmarks.faults.smtp", str(self.mails)]
        command += ["--port", str(self._mail_port), "--seed", str(self._seed), "--pace", str(self._pace)]
        return Child("mail", command, self._environment(), self.folder / "mail.log")

    def _helper(self, name: str) -> Child:
        command = [sys.executable, "-m", "tracker.entry", name]
        return Child(name, command, self._environment(), self.folder / f"{name}.log")


def _children_of(pid: int | None) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _say(_text: str) -> None:
    """What falls here was pushed: the run prints that itself."""


def _run(command: list[str], environment: dict[str, str], log: Path) -> None:
    with log.open("ab") as output:
        done = subprocess.run(
            command,
            cwd=BASE,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
            timeout=PREPARE_LIMIT_SECONDS,
        )
    if done.returncode:
        raise SystemExit(f"{' '.join(command[1:])} ended with {done.returncode}:\n{log.read_text()[-2000:]}")


def _ask(url: str, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        connection.close()


def _free_ports(count: int) -> list[int]:
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def _wait_for(port: int) -> None:
    limit = time.monotonic() + START_LIMIT_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > limit:
                raise SystemExit(f"nothing listens on port {port}") from None
            time.sleep(0.05)

"""A database with a replica that takes over, and the pool that is told where to go."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import psycopg2

from attacks.site import write_certificate
from tracker.house.programs import PROGRAMS
from tracker.postgres import DATABASE, Cluster, as_server, binary, spawn_server
from trials.releases import BASE, TrialFailed, kept_environment
from trials.running import Service, listens, wait_until

REPLICA = "replica"


class Pair:
    """The server that people write to, and one that follows it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.first = Cluster(folder / "postgres")
        self.data = folder / "replica"
        self.socket = tempfile.mkdtemp(prefix="jejak-", dir="/tmp")
        self.follower: subprocess.Popen[bytes] | None = None

    @property
    def first_socket(self) -> str:
        """The folder of the first server's socket."""
        return unquote(urlsplit(self.first.web_url).query.partition("host=")[2])

    def follow(self, *, synchronous: bool) -> None:
        """Copy the first server and let the copy follow; from then on each commit waits for it, or not."""
        address = urlsplit(self.first.superuser_url)
        told = f"host={self.first_socket} user=postgres application_name={REPLICA}"
        command = [
            binary("pg_basebackup"),
            "-D",
            str(self.data),
            "-X",
            "stream",
            "-R",
            "-c",
            "fast",
            "-d",
            told,
        ]
        environment = kept_environment() | {"PGPASSWORD": unquote(address.password or "")}
        done = subprocess.run(
            as_server(command), env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise TrialFailed(f"pg_basebackup: {done.stderr[-500:]}")
        with (self.folder / "replica.log").open("ab") as log:
            server = [binary("postgres"), "-D", str(self.data), "-k", self.socket, "-c", "listen_addresses="]
            self.follower = spawn_server(server, log, folder=self.folder)
        self.let_commits_wait(synchronous)

    def let_commits_wait(self, is_wanted: bool) -> None:
        """Let each commit wait until the replica has it on its disk, or no longer."""
        names = REPLICA if is_wanted else ""
        self.ask(self.first_socket, f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        self.ask(self.first_socket, "SELECT pg_reload_conf()")
        wanted = "sync" if is_wanted else "async"
        wait_until(lambda: self._state() == wanted, "The replica follows", within=60)

    def _state(self) -> str:
        rows = self.ask(
            self.first_socket, "SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'"
        )
        return str(rows[0][0]) if rows else ""

    def fall(self) -> None:
        """Take the power from the first server."""
        assert self.first.process is not None
        os.kill(self.first.process.pid, signal.SIGKILL)
        self.first.process.wait()

    def promote(self) -> None:
        """Let the replica take over, and wait until it accepts writes."""
        self.ask(self.socket, "SELECT pg_promote(true, 30)")

    def url_of_replica(self, url: str) -> str:
        """Return the address of the same role on the replica."""
        return url.replace(quote(self.first_socket, safe="/"), self.socket)

    def ask(self, place: str, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of a statement, asked as the superuser of the server with this socket."""
        password = unquote(urlsplit(self.first.superuser_url).password or "")
        connection = psycopg2.connect(host=place, dbname=DATABASE, user="postgres", password=password)
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def stop(self) -> None:
        """End both."""
        if self.follower is not None:
            self.follower.send_signal(signal.SIGINT)
            self.follower.wait(60)
        self.first.stop()
        for file in Path(self.socket).glob("*"):
            file.unlink(missing_ok=True)
        Path(self.socket).rmdir()


class SwitchedPool:
    """PgBouncer with the product's own configuration, which can be led to another server."""

    def __init__(self, folder: Path, port: int, *, user: str, password: str) -> None:
        program = PROGRAMS["pgbouncer"].find()
        if program is None:
            raise TrialFailed("There is no PgBouncer on this machine.")
        self.folder, self.port = folder, port
        folder.mkdir()
        folder.chmod(0o755)
        write_certificate(folder)
        (folder / "key.pem").chmod(0o644)
        (folder / "userlist.txt").write_text(f'"{user}" "{password}"\n', encoding="utf-8")
        command = [program, "--user", "nobody", str(folder / "pool.ini")]
        self.service = Service(
            "pgbouncer", command, kept_environment(), folder, folder.parent / "pgbouncer.log"
        )

    def lead_to(self, place: str) -> None:
        """Lead all connections to the server with this socket; who waits goes on there."""
        # It runs as nobody, and only this machine's own trial goes through.
        os.chmod(place, 0o711)  # noqa: S103 - see above
        os.chmod(f"{place}/.s.PGSQL.5432", 0o777)  # noqa: S103
        text = (BASE / "deploy/pgbouncer/pgbouncer.ini").read_text(encoding="utf-8")
        for told, here in (
            ("jejak = host=127.0.0.1 port=5432 dbname=jejak", f"* = host={place} port=5432"),
            ("listen_addr = 127.0.0.1", "listen_addr = 0.0.0.0"),
            (
                "listen_port = 6432",
                f"listen_port = {self.port}\nunix_socket_dir =\nclient_tls_sslmode = require\n"
                f"client_tls_key_file = {self.folder}/key.pem\nclient_tls_cert_file = {self.folder}/cert.pem",
            ),
            ("/etc/pgbouncer/userlist.txt", f"{self.folder}/userlist.txt"),
        ):
            if told not in text:
                raise TrialFailed(f"deploy/pgbouncer/pgbouncer.ini no longer says {told}")
            text = text.replace(told, here)
        (self.folder / "pool.ini").write_text(text, encoding="utf-8")
        if self.service.process is not None:
            self.service.process.send_signal(signal.SIGHUP)

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self.service.start()
        wait_until(self._listens, "PgBouncer", within=20, meanwhile=self.service.demand)

    def _listens(self) -> bool:
        time.sleep(0.1)
        return listens("127.0.0.1", self.port)
